"""The picture of a workflow: complete, readable, and harmless under a strict policy."""

from __future__ import annotations

import itertools
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.workflow.definition import Category, State, Transition, Who, Workflow
from app.workflow.drawing import draw, taken_key
from app.workflow.layout import TEXT_SIZE, lay_out
from app.workflow.text_metrics import text_width, wrap
from tests.unit.workflow.sample import COMPLAINT

SVG = "{http://www.w3.org/2000/svg}"
CHINESE = {
    "Received": "受理", "Waiting for customer": "等待客户补充证明材料", "Assign": "分派",
    "Being carried out": "原因分析与严重程度评估以及责任判定", "Archived": "归档",
    "Complaint": "投诉", "%(title)s, now: %(state)s": "%(title)s，当前：%(state)s",
}


def zh(text: str) -> str:
    return CHINESE.get(text, text)


@pytest.mark.parametrize("translate", [str, zh], ids=["en", "zh"])
def test_labels_fit_their_boxes_and_boxes_stand_apart(translate):
    layout = lay_out(COMPLAINT, translate)
    for box in layout.boxes:
        assert all(text_width(line, TEXT_SIZE) <= box.width - 16 for line in box.lines)
        assert len(box.lines) * 18 <= box.height
        assert box.x >= 0 and box.x + box.width <= layout.width
        assert box.y >= 0 and box.y + box.height <= layout.height
    for one, two in itertools.combinations(layout.boxes, 2):
        apart = (
            one.x + one.width < two.x
            or two.x + two.width < one.x
            or one.y + one.height < two.y
            or two.y + two.height < one.y
        )
        assert apart, (one.name, two.name)


def test_every_way_is_drawn_and_labels_stay_in_the_picture():
    layout = lay_out(COMPLAINT)
    drawn = {(way.source, name) for way in layout.ways for name in way.transitions}
    expected = set()
    for one in COMPLAINT.transitions:
        if one.name != "note":  # from everywhere to where it is: no way at all
            expected |= {("" if source == "*" else source, one.name) for source in one.sources}
    assert drawn == expected
    for way in layout.ways:
        half = text_width(way.label, 12) / 2
        assert way.label_x - half >= 0 and way.label_x + half <= layout.width
        assert 0 < way.label_y <= layout.height


def test_labels_of_ways_do_not_lie_on_each_other():
    layout = lay_out(COMPLAINT)
    for one, two in itertools.combinations(layout.ways, 2):
        if abs(one.label_y - two.label_y) < 11:
            reach = (text_width(one.label, 12) + text_width(two.label, 12)) / 2
            assert abs(one.label_x - two.label_x) > reach, (one.label, two.label)


def test_place_and_path_are_marked_by_more_than_colour():
    picture = ET.fromstring(draw(COMPLAINT, "proposed", {taken_key("propose", "assigned")}))
    groups = {one.get("data-state"): one for one in picture.iter(f"{SVG}g")}
    assert "is-current" in groups["proposed"].get("class")
    assert groups["proposed"].find(f"{SVG}path").get("class") == "workflow-here"
    assert groups["assigned"].find(f"{SVG}circle") is not None
    assert groups["received"].find(f"{SVG}circle") is None
    taken = [one for one in picture.iter(f"{SVG}path") if "is-taken" in one.get("class", "")]
    assert [one.get("stroke-width") for one in taken] == ["2.5"]
    waiting = groups["waiting"].find(f"{SVG}rect")
    assert waiting.get("stroke-dasharray")


def test_it_is_told_to_those_who_cannot_see_it():
    picture = ET.fromstring(draw(COMPLAINT, "received", translate=zh))
    assert picture.get("role") == "img"
    assert picture.get("aria-label") == "投诉，当前：受理"
    assert picture.find(f"{SVG}title").text == "投诉，当前：受理"


def test_no_style_no_script_and_nothing_from_a_label_becomes_markup():
    nasty = '"><script>alert(1)</script>'
    states = (State("a", nasty, colour='"x'), State("b", "B & C", Category.DONE))
    ways = (Transition("go", nasty, ("a",), "b", Who(relations=("anyone",))),)
    text = draw(Workflow("w", nasty, "a", states, ways), "a", element_id='"><b')
    picture = ET.fromstring(text)
    for element in picture.iter():
        assert element.tag.removeprefix(SVG) in {
            "svg", "title", "defs", "marker", "path", "g", "rect", "circle", "text", "tspan",
        }
        assert not {name for name in element.attrib if name == "style" or name.startswith("on")}


@given(st.text("abc 投诉处理，。 -", max_size=40), st.integers(30, 200))
def test_wrapping_loses_nothing_and_fits(text, width):
    lines = wrap(text, width, 14)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(text_width(line, 14) <= width or len(line.strip()) == 1 for line in lines)
