"""Departments, teams, staff and absence."""
