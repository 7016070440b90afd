"""A conversation in two languages, played through the public interfaces of a stack of its own."""
