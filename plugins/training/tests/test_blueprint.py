"""A draw never has too few, too many or repeated questions, and fits its blueprint."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.training.exams.blueprint import (
    ANY,
    BankItem,
    BankTooSmall,
    Part,
    Shortage,
    draw,
    shortages,
)

LEVELS = ("easy", "medium", "hard")
banks = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(LEVELS)), max_size=40).map(
    lambda rows: [BankItem(key, *row) for key, row in enumerate(rows, start=1)])
blueprints = st.lists(
    st.builds(Part, st.integers(1, 3), st.integers(1, 8), st.sampled_from((ANY, *LEVELS)),
              st.integers(1, 5)), max_size=6)


@given(banks, blueprints, st.integers())
def test_a_draw_fits_its_blueprint_or_is_refused(bank, parts, seed):
    try:
        drawn = draw(parts, bank, random.Random(seed))
    except BankTooSmall as error:
        assert error.shortages == tuple(shortages(parts, bank)) != ()
        return
    assert shortages(parts, bank) == []
    assert len(drawn) == sum(part.number for part in parts)
    assert len({key for key, _ in drawn}) == len(drawn)
    items = {item.key: item for item in bank}
    by_topic = Counter(items[key].topic for key, _ in drawn)
    by_level = Counter((items[key].topic, items[key].difficulty) for key, _ in drawn)
    for topic in {part.topic for part in parts}:
        wanted = Counter(part.difficulty for part in parts for _ in range(part.number)
                         if part.topic == topic)
        assert by_topic[topic] == wanted.total()
        assert all(by_level[topic, level] >= wanted[level] for level in LEVELS)
    assert Counter(points for _, points in drawn) == Counter(
        part.points for part in parts for _ in range(part.number))


@given(banks, blueprints, st.randoms(use_true_random=False))
def test_what_is_lacking_does_not_depend_on_the_order(bank, parts, chance):
    mixed_parts, mixed_bank = list(parts), list(bank)
    chance.shuffle(mixed_parts)
    chance.shuffle(mixed_bank)
    assert shortages(mixed_parts, mixed_bank) == shortages(parts, bank)


def test_parts_of_any_difficulty_live_on_what_the_others_leave():
    bank = [BankItem(1, 7, "easy"), BankItem(2, 7, "easy"), BankItem(3, 7, "hard")]
    parts = [Part(7, 2), Part(7, 1, "hard")]
    assert shortages(parts, bank) == []
    assert shortages([*parts, Part(7, 1, "easy")], bank) == [Shortage(7, ANY, 2, 1)]


def test_every_question_of_the_bank_can_be_drawn():
    bank = [BankItem(key, 1, "easy") for key in range(5)]
    drawn = {draw([Part(1, 1)], bank, random.Random(seed))[0][0] for seed in range(60)}
    assert drawn == set(range(5))


def test_the_refusal_says_what_is_missing():
    with pytest.raises(BankTooSmall) as refused:
        draw([Part(1, 3, "hard")], [BankItem(1, 1, "hard")], random.Random(1))
    assert refused.value.shortages == (Shortage(1, "hard", 3, 1),)
