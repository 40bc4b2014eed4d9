"""Saved views and the tabs above a list."""
