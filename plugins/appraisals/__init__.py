"""Appraisals (绩效考核): sheets that are filled in, signed and released, and what follows."""
