"""Correction calls: whoever got a wrong answer is called again (更正回拨)."""
