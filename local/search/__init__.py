"""Stands in for Azure AI Search on one machine."""
