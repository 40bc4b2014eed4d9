"""Customers without a planned contact: reminder, supervisor, another person."""
