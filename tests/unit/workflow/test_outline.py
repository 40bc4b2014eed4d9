"""A workflow in words: every step and every way, with the record's place."""

from __future__ import annotations

import dataclasses

from app.workflow.drawing import taken_key
from app.workflow.step_list import WIDEST_PICTURE, fits_a_picture, outline
from tests.unit.workflow.sample import COMPLAINT


def test_every_way_is_told_once_at_each_of_its_sources():
    told = outline(COMPLAINT)
    found = sorted((step.name, lead.label) for step in told.steps for lead in step.leads)
    assert found == sorted(
        (source, one.label) for one in COMPLAINT.transitions for source in one.sources
        if source != "*" and one.target
    )
    assert {lead.label for lead in told.anywhere} == {
        one.label for one in COMPLAINT.transitions if "*" in one.sources
    }


def test_steps_of_the_main_road_are_numbered_and_others_are_not():
    steps = {step.name: step.number for step in outline(COMPLAINT).steps}
    assert steps["received"] == 1 and steps["assigned"] == 2 and steps["proposed"] == 3
    assert steps["waiting"] is None and steps["withdrawn"] is None


def test_a_way_to_the_next_step_names_no_target_and_a_way_back_stands_last():
    steps = {step.name: step for step in outline(COMPLAINT).steps}
    assert {lead.target for lead in steps["received"].leads} == {""}
    back = [lead.is_back for lead in steps["archived"].leads]
    assert back == [True] and steps["archived"].leads[0].target == "Assigned"
    for step in steps.values():
        assert [lead.is_back for lead in step.leads] == sorted(
            lead.is_back for lead in step.leads)


def test_place_and_path_of_a_record_are_marked():
    told = outline(COMPLAINT, "proposed", {taken_key("propose", "assigned")},
                   {"assigned": "yesterday"})
    steps = {step.name: step for step in told.steps}
    assert [step.name for step in told.steps if step.is_here] == ["proposed"]
    assert steps["assigned"].is_visited and steps["assigned"].reached == "yesterday"
    assert not steps["received"].is_visited
    assert [lead.label for lead in steps["assigned"].leads if lead.is_taken] == [
        "Propose a solution"]


def test_a_picture_is_for_workflows_that_it_can_show_whole():
    few = ("received", "assigned", "withdrawn")
    ways = tuple(one for one in COMPLAINT.transitions
                 if one.target in few and set(one.sources) <= {*few, "*"})
    small = dataclasses.replace(
        COMPLAINT, states=tuple(one for one in COMPLAINT.states if one.name in few),
        transitions=ways)
    assert fits_a_picture(small)
    assert not fits_a_picture(COMPLAINT, lambda text: text * 6)
    assert WIDEST_PICTURE < 1168
