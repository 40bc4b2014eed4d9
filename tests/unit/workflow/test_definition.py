"""Workflow definitions: faults told in sentences, plain form, overrides."""

from __future__ import annotations

import dataclasses
import json

import pytest

from app.forms.definition import Field, Form, Kind
from app.workflow.checking import Surroundings, problems, require_valid
from app.workflow.definition import (
    Category,
    Evidence,
    Outcome,
    State,
    Transition,
    Who,
    Workflow,
    WorkflowError,
)
from app.workflow.overrides import merge_overrides, stale_overrides
from tests.unit.workflow.sample import AROUND, COMPLAINT


def test_the_sample_is_without_fault():
    assert problems(COMPLAINT, AROUND) == []


def test_a_workflow_survives_json_with_the_same_hash():
    again = Workflow.from_dict(json.loads(json.dumps(COMPLAINT.to_dict())))
    assert again == COMPLAINT
    assert again.content_hash() == COMPLAINT.content_hash()


def test_the_hash_leaves_the_version_number_out_and_tells_all_else():
    assert dataclasses.replace(COMPLAINT, version=7).content_hash() == COMPLAINT.content_hash()
    changed = merge_overrides(COMPLAINT, {"transitions": {"assign": {"label": "Hand out"}}})
    assert changed.content_hash() != COMPLAINT.content_hash()


def test_every_open_state_means_open_and_waiting_but_not_the_target():
    sources = COMPLAINT.sources_of(COMPLAINT.transition("withdraw"))
    assert set(sources) == {
        "received", "assigned", "waiting", "proposed", "implementing", "checking",
    }


def test_one_click_asks_for_nothing():
    asking = {one.name for one in COMPLAINT.transitions if not one.one_click}
    assert asking == {"assign", "note", "propose", "approve", "send_back", "feedback", "archive"}


def state(name: str, /, **changes):
    def put(workflow: Workflow) -> Workflow:
        states = tuple(
            dataclasses.replace(one, **changes) if one.name == name else one
            for one in workflow.states
        )
        return dataclasses.replace(workflow, states=states)

    return put


def way(name: str, /, **changes):
    def put(workflow: Workflow) -> Workflow:
        transitions = tuple(
            dataclasses.replace(one, **changes) if one.name == name else one
            for one in workflow.transitions
        )
        return dataclasses.replace(workflow, transitions=transitions)

    return put


def more(*parts):
    def put(workflow: Workflow) -> Workflow:
        states = tuple(one for one in parts if isinstance(one, State))
        ways = tuple(one for one in parts if isinstance(one, Transition))
        return dataclasses.replace(
            workflow,
            states=workflow.states + states,
            transitions=workflow.transitions + ways,
        )

    return put


ANY = Who(relations=("anyone",))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda w: dataclasses.replace(w, initial="x"), "first state 'x' does not exist"),
        (way("ask", target="x"), "leads to 'x'"),
        (way("ask", sources=("x",)), "starts at 'x'"),
        (way("ask", sources=()), "starts nowhere"),
        (way("ask", name="waiting"), "more than once"),
        (state("waiting", name="Waiting"), "no lower-case identifier"),
        (state("checking", skip_to="x"), "skipped to 'x'"),
        (state("checking", only_through=("received",)), "is no transition"),
        (way("ask", who=Who()), "'ask' is for nobody"),
        (way("approve", who=Who(never=("proposer",))), "approval without an approver"),
        (way("approve", who=ANY), "cannot be open to anyone"),
        (way("ask", guards=("x",)), "guard 'x', which is not known"),
        (way("ask", effects=("x",)), "effect 'x', which is not known"),
        (way("ask", who=Who(relations=("x",))), "relation 'x', which is not known"),
        (way("ask", who=Who(roles=("x",))), "role 'x', which does not exist"),
        (way("approve", who=Who(roles=("agent",))), "role 'agent', which lacks can_approve"),
        (way("approve", needs=(("can_fly", "x"),)), "lacks can_fly on x"),
        (
            way("approve", who=Who(relations=("department_leader",)), needs=(("can_fly", "x"),)),
            "needs can_fly on x: no role holds it",
        ),
        (way("ask", who=Who(permissions=(("can_fly", "x"),))), "no role holds it"),
        (way("ask", label=""), "needs a label"),
        (way("feedback", outcomes=(Outcome("a", "A"),)), "two different ones"),
        (way("note", bulk=True), "cannot be taken in bulk"),
        (
            way("ask", form=Form.of("f", Field("comment", Kind.TEXT, "C"))),
            "kept for evidence and outcome",
        ),
        (state("assigned", progress=101), "progress from 0 to 100"),
        (state("assigned", hours=0), "at least 1 hour"),
        (state("assigned", label=""), "needs a label"),
        (more(State("island", "Island", Category.DONE)), "'island' cannot be reached"),
        (
            more(
                State("pit", "Pit"),
                Transition("fall", "Fall", ("received",), "pit", ANY),
            ),
            None,
        ),
        (
            more(Transition("cut", "Short cut", ("assigned",), "implementing", ANY)),
            "'implementing' can be reached without 'approve'",
        ),
    ],
)
def test_faults_are_told_in_sentences(spoil, sentence):
    found = problems(spoil(COMPLAINT), AROUND)
    if sentence is None:  # withdrawing leads out of every open state, so it is no dead end
        assert found == []
        return
    assert any(sentence in str(problem) for problem in found), found
    with pytest.raises(WorkflowError):
        require_valid(spoil(COMPLAINT), AROUND)


def test_dead_ends_and_circles_without_an_end():
    def make(*ways: Transition) -> list[str]:
        states = (State("a", "A"), State("b", "B"), State("c", "C", Category.DONE))
        return list(map(str, problems(Workflow("w", "W", "a", states, ways), Surroundings())))

    go, finish = Transition("go", "Go", ("a",), "b", ANY), Transition("end", "E", ("a",), "c", ANY)
    assert make(go, finish) == [
        "State 'b' is a dead end, and neither done nor cancelled.",
        "From state 'b' no way leads to an end.",
    ]
    assert make(go, finish, Transition("stay", "Stay", ("b",), "", ANY))[0].startswith("State 'b'")
    assert make(go, finish, Transition("back", "Back", ("b",), "a", ANY)) == []


def test_roles_are_checked_only_where_they_are_known():
    loose = dataclasses.replace(AROUND, roles=None)
    assert problems(way("ask", who=Who(roles=("later",)))(COMPLAINT), loose) == []


def told(spoil) -> list[str]:
    """Return the faults of a workflow in words, with what they name filled in."""
    return [str(fault) for fault in problems(spoil(COMPLAINT), AROUND)]


def test_each_role_is_looked_at_and_named_with_what_it_lacks():
    found = told(way("approve", who=Who(roles=("x", "agent")), needs=(("can_approve", "v"),)))
    assert "Transition 'approve' names the role 'x', which does not exist." in found
    assert "Transition 'approve' is for role 'agent', which lacks can_approve on v." in found
    # Whom the roles leave without a right is told once.
    assert not [text for text in found if "no role holds it" in text]


def test_a_right_that_nobody_holds_is_named():
    nobody = way("ask", who=Who(permissions=(("can_fly", "x"),)))
    assert told(nobody) == [
        "Transition 'ask' is for those with can_fly on x: no role holds it."]


def test_what_is_not_known_is_named():
    assert told(way("ask", guards=("x",))) == [
        "Transition 'ask' names the guard 'x', which is not known."]


def test_a_usual_stay_may_be_one_hour():
    assert told(state("assigned", hours=1)) == []


# Overrides ----------------------------------------------------------------------------------


def test_overrides_lie_over_the_shipped_one_and_never_touch_it():
    before = COMPLAINT.to_dict()
    merged = merge_overrides(
        COMPLAINT,
        {
            "states": {"assigned": {"label": "In hand", "hours": 8}},
            "transitions": {"ask": {"who": {"roles": ["leader"]}, "label": "Park"}},
        },
    )
    assert COMPLAINT.to_dict() == before
    assert (merged.state("assigned").label, merged.state("assigned").hours) == ("In hand", 8)
    assert merged.transition("ask").who == Who(roles=("leader",))
    assert merged.transition("take") == COMPLAINT.transition("take")
    assert problems(merged, AROUND) == []


def test_an_optional_step_is_switched_off_and_the_way_leads_past_it():
    merged = merge_overrides(
        COMPLAINT,
        {"states": {"checking": {"off": True}}, "transitions": {"withdraw": {"off": True}}},
    )
    assert merged.transition("feedback").target == "archived"
    assert {"archive", "withdraw"}.isdisjoint(one.name for one in merged.transitions)
    # Withdrawing was the only way to that state: the check says so before it is published.
    assert list(map(str, problems(merged, AROUND))) == ["State 'withdrawn' cannot be reached."]


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        ({"transitions": {"approve": {"off": True}}}, "not optional"),
        ({"states": {"proposed": {"off": True}}}, "not optional"),
        ({"transitions": {"approve": {"target": "archived"}}}, "'target' of 'approve'"),
        ({"transitions": {"approve": {"approval": False}}}, "'approval' of 'approve'"),
        ({"states": {"implementing": {"only_through": []}}}, "'only_through'"),
    ],
)
def test_what_holds_the_workflow_together_cannot_be_tuned_away(overrides, sentence):
    with pytest.raises(WorkflowError, match=sentence):
        merge_overrides(COMPLAINT, overrides)


def test_an_upgrade_slides_in_under_the_overrides():
    overrides = {"states": {"assigned": {"label": "In hand"}, "gone": {"label": "X"}}}
    upgraded = more(State("audit", "Audit", Category.DONE))(COMPLAINT)
    merged = merge_overrides(upgraded, overrides)
    assert merged.state("assigned").label == "In hand" and merged.state("audit")
    assert stale_overrides(upgraded, overrides) == ["gone"]


def test_evidence_is_a_closed_list():
    with pytest.raises(ValueError, match="video"):
        Workflow.from_dict(
            json.loads(json.dumps(way("note", evidence=("video",))(COMPLAINT).to_dict()))
        )
    assert set(Evidence) == {"comment", "file", "signature"}
