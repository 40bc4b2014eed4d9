"""Confidential reviews, for the tests of every way in."""
