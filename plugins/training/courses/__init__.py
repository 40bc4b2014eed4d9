"""Courses, their materials, and plans."""
