"""It looks behind the sdk."""
