"""Waiting for where an act leads: to a page that is loaded, or to content that is drawn anew."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from playwright.sync_api import Page

_MARK = "() => document.getElementById('content')?.setAttribute('data-left', '')"
# While one page gives way to the next there is no element at all for a moment.
_ARRIVED = """() => document.documentElement?.dataset.ready === 'true'
    && document.querySelector('[data-left]') === null"""


@contextlib.contextmanager
def followed(page: Page) -> Iterator[None]:
    """Wait until what is done inside has led on, and the scripts of the page are bound.

    Args:
        page: a page with the frame of the product.

    Raises:
        TimeoutError: the content is still the same.
    """
    page.evaluate(_MARK)
    yield
    page.wait_for_function(_ARRIVED)
