"""The log of follow-ups at the approval department."""
