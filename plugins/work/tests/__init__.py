"""Tests of the work plugin."""
