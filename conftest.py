"""Fixtures and reporting for every test of the product and of its plugins."""

import gc

from hypothesis import settings

pytest_plugins = [
    "tests.services.choosing", "tests.services.fixtures", "tests.services.browsing",
    "tests.services.reporting", "app.testing.plugin_fixtures",
]

# A slow machine makes no law false.
settings.register_profile("careline", deadline=None)
settings.load_profile("careline")

# Mappers, routes and forms live as long as the run; going through all of them again and again for
# the little that a test leaves behind takes a tenth of its time.
gc.set_threshold(50_000, 20, 50)
