"""Imports in a real browser: the file, its columns, the check, the import and the way back."""
