"""Its hook returns views instead of declarations."""
