"""Forms with points: faults are named, scores stay within their bounds, weights add up to 100."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forms.faults import problems
from app.forms.form_text import BadFormFile, compare, compare_headings, read_form, write_form
from app.forms.scored import FilledBy, Item, ItemKind, Level, Part, ScoredForm, number
from app.forms.scoring import UNITS, answer_of_figure, clean, open_items, reweighted, score, visible

D = Decimal
weights = st.lists(st.integers(1, 60), min_size=1, max_size=8)
LEVELS = (Level("A", D(10), "Good", "好"), Level("B", D(5)), Level("C", D(0)))


def levels(name: str = "one", weight: int = 100, **values) -> Item:
    return Item(name, ItemKind.LEVELS, name, weight=D(weight), levels=tuple(
        Level(code, D(weight) * share / 10) for code, share in (("A", 10), ("B", 5), ("C", 0))),
        **values)


def form(*items: Item) -> ScoredForm:
    return ScoredForm("Form", "表", (Part("", "", items),))


@st.composite
def forms_with_answers(draw):
    parts = draw(weights)
    items, answers = [], {}
    for place, part in enumerate(parts):
        name, weight = f"item_{place}", D(part)
        kind = draw(st.sampled_from((ItemKind.LEVELS, ItemKind.PER_UNIT, ItemKind.METRIC)))
        unit = draw(st.none() | st.decimals(0, 5, places=1))
        if kind is ItemKind.LEVELS:
            items.append(levels(name, part, unit_points=unit))
            answers[name] = draw(st.sampled_from(("A", "B", "C", "")))
            answers[name + UNITS] = draw(st.sampled_from(("", "0", "3", "1000")))
        elif kind is ItemKind.PER_UNIT:
            items.append(Item(name, kind, name, weight=weight, unit_points=D("0.2")))
            answers[name] = draw(st.sampled_from(("", "0", "17", "99999")))
        else:
            items.append(Item(name, kind, name, weight=weight, worst=D(5), best=D(1)))
            answers[name] = draw(st.sampled_from(("", "-3", "2.5", "1", "900")))
    left_out = draw(st.sets(st.sampled_from([item.name for item in items])))
    return form(*items), answers, left_out


@given(forms_with_answers())
def test_a_score_of_capped_items_lies_between_0_and_100(drawn):
    made, answers, left_out = drawn
    result = score(made, answers, left_out)
    counting = [line for line in result.lines if not line.is_left_out]
    assert (result.score is None) == (not counting)
    if counting:
        assert 0 <= result.score <= 100
        assert sum(line.effective_weight for line in counting) == 100
        assert all(0 <= line.counted <= line.effective_weight for line in counting)


@given(forms_with_answers())
def test_the_lines_add_up_to_the_score_and_two_runs_are_equal(drawn):
    made, answers, left_out = drawn
    result = score(made, answers, left_out)
    assert result == score(made, dict(reversed(answers.items())), sorted(left_out))
    if result.score is not None:
        total = sum(line.counted for line in result.lines)
        assert abs(Fraction(result.score) - total) <= Fraction(1, 200)


@given(forms_with_answers())
def test_what_is_left_out_counts_neither_for_nor_against(drawn):
    made, _answers, left_out = drawn
    best = {item.name: "A" if item.levels else "99999" if item.kind is ItemKind.PER_UNIT else "1"
            for item in made.items}
    result = score(made, best, left_out)
    if len(left_out) < len(made.items):
        assert result.score == 100


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.decimals(D("0.01"), 100, places=2)),
       st.sets(st.sampled_from("abcdefgh")))
def test_present_weights_add_up_to_100_and_keep_their_ratios(held, present):
    found = reweighted(held, present)
    assert found.keys() == held.keys() & present
    assert not found or sum(found.values()) == 100
    for one in found:
        for other in found:
            assert found[one] * Fraction(held[other]) == found[other] * Fraction(held[one])


@given(forms_with_answers())
def test_a_form_survives_the_way_through_json_and_yaml(drawn):
    made = drawn[0]
    assert ScoredForm.from_dict(json.loads(json.dumps(made.to_dict()))) == made
    again = read_form(write_form(made))
    assert again == made
    assert again.content_hash() == made.content_hash()


def test_units_are_added_to_the_level_up_to_the_cap():
    item = Item("care", ItemKind.LEVELS, "Care", weight=D(10), unit_points=D("0.1"), levels=(
        Level("A", D(10)), Level("B", D(8)), Level("C", D(3))))
    made = form(item, levels("rest", 90))
    answers = {"care": "B", "care__units": "15", "rest": "A"}
    assert score(made, answers).lines[0].points == Fraction(95, 10)
    line = score(made, {**answers, "care__units": "25"}).lines[0]
    assert (line.points, line.is_capped, line.base, line.added) == (10, True, 8, Fraction(5, 2))
    free = Item(**{name: getattr(item, name) for name in item.__slots__} | {"capped": False})
    assert score(form(free, levels("rest", 90)), {**answers, "care__units": "25"}).score \
        == D("100.50")


@pytest.mark.parametrize(("value", "points"), [("90", 20), ("60", 0), ("75", 10), ("10", 0)])
def test_a_figure_gives_points_in_proportion(value, points):
    made = form(Item("x", ItemKind.METRIC, "X", weight=D(20), worst=D(60), best=D(90)),
                levels("rest", 80))
    assert score(made, {"x": value, "rest": "A"}).lines[0].points == points


def test_half_a_cent_is_rounded_up():
    made = form(Item("x", ItemKind.METRIC, "X", weight=D(100), worst=D(0), best=D(100_000)))
    assert score(made, {"x": "90005"}).score == D("90.01")
    assert score(made, {"x": "90004"}).score == D("90.00")


def test_what_depends_on_a_hidden_item_is_hidden_and_does_not_count():
    made = form(levels("a", 50), levels("b", 30, shown_item="a", shown_code="B"),
                levels("c", 20, shown_item="b", shown_code="A"))
    answers = {"a": "A", "b": "A", "c": "C"}
    assert [item.name for item in visible(made, answers)] == ["a"]
    assert score(made, answers).score == 100
    assert [item.name for item in open_items(made, {"a": "B"})] == ["b"]


@pytest.mark.parametrize(("made", "words"), [
    (ScoredForm(), "needs a title"), (form(), "has no items"),
    (form(levels(weight=90)), "add up to 90"),
    (form(levels("a", 50), levels("a", 50)), "Two items"),
    (form(levels("Bad Name")), "identifier"), (form(levels(shown_item="x")), "no earlier item"),
    (form(levels("a", 50), levels("b", 50, shown_item="a", shown_code="Z")), "not there"),
    (form(Item("x", ItemKind.METRIC, "X", weight=D(100))), "two different figures"),
    (form(Item("x", ItemKind.PER_UNIT, "X", weight=D(100))), "points for each unit"),
    (form(levels(), Item("x", ItemKind.TEXT, "X", weight=D(1))), "has no weight"),
    (form(Item("x", ItemKind.LEVELS, "X", weight=D(100), levels=LEVELS)), "whole weight"),
    (form(Item("x", ItemKind.LEVELS, "X", weight=D(100), levels=LEVELS[:1])), "two levels"),
    (form(levels(), Item("x", ItemKind.TEXT)), "label is missing"),
])
def test_faults_are_named(made, words):
    assert any(words in str(one) for one in problems(made)), [str(one) for one in problems(made)]


def test_a_sound_form_has_no_faults():
    assert problems(form(levels("a", 60, filled_by=FilledBy.SUBJECT), levels("b", 40))) == []


@pytest.mark.parametrize(("kind", "typed", "stored", "is_wrong"), [
    (ItemKind.NUMBER, "1e1", "10", False), (ItemKind.NUMBER, "abc", "", True),
    (ItemKind.NUMBER, "NaN", "", True), (ItemKind.PER_UNIT, "-1", "", True),
    (ItemKind.DATE, "2026-02-30", "", True), (ItemKind.DATE, "2026-02-28", "2026-02-28", False),
    (ItemKind.TEXT, " x ", "x", False), (ItemKind.TEXT, "x" * 4001, "", True),
    (ItemKind.LEVELS, "Z", "", True), (ItemKind.LEVELS, "A", "A", False),
])
def test_answers_are_cleaned(kind, typed, stored, is_wrong):
    found, error = clean(Item("x", kind, "X", levels=LEVELS), typed)
    assert (found, error is not None) == (stored, is_wrong)


@pytest.mark.parametrize("text", [
    "- a\n- b", "a: [", "title: x\nparts: 7", "a: &x [1]\nb: *x", "title: x\nunknown: y",
    "parts: [{items: [{name: a, kind: nonsense}]}]", b"\xff\xfe\x00", "x" * 300_000,
    "parts: [{items: [{name: a, kind: levels, weight: many}]}]",
])
def test_files_that_hold_no_form_are_refused(text):
    with pytest.raises(BadFormFile):
        read_form(text)


def test_a_comparison_names_what_was_added_changed_moved_and_removed():
    before = form(levels("a", 30), levels("b", 30), levels("c", 20), levels("d", 20))
    after = form(levels("b", 30), levels("a", 30), levels("c", 30), levels("e", 10))
    found = {one.item.name: one for one in compare(before, after)}
    assert {name: one.what for name, one in found.items()} == {
        "b": "moved", "a": "moved", "c": "changed", "e": "added", "d": "removed"}
    assert ("weight", "20", "30") in found["c"].fields
    assert compare(before, before) == []


def test_a_comparison_names_titles_headings_and_items_under_another_heading():
    def made(title: str, *parts: Part) -> ScoredForm:
        return ScoredForm(title, "月度考核", parts)

    one, two = levels("a", 50), levels("b", 50)
    before = made("Month", Part("Work", "工作", (one,)), Part("Conduct", "", (two,)))
    renamed = made("Monthly", Part("Work", "业绩", (one,)), Part("Conduct", "", (two,)))
    assert compare_headings(before, renamed) == (
        ("title", "Month", "Monthly"), ("sections_zh", "工作 / –", "业绩 / –"))
    assert compare(before, renamed) == []
    elsewhere = made("Month", Part("Work", "工作", ()), Part("Conduct", "", (one, two)))
    assert [(found.item.name, found.what) for found in compare(before, elsewhere)] == [
        ("a", "moved")]
    assert compare_headings(before, before) == compare_headings(before, elsewhere) == ()


@pytest.mark.parametrize("text", ["inf", "x", "1e13", "1234567890123", True])
def test_unusable_numbers_are_refused(text):
    with pytest.raises(ValueError):
        number(text)


# --- figures that fill items in ----------------------------------------------------------------
bounds = st.lists(st.decimals(-100, 100, places=1), min_size=1, max_size=5, unique=True)
numbers = st.decimals(-1000, 1000, places=2)


def by_figure(held, at_least: bool) -> Item:
    """Return an item whose levels are chosen by bounds, from the strictest to the mildest."""
    ordered = sorted(held, reverse=at_least)
    name = "at_least" if at_least else "at_most"
    made = [Level(f"L{place}", D(100 - 10 * place), **{name: one})
            for place, one in enumerate(ordered)]
    return Item("one", ItemKind.LEVELS, "One", weight=D(100), source="visits.rate",
                levels=(*made, Level("last", D(5))))


@given(bounds, st.booleans(), numbers, numbers)
def test_a_better_figure_never_gives_fewer_points(held, at_least, one, other):
    item = by_figure(held, at_least)
    assert problems(form(item)) == []
    worse, better = sorted((one, other), reverse=not at_least)
    points = [score(form(item), {"one": answer_of_figure(item, figure)}).lines[0].points
              for figure in (worse, better)]
    assert 5 <= points[0] <= points[1] <= 100


@given(bounds, st.booleans())
def test_a_bound_itself_reaches_its_level(held, at_least):
    item = by_figure(held, at_least)
    for level in item.levels[:-1]:
        bound = level.at_least if at_least else level.at_most
        assert answer_of_figure(item, bound) == level.code


pairs = st.lists(st.tuples(st.sampled_from((D(50), D(80), D(100))),
                           st.sampled_from((None, D(1), D(2)))),
                 min_size=1, max_size=5, unique_by=lambda one: (one[0], one[1] or 0))


def by_two_figures(held) -> Item:
    """Return an item whose levels ask for two figures, from the strictest to the mildest."""
    ordered = sorted(held, key=lambda one: (one[0], one[1] or 0), reverse=True)
    made = [Level(f"L{place}", D(100 - 10 * place), at_least=first, second_at_least=second)
            for place, (first, second) in enumerate(ordered)]
    return Item("one", ItemKind.LEVELS, "One", weight=D(100), source="work.rate",
                second_source="work.proposals" if any(one for _, one in held) else "",
                levels=(*made, Level("last", D(5))))


@given(pairs, st.tuples(numbers, numbers), st.tuples(numbers, numbers))
def test_more_of_either_figure_never_gives_fewer_points(held, one, more):
    item = by_two_figures(held)
    assert problems(form(item)) == []
    better = (max(one[0], more[0]), max(one[1], more[1]))
    points = [score(form(item), {"one": answer_of_figure(item, *figures)}).lines[0].points
              for figures in (one, better)]
    assert points[0] <= points[1]
    assert read_form(write_form(form(item))) == form(item)


@given(numbers)
def test_a_figure_beside_a_level_is_the_number_of_units(figure):
    item = levels("care", 100, source="work.members_added", unit_points=D("0.1"))
    assert problems(form(item)) == [] and item.fills_units and not item.is_filled_in
    units = answer_of_figure(item, figure)
    assert 0 <= D(units) == max(figure, D(0))
    assert score(form(item), {"care": "C", "care__units": units}).lines[0].level == "C"


@given(numbers, st.sampled_from((ItemKind.METRIC, ItemKind.PER_UNIT)), st.booleans())
def test_points_of_a_figure_lie_within_the_weight(figure, kind, falls):
    ends = (D(90), D(10)) if falls else (D(10), D(90))
    item = Item("one", kind, "One", weight=D(100), source="visits.rate", unit_points=D("0.7"),
                worst=ends[0], best=ends[1])
    line = score(form(item), {"one": answer_of_figure(item, figure)}).lines[0]
    assert 0 <= line.points <= 100


def test_without_data_there_is_no_answer_and_nothing_counts():
    for item in (by_figure([D(3)], True), levels(source="attendance"),
                 Item("one", ItemKind.METRIC, "One", weight=D(100), worst=D(0), best=D(1))):
        assert answer_of_figure(item, None) == ""
        assert score(form(item), {"one": ""}).score is None
    assert answer_of_figure(levels(source="attendance"), D(3)) == ""


@pytest.mark.parametrize(("made", "values"), [
    ([Level("A", D(10), at_least=D(3)), Level("B", D(5), at_most=D(1)), Level("C")], {}),
    ([Level("A", D(10), at_least=D(3)), Level("B", D(5)), Level("C")], {}),
    ([Level("A", D(10), at_least=D(3)), Level("C", at_least=D(1))], {}),
    ([Level("A", D(10), at_least=D(1)), Level("B", D(5), at_least=D(3)), Level("C")], {}),
    ([Level("A", D(10), at_most=D(3)), Level("B", D(5), at_most=D(3)), Level("C")], {}),
    ([Level("A", D(5), at_least=D(3)), Level("B", D(10), at_least=D(1)), Level("C")], {}),
    ([Level("A", D(10), at_least=D(3)), Level("C")], {"source": ""}),
    ([Level("A", D(10), at_least=D(3), second_at_least=D(1)), Level("C")], {}),
    ([Level("A", D(10), at_least=D(3)), Level("C")], {"second_source": "work.proposals"}),
    ([Level("A", D(10), at_least=D(3)), Level("B", D(5), at_least=D(3), second_at_least=D(1)),
      Level("C")], {"second_source": "work.proposals"}),
    ([Level("A", D(10)), Level("C")], {"source": "", "per_day": True}),
])
def test_bounds_that_contradict_each_other_are_not_published(made, values):
    item = Item("one", ItemKind.LEVELS, "One", weight=D(10), levels=tuple(made),
                **{"source": "visits.rate", **values})
    assert len(problems(form(item, levels("rest", 90)))) == 1


def test_a_form_with_figures_survives_the_way_through_files_and_is_compared():
    item = by_figure([D(3), D("1.5")], False)
    made = form(dataclasses.replace(item, per_day=True))
    assert read_form(write_form(made)) == made
    [found] = compare(form(by_figure([D(3), D("2.5")], False)), form(item))
    assert [name for name, *_ in found.fields] == ["levels"]
    assert "≤ 1.5" in found.fields[0][2]


def test_a_second_bound_is_seen_where_two_forms_are_compared():
    def learning(second: int) -> Item:
        return Item("one", ItemKind.LEVELS, "One", weight=D(100), source="a.b",
                    second_source="a.c", levels=(
                        Level("A", D(100), at_least=D(90), second_at_least=D(second)),
                        Level("B", D(0))))

    [found] = compare(form(learning(1)), form(learning(2)))
    assert found.fields == (("levels", "A 100 ≥ 90 & ≥ 1; B 0", "A 100 ≥ 90 & ≥ 2; B 0"),)
