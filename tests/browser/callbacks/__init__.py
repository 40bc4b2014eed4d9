"""Callbacks in a real browser."""
