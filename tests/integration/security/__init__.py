"""Attacks on the finished product: every address, every role, hostile content, privilege."""
