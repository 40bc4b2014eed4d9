"""What an import has written: keys as ranges, and several changes of a row as one."""

from __future__ import annotations

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from app.access.models import AuditEntry
from app.records.importing.dependents import Created, as_one
from app.records.importing.models import ImportedRecords
from app.records.importing.written import runs

KEYS = st.sets(st.integers(1, 60), max_size=40)


@settings(deadline=None)
@given(keys=KEYS)
def test_ranges_hold_the_keys_and_no_others(keys: set[int]) -> None:
    found = list(runs(keys))
    assert {one for first, last in found for one in range(first, last + 1)} == keys
    # As few as there can be: between two of them lies a key of somebody else.
    assert all(second[0] - first[1] > 1 for first, second in itertools.pairwise(found))


@settings(deadline=None)
@given(keys=KEYS, others=KEYS)
def test_what_an_import_created_is_known_by_kind_and_key(keys: set[int], others: set[int]) -> None:
    created = Created([
        ImportedRecords(record_type=kind, first_id=first, last_id=last)
        for kind, found in (("a.a", keys), ("b.b", others)) for first, last in runs(found)
    ])
    for one in range(62):
        assert (("a.a", one) in created) == (one in keys)
        assert (("b.b", one) in created) == (one in others)
    assert ("c.c", 1) not in created and ("a.a", None) not in created


def entry(**changes: list[str]) -> AuditEntry:
    return AuditEntry(action="change", record_type="a.a", record_id=1, number="A-1",
                      change_set="s", changes=changes)


def test_several_changes_of_a_row_lead_from_the_first_value_to_the_last() -> None:
    newest_first = [entry(x=["2", "3"], z=["", "1"]), entry(x=["1", "2"], y=["a", "b"])]
    assert as_one(newest_first).changes == {"x": ["1", "3"], "y": ["a", "b"], "z": ["", "1"]}


def test_a_change_that_was_erased_by_law_leaves_nothing_to_go_back_to() -> None:
    erased = AuditEntry(action="change", record_type="a.a", record_id=1, number="", change_set="s",
                        changes=None)
    assert as_one([entry(x=["1", "2"]), erased]).changes is None
    assert as_one([erased, entry(x=["1", "2"])]).changes is None
