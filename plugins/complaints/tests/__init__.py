"""Tests of the complaints plugin."""
