"""Figures of the department, counted as records change and not when they are looked at."""
