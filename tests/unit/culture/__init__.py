"""Cultural context: files, formats, and what is answered for a language tag."""
