"""Complaint management (投诉管理)."""
