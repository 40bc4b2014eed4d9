"""The engine: what is offered, what is refused and why, and what no sequence can bring about."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from app.errors import Invalid, Rejected
from app.workflow.definition import Evidence, Who
from app.workflow.engine import (
    LONGEST_COMMENT,
    Availability,
    TransitionContext,
    available_transitions,
    entering_names,
    may,
    plan,
    replay,
)
from tests.unit.workflow.sample import CAN_APPROVE, COMPLAINT, GUARDS


def facts(*roles: str, relations=("anyone",), may=(), **record) -> TransitionContext:
    return TransitionContext(
        roles=frozenset(roles),
        relations=frozenset(relations),
        permissions=frozenset(may),
        record=record,
        guards=GUARDS,
    )


AGENT = facts("agent", customer_id=1)
LEADER = facts("leader", may=[CAN_APPROVE])


def standings(state: str, known: TransitionContext) -> dict[str, Availability]:
    return {one.transition.name: one.availability
            for one in available_transitions(COMPLAINT, state, known)}


def test_offers_say_what_may_be_done_and_what_not():
    allowed, forbidden = Availability.ALLOWED, Availability.FORBIDDEN
    assert standings("received", AGENT) == {
        "take": allowed, "assign": forbidden, "note": allowed, "withdraw": allowed,
    }
    assert standings("proposed", LEADER) == {
        "approve": allowed, "send_back": allowed, "note": allowed, "withdraw": forbidden,
    }


def test_a_guard_blocks_with_its_reason():
    offer = next(
        one for one in available_transitions(COMPLAINT, "assigned", facts("agent"))
        if one.transition.name == "propose"
    )
    assert offer.availability is Availability.BLOCKED and not offer.is_allowed
    assert str(offer.reason) == "Enter the customer first."
    with pytest.raises(Rejected, match="customer first"):
        plan(COMPLAINT, "assigned", "propose", {"solution": "x"}, facts("agent"))


def test_a_missing_guard_lets_nobody_pass():
    known = dataclasses.replace(AGENT, guards={})
    with pytest.raises(Rejected, match="not available"):
        plan(COMPLAINT, "assigned", "propose", {"solution": "x"}, known)


def test_an_approval_needs_role_right_and_another_person():
    signed = {"signature": 3}
    for known, sentence in (
        (facts("agent", may=[CAN_APPROVE]), "role"),
        (facts("leader"), "permission"),
        (facts("leader", relations=("proposer",), may=[CAN_APPROVE]), "Somebody else"),
        (facts("admin", relations=("system",), may=[CAN_APPROVE]), "role"),
    ):
        with pytest.raises(Rejected, match=sentence):
            plan(COMPLAINT, "proposed", "approve", signed, known)
    made = plan(COMPLAINT, "proposed", "approve", signed, LEADER)
    assert made.target == "implementing" and made.log.approval and made.log.signature == 3


def test_a_plan_says_all_that_happens():
    made = plan(COMPLAINT, "assigned", "propose", {"solution": " new engine "}, AGENT)
    assert made.effects == ("remember_proposer",)
    assert made.names == {"proposed", "propose", "category:open"}
    assert made.log.values == {"solution": "new engine"}
    assert (made.log.source, made.log.target) == ("assigned", "proposed")


@pytest.mark.parametrize(
    ("state", "name", "values", "wrong"),
    [
        ("assigned", "propose", {}, "solution"),
        ("proposed", "approve", {}, "signature"),
        ("proposed", "approve", {"signature": "x"}, "signature"),
        ("proposed", "send_back", {"comment": "  "}, "comment"),
        ("proposed", "send_back", {"comment": 5}, "comment"),
        ("implementing", "feedback", {"outcome": "perhaps"}, "outcome"),
        ("implementing", "feedback", {"outcome": "satisfied", "channel": "pigeon"}, "channel"),
        ("assigned", "ask", {"files": ["one"]}, "files"),
    ],
)
def test_what_is_asked_for_must_be_given(state, name, values, wrong):
    known = facts("agent", "leader", may=[CAN_APPROVE], customer_id=1)
    with pytest.raises(Invalid) as caught:
        plan(COMPLAINT, state, name, values, known)
    assert set(caught.value.errors) == {wrong}


def test_what_is_given_stands_in_the_log_as_it_was_meant():
    known = facts("agent", "leader", may=[CAN_APPROVE], customer_id=1)
    note = plan(COMPLAINT, "assigned", "note", {
        "comment": " called twice ", "files": ["7", 8, "", None, "7"], "outcome": "satisfied",
    }, known).log
    assert (note.comment, note.files, note.signature) == ("called twice", (7, 8), None)
    # An outcome that the step does not ask for is none.
    assert note.outcome == "" and note.values == {} and not note.approval
    told = plan(COMPLAINT, "implementing", "feedback", {"outcome": "satisfied"}, known).log
    assert (told.outcome, told.comment, told.files) == ("satisfied", "", ())


@pytest.mark.parametrize(("size", "fits"), [(LONGEST_COMMENT, True), (LONGEST_COMMENT + 1, False)])
def test_the_longest_comment_fits(size, fits):
    try:
        made = plan(COMPLAINT, "assigned", "note", {"comment": "x" * size}, AGENT)
    except Invalid as refused:
        assert not fits and set(refused.errors) == {"comment"}
    else:
        assert fits and len(made.log.comment) == size


def test_a_file_that_is_asked_for_must_come():
    ways = tuple(
        dataclasses.replace(one, evidence=(Evidence.FILE,)) if one.name == "ask" else one
        for one in COMPLAINT.transitions)
    workflow = dataclasses.replace(COMPLAINT, transitions=ways)
    with pytest.raises(Invalid) as caught:
        plan(workflow, "assigned", "ask", {}, AGENT)
    assert set(caught.value.errors) == {"files"}
    assert plan(workflow, "assigned", "ask", {"files": 5}, AGENT).log.files == (5,)


@pytest.mark.parametrize(("digits", "is_key"), [(18, True), (19, False)])
def test_what_no_database_holds_is_no_key(digits, is_key):
    values = {"comment": "x", "files": ["9" * digits]}
    if is_key:
        assert plan(COMPLAINT, "assigned", "note", values, AGENT).log.files == (10**18 - 1,)
    else:
        with pytest.raises(Invalid):
            plan(COMPLAINT, "assigned", "note", values, AGENT)


def test_a_relation_alone_or_a_permission_alone_is_enough():
    by_both = Who(relations=("owner",), permissions=(("can_x", "v"),))
    assert may(by_both, facts(relations=("owner",)))
    assert may(by_both, facts(relations=(), may=[("can_x", "v")]))
    assert not may(by_both, facts(relations=()))
    assert not may(Who(roles=("agent",), never=("proposer",)),
                   facts("agent", relations=("proposer",)))


def test_a_record_enters_its_first_state_by_no_transition():
    assert entering_names(COMPLAINT) == {"received", "category:open"}


def test_an_offer_that_is_forbidden_says_why():
    found = {one.transition.name: one
             for one in available_transitions(COMPLAINT, "received", AGENT)}
    assert str(found["assign"].reason) == "Your role may not do this."


def test_no_way_from_here():
    with pytest.raises(Rejected, match="not possible in state received"):
        plan(COMPLAINT, "received", "archive", {}, AGENT)


def test_a_log_that_skips_is_found_out():
    good = [("take", "received", "assigned"), ("ask", "assigned", "waiting")]
    assert replay(COMPLAINT, good) == "waiting"
    for bad in (
        [("ask", "assigned", "waiting")],
        [("take", "received", "implementing")],
        [("approve", "received", "implementing")],
    ):
        with pytest.raises(ValueError):
            replay(COMPLAINT, bad)


NAMES = st.sampled_from([one.name for one in COMPLAINT.transitions])
VALUES = st.fixed_dictionaries(
    {},
    optional={
        "person": st.integers(1, 3),
        "solution": st.just("a new gearbox"),
        "comment": st.sampled_from(["", "as agreed"]),
        "signature": st.integers(1, 3),
        "outcome": st.sampled_from(["satisfied", "dissatisfied", "other"]),
    },
)
PEOPLE = st.builds(
    facts,
    st.sampled_from(["agent", "supervisor", "leader", "guest"]),
    relations=st.sets(st.sampled_from(["anyone", "department_leader", "proposer", "system"])),
    may=st.sampled_from([(), (CAN_APPROVE,)]),
    customer_id=st.sampled_from([None, 1]),
)


class Complaint(RuleBasedStateMachine):
    """A complaint in the hands of people who try anything."""

    def __init__(self) -> None:
        super().__init__()
        self.state = COMPLAINT.initial
        self.log: list = []

    @rule(name=NAMES, values=VALUES, known=PEOPLE)
    def attempt(self, name, values, known):
        offered = {one.transition.name: one
                   for one in available_transitions(COMPLAINT, self.state, known)}
        try:
            made = plan(COMPLAINT, self.state, name, values, known)
        except Rejected:
            assert name not in offered or not offered[name].is_allowed
            return
        except Invalid:
            assert offered[name].is_allowed
            return
        assert offered[name].is_allowed
        if made.log.approval:
            assert CAN_APPROVE in known.permissions
            assert name != "approve" or "proposer" not in known.relations
        self.state = made.target
        self.log.append(made.log)

    @rule()
    def do_all_the_right_things(self):
        """Walk one step on, so that the far states are met often."""
        step = {
            "received": ("take", {}), "assigned": ("propose", {"solution": "x"}),
            "proposed": ("approve", {"signature": 1}),
            "implementing": ("feedback", {"outcome": "satisfied"}), "checking": ("archive", {}),
            "waiting": ("answered", {}), "archived": ("reopen", {}), "withdrawn": ("reopen", {}),
        }[self.state]
        known = facts("agent", "supervisor", "leader", may=[CAN_APPROVE], customer_id=1)
        made = plan(COMPLAINT, self.state, *step, known)
        self.state = made.target
        self.log.append(made.log)

    @invariant()
    def the_log_leads_to_the_state(self):
        lines = [(line.transition, line.source, line.target) for line in self.log]
        assert replay(COMPLAINT, lines) == self.state

    @invariant()
    def nothing_is_carried_out_without_a_signed_approval_of_this_round(self):
        if self.state in ("implementing", "checking", "archived"):
            names = [line.transition for line in self.log]
            start = max((i for i, name in enumerate(names) if name == "reopen"), default=-1)
            approvals = [line for line in self.log[start + 1 :] if line.transition == "approve"]
            assert approvals and approvals[-1].signature


Complaint.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestComplaint = Complaint.TestCase
