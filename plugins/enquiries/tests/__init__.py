"""Tests of the enquiries plugin."""
