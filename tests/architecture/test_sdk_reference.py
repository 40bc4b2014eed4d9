"""The reference of the sdk says what the code says, and leaves nothing out."""

from __future__ import annotations

import griffe
import pytest
from griffe import DocstringSectionKind as Section

from scripts import sdk_reference
from scripts.sdk_examples import examples

# What the introduction of the reference says of all functions.
_EVERYWHERE = {"self", "session", "actor"}


@pytest.fixture(scope="module")
def modules():
    return sdk_reference.modules()


def _offered(modules):
    return [
        (module, name, item) for module, found in modules.items()
        for name, item in sdk_reference.exported(found)
    ]


def test_the_pages_are_up_to_date() -> None:
    """``python -m scripts.sdk_reference`` writes them; a changed signature changes a page."""
    kept = {path.name: path.read_text(encoding="utf-8")
            for path in sdk_reference.FOLDER.iterdir()}
    assert kept == sdk_reference.pages()


def test_every_name_says_what_it_is(modules) -> None:
    offered = _offered(modules)
    assert len(offered) > 300
    silent = [f"{module}.{name}" for module, name, item in offered
              if item is not None and not item.docstring]
    assert silent == []


def test_every_argument_of_a_function_is_described(modules) -> None:
    silent = [
        f"{module}.{name}: {one.name}" for module, name, item in _offered(modules)
        if isinstance(item, griffe.Function) for one in item.parameters
        if one.name not in _EVERYWHERE
        and one.name not in sdk_reference.documented(item, Section.parameters)
    ]
    assert silent == []


def test_every_name_has_an_example(modules) -> None:
    """A name that no plugin and no tutorial uses has no reason to be there.

    The examples are the code of the tutorial, of shipped plugins and of the probes, which tests
    run.
    """
    known = examples()
    without = [f"{module}.{name}" for module, name, _ in _offered(modules)
               if (module, name) not in known]
    assert without == []


def test_a_call_is_a_better_example_than_an_annotation() -> None:
    found = examples()["app.sdk.records", "Done"]
    assert "Done(" in "".join(found.lines)
