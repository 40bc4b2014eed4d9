"""Generated people and customers, so that a new installation looks like work."""
