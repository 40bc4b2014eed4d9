"""What an administrator sets for each plugin, and the plugin reads."""
