"""A form on one page: what is typed comes back, parts are moved, nothing is lost on the way."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from app.forms.editing import TypedForm, TypedPart, move, new_item, read, typed
from app.forms.scored import Item, ItemKind, Level, Part, ScoredForm

targets = st.builds(
    lambda part, item: f"p{part}" + (f"i{item}" if item is not None else ""),
    st.integers(0, 4), st.none() | st.integers(0, 5))
moves = st.builds(lambda name, target: f"{name}:{target}",
                  st.sampled_from(("up", "down")), targets)


def form(sizes: list[int]) -> TypedForm:
    made = TypedForm()
    for size in sizes:
        made.parts.append(TypedPart())
        for _ in range(size):
            made.parts[-1].items.append(new_item(made))
    return made


def names(made: TypedForm) -> list[str]:
    return [item["name"] for part in made.parts for item in part.items]


@given(st.lists(st.integers(0, 4), max_size=4), st.lists(moves, max_size=12))
def test_moving_loses_and_doubles_nothing(sizes, several):
    made = form(sizes)
    before = Counter(names(made))
    for one in several:
        anchor = move(made, one)
        assert anchor == "" or anchor.startswith("p")
    assert (Counter(names(made)), len(made.parts)) == (before, len(sizes))


@given(st.integers(2, 5), st.data())
def test_up_takes_back_down(size, data):
    made = form([size])
    place = data.draw(st.integers(0, size - 2))
    before = names(made)
    anchor = move(made, f"down:p0i{place}")
    assert names(made) != before
    move(made, f"up:{anchor}")
    assert names(made) == before


def test_an_item_goes_over_to_the_next_section():
    made = form([1, 1])
    first, second = names(made)
    assert move(made, "down:p0i0") == "p1i0"
    assert [item["name"] for item in made.parts[1].items] == [first, second]


def test_what_is_added_and_copied_has_an_identifier_of_its_own():
    made = form([1])
    for what in ("add-item:p0", "copy:p0i0", "add-part:"):
        move(made, what)
    assert len(set(names(made))) == 3
    assert len(made.parts) == 2
    move(made, "remove:p0i0")
    move(made, "remove:p1")
    assert (len(names(made)), len(made.parts)) == (2, 1)


def test_what_is_not_there_changes_nothing():
    made = form([1])
    for what in ("up:p7i1", "remove:p0i9", "add-item:", "copy:p0", "nonsense:p0", "", "up:x"):
        assert move(made, what) == "", what
    assert len(names(made)) == 1


def test_fields_of_another_kind_are_left_behind():
    item = Item("x", ItemKind.LEVELS, "X", weight=Decimal(100), unit_points=Decimal("0.1"),
                levels=(Level("A", Decimal(100)), Level("B")))
    made = typed(ScoredForm("F", "", (Part("", "", (item,)),)))
    made.parts[0].items[0]["kind"] = "text"
    found, errors = read(made)
    assert errors == {}
    assert found.items[0] == Item("x", ItemKind.TEXT, "X")


def test_bounds_of_levels_and_the_figure_come_back_from_the_page():
    made = ScoredForm("Form", "表", (Part("", "", (
        Item("calls", ItemKind.LEVELS, "Calls", weight=Decimal(100), source="callbacks.tried",
             per_day=True, levels=(
                 Level("A", Decimal(100), "Enough", "达标", at_least=Decimal(15)),
                 Level("B", Decimal(60), at_least=Decimal("7.5")), Level("C", Decimal(0)))),
        Item("time", ItemKind.LEVELS, "Time", weight=Decimal(10), source="x.y", levels=(
            Level("A", Decimal(10), at_most=Decimal(3)), Level("C", Decimal(0)))),
        Item("learning", ItemKind.LEVELS, "Learning", weight=Decimal(10), source="work.rate",
             second_source="work.proposals", levels=(
                 Level("A", Decimal(10), at_least=Decimal(100), second_at_least=Decimal(1)),
                 Level("B", Decimal(5), at_least=Decimal(100)), Level("C", Decimal(0)))))),))
    page = typed(made)
    assert page.parts[0].items[0]["levels"].splitlines()[0] == "A | 100 | Enough | 达标 | >= 15"
    assert page.parts[0].items[2]["levels"].splitlines()[0] == "A | 10 |  |  | >= 100 & >= 1"
    assert read(page) == (made, {})


def test_what_is_not_scored_is_filled_in_by_nothing():
    made = TypedForm(parts=[TypedPart(items=[])])
    made.parts[0].items.append({**new_item(made), "kind": "text", "label": "Words",
                                "source": "callbacks.tried", "per_day": True})
    form_read, _ = read(made)
    assert (form_read.items[0].source, form_read.items[0].per_day) == ("", False)
