"""It imports another plugin."""
