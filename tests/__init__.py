"""Tests of the product: unit, integration, browser, architecture, conformance."""
