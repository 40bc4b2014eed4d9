"""Screens of records with a workflow."""
