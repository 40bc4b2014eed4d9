"""``flask plugin new``: a plugin from a short declaration of its fields."""
