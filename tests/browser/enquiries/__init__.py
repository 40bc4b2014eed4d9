"""Enquiries in a real browser."""
