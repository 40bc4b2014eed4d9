"""Its import fails."""

raise RuntimeError("on purpose")
