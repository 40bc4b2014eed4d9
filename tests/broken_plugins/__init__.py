"""Plugins broken on purpose, one for each stage; none of them may stop the rest."""
