"""Drills: somebody practises, an observer goes through a checklist."""
