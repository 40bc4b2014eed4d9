"""Requests of colleagues to other departments (内部需求)."""
