"""It claims permissions of others."""
