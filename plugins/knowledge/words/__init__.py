"""Forbidden words (服务忌语)."""
