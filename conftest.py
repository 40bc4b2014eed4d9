"""Fixtures and reporting for every test of the product and of its plugins."""

pytest_plugins = ["tests.services.fixtures", "tests.services.reporting", "app.sdk.testing"]
