"""Sensitive columns: encrypted at rest, found by a blind index, masked until revealed."""
