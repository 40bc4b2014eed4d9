"""Which events book tutoring, and the tutoring that they book."""
