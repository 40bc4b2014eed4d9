"""Tests of loan applications."""
