"""Several people at once: one wins, and the others are told who."""

from __future__ import annotations

import dataclasses
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.errors import AlreadyTaken
from app.workflow import services
from tests.integration.trial import Trial
from tests.services.choosing import further


@pytest.mark.parametrize("rounds", [25, further(100)])
def test_twenty_take_at_once_and_one_wins(
    session, sessions, world, new, actor, flask_app, rounds
):
    """In each round exactly one wins, and all others are told who it is."""
    people = [
        dataclasses.replace(world.agent, user_id=actor(f"p{n}").user_id, name=f"P{n}")
        for n in range(20)
    ]
    cases = [new().id for _ in range(rounds)]
    barrier = threading.Barrier(len(people))
    results: list[list[tuple[str, int]]] = [[] for _ in cases]

    def take(own, person, case_id) -> tuple[str, int]:
        record = own.get(Trial, case_id)
        seen = record.version
        own.rollback()
        barrier.wait(60)
        try:
            services.perform(own, person, record, "take", {}, seen)
        except AlreadyTaken as error:
            return "told", error.holder_id
        return "won", person.user_id

    def work(person) -> None:
        with flask_app.app_context(), sessions() as own:
            for place, case_id in enumerate(cases):
                try:
                    results[place].append(take(own, person, case_id))
                    barrier.wait(60)
                except BaseException:
                    barrier.abort()  # the others must not wait for one who failed
                    raise

    with ThreadPoolExecutor(len(people)) as pool:
        futures = [pool.submit(work, person) for person in people]
    failures = [error for one in futures if (error := one.exception())]
    assert not [one for one in failures if not isinstance(one, threading.BrokenBarrierError)]
    session.rollback()
    for case_id, told in zip(cases, results, strict=True):
        (winner,) = (who for what, who in told if what == "won")
        assert len(told) == 20
        assert {who for _, who in told} == {winner}
        assert session.get(Trial, case_id).owner_id == winner
