"""Imports by the form of a record."""
