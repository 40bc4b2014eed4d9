"""Filters, order and paging of lists, as data and as SQL."""
