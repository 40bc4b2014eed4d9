"""Packages of the broken plugins, and two that are well."""
