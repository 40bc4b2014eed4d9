"""It asks for a contract of the future."""
