"""Well by itself; its class has the name of a class of another plugin."""
