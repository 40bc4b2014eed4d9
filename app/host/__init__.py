"""The plugin host: finds, orders, checks and loads plugins, and calls their hooks."""
