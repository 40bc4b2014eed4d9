"""Calls as the telephone system has counted them."""
