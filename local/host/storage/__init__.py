"""Blob and queue triggers, and the blob and queue bindings of every function."""
