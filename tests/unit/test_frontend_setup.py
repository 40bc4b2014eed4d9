"""The set-up of the front-end parts finds what it reads in the checkout.

A machine where everything is set up never runs this path again, so a moved file would be noticed
on fresh machines only.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import frontend


def test_the_icons_that_pages_name_are_found() -> None:
    names = frontend._icon_names()

    assert {"search", "x"} <= set(names)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[bool]:
    """Each installation, as whether it was one for development; nothing is installed."""
    found: list[bool] = []
    monkeypatch.setattr(frontend, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(frontend, "INSTALLED", tmp_path / "installed")
    monkeypatch.setattr(frontend, "install_packages", found.append)
    monkeypatch.setattr(frontend, "copy_files", lambda: None)
    return found


def test_what_only_development_needs_is_left_out_by_default(asked: list[bool]) -> None:
    assert frontend.main([]) == 0
    assert frontend.main([]) == 0
    assert asked == [False]


def test_development_gets_the_rest_although_the_pages_have_what_they_need(
    asked: list[bool],
) -> None:
    frontend.main([])
    frontend.main(["--development"])
    assert asked == [False, True]


def test_what_development_has_is_enough_to_run(asked: list[bool]) -> None:
    frontend.main(["--development"])
    frontend.STAMP.unlink()
    frontend.main([])
    assert asked == [True]
