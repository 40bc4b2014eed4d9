"""Repair reports and rescue calls (报修, 救援)."""
