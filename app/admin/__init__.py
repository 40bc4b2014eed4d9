"""The core's own screens, built on the sdk and registered by hooks like any plugin's."""
