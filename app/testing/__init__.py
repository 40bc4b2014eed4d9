"""Fixtures for the tests of plugins."""
