"""Names that sound alike."""

from __future__ import annotations

import datetime as dt

import pytest

from app.customers.merging.alike import Named, alike
from app.records.search.pinyin import sound_of


def pairs(*names: str) -> list[tuple[int, int]]:
    return [(one.id, other.id) for one, other in alike(
        [Named(key, name) for key, name in enumerate(names, 1)])]


@pytest.mark.parametrize(("one", "other"), [
    ("王小明", "王晓明"), ("张志强", "章志强"), ("李娜", "Li Na"), ("陈建平", "陈建萍"),
    ("林新", "林星"), ("周杰", "邹杰"), ("Jonathan Smith", "Jonathon Smith"), ("José", "Jose")])
def test_alike(one, other):
    assert pairs(one, "赵六", other, "欧阳修") == [(1, 3)]


@pytest.mark.parametrize(("one", "other"), [
    ("王小明", "王大明"), ("李娜", "李明"), ("王小明", "王小明"), ("", ""), ("张伟", "王伟")])
def test_not_alike_or_the_same(one, other):
    assert pairs(one, other) == []


@pytest.mark.parametrize(("one", "other", "is_pair"), [
    ({"phone": "a"}, {"phone": "b"}, False), ({"phone": "a"}, {}, True),
    ({"id_number": "a"}, {"id_number": "b"}, False), ({"phone": "a"}, {"id_number": "b"}, True),
    ({"born_on": dt.date(1990, 1, 1)}, {"born_on": dt.date(1991, 1, 1)}, False)])
def test_what_tells_two_people_apart(one, other, is_pair):
    found = list(alike([Named(1, "王小明", **one), Named(2, "王晓明", **other)]))
    assert bool(found) is is_pair


def test_those_most_alike_come_first():
    assert pairs("Jonathan Smith", "Jonathon Smith", "李娜", "李那") == [(3, 4), (1, 2)]


def test_a_name_sounds_as_it_is_read():
    assert sound_of("王小明") == "wang xiao ming" and sound_of("  Li NA ") == "li na"
