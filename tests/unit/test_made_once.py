"""A value that is made once is made once, whoever asks."""

from __future__ import annotations

import threading
import time

from app.made_once import made_once


class House:
    """Has a roof that takes its time."""

    def __init__(self):
        self.made = []

    @made_once
    def roof(self):
        """A roof on walls."""
        time.sleep(0.02)
        self.made.append("roof")
        return f"roof on {self.walls}"

    @made_once
    def walls(self):
        """Walls."""
        self.made.append("walls")
        return "walls"


def test_threads_that_ask_at_the_same_time_get_one_value():
    house, start, seen = House(), threading.Barrier(5), []

    def ask():
        start.wait()
        seen.append(house.roof)

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == ["roof on walls"] * 5
    assert house.made == ["roof", "walls"]


def test_each_object_has_its_own():
    assert House().walls is House().walls
    first, second = House(), House()
    assert (first.roof, second.made) == ("roof on walls", [])
