"""A probe of the guide."""
