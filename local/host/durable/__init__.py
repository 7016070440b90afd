"""Durable Functions for the local host: orchestrations, activities and entities, their history kept in SQLite."""
