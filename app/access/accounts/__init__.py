"""Accounts and roles: what can be done with them."""
