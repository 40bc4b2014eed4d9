"""Callbacks to customers (客户回访)."""
