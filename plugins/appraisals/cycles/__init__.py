"""Cycles of appraisals, and which form a post has."""
