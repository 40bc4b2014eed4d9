"""The home page, search, the command palette and notifications."""
