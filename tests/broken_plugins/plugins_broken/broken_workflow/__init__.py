"""A transition of its workflow leads nowhere."""
