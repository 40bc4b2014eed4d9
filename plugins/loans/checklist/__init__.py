"""The documents of an application: handed in, checked, still to be brought."""
