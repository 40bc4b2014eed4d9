"""Browser tests of appraisals."""
