"""The rules of appraisals without database and web."""
