"""Sheets: filled in, rated, objected to, signed and released."""
