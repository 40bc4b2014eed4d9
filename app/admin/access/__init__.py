"""Screens of accounts and roles."""
