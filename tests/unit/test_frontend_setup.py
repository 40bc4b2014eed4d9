"""The set-up of the front-end parts finds what it reads in the checkout.

A machine where everything is set up never runs this path again, so a moved file would be noticed
on fresh machines only.
"""

from __future__ import annotations

from scripts import frontend


def test_the_icons_that_pages_name_are_found() -> None:
    names = frontend._icon_names()

    assert {"search", "x"} <= set(names)
