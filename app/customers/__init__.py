"""Customers with their vehicles and loans."""
