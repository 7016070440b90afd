"""Blobs and what is in them."""
