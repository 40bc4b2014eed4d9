"""Calibration before the release: final scores of a cycle, adjusted as one change set."""
