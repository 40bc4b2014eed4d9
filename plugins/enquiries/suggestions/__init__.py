"""Suggestions of customers (客户建议)."""
