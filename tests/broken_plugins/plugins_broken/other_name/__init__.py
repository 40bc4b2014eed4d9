"""Its name differs from its folder."""
