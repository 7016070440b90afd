"""How to speak with customers of a language and a region: what to write, what to avoid, how dates and sums look."""
