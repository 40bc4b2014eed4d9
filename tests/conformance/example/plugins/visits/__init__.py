"""Showroom visits: the plugin of the tutorial in docs/plugin-authors.md."""
