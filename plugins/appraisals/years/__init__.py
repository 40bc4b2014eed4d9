"""The year's result of a person, computed from the released months by a rule of that year."""
