"""The complaint scenario in a real browser."""
