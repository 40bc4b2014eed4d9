"""Places for the states and ways of a workflow: columns from left to right. Pure geometry, in px.

States stand in the column of the longest way to them, by the order in which the definition names
them; a way is "back" when it leads to a state named earlier. Long ways run in lanes of their own
between the rows, ways back in lanes below everything, so that no line crosses a box.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from app.workflow.definition import EVERY_OPEN, Transition, Workflow
from app.workflow.text_metrics import text_width, wrap

BOX_WIDTH = 136
TEXT_SIZE, LABEL_SIZE = 14, 12
LINE_HEIGHT = 18
MARGIN = 16
ROW_GAP, LANE_HEIGHT = 44, 28
LOOP_HEIGHT = 30
NARROWEST_GAP = 56


@dataclasses.dataclass(frozen=True, slots=True)
class Box:
    """A state's box; ``lines`` is its label, broken to fit."""

    name: str
    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]

    @property
    def middle(self) -> float:
        """Height of the centre line."""
        return self.y + self.height / 2


@dataclasses.dataclass(frozen=True, slots=True)
class Edge:
    """A line from state to state; ``source`` is empty for a way from every open state."""

    source: str
    target: str
    path: str
    label: str
    label_x: float
    label_y: float
    transitions: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class Layout:
    """The finished picture's geometry."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    ways: tuple[Edge, ...]


def lay_out(workflow: Workflow, translate: Callable[[str], str] = str) -> Layout:
    """Return places for all states and ways.

    Args:
        workflow: a workflow without faults.
        translate: gives the label shown for a message id.
    """
    return _Planner(workflow, translate).layout()


class _Planner:
    """Fills in columns, rows and lanes step by step; used once."""

    def __init__(self, workflow: Workflow, translate: Callable[[str], str]) -> None:
        self.translate = translate
        self.states = [state.name for state in workflow.states]
        self.rank = {name: place for place, name in enumerate(self.states)}
        self.pairs, self.anywhere = _gather(workflow)
        self.column = self._columns()
        self.row = self._rows()
        labels = {one.name: translate(one.label) for one in workflow.states}
        self.lines = {
            name: wrap(text, BOX_WIDTH - 20, TEXT_SIZE) for name, text in labels.items()
        }
        self.box_height = 22 + LINE_HEIGHT * max(len(lines) for lines in self.lines.values())

    def layout(self) -> Layout:
        """Return the finished geometry."""
        self.lane_rows = self._reserve_lanes()
        self.label = {
            pair: " / ".join(self.translate(one.label) for one in ways)
            for pair, ways in self.pairs.items()
        }
        self._measure_columns()
        self._measure_rows()
        boxes = {name: self._box(name) for name in self.states}
        ways = [self._way(boxes, *pair) for pair in self.pairs if not self._is_back(*pair)]
        back, bottom = self._ways_back(boxes)
        stubs = [self._stub(boxes[name], ways) for name, ways in self.anywhere.items()]
        everything = [*ways, *back, *stubs]
        right = max(
            [self.right, *(one.label_x + text_width(one.label, LABEL_SIZE) / 2
                           for one in everything)]
        )
        return Layout(right + MARGIN, bottom + MARGIN, tuple(boxes.values()), tuple(everything))

    # Columns and rows -------------------------------------------------------------------------

    def _is_back(self, source: str, target: str) -> bool:
        return self.rank[target] < self.rank[source]

    def _forward(self) -> list[tuple[str, str]]:
        return [pair for pair in self.pairs if self.rank[pair[0]] < self.rank[pair[1]]]

    def _columns(self) -> dict[str, int]:
        column = dict.fromkeys(self.states, 0)
        aside = 0
        for name in self.states:  # sources come before targets
            before = [column[source] + 1 for source, target in self._forward() if target == name]
            if not before and self._is_aside(name):
                # Entered only from everywhere: side by side under the beginning.
                column[name], aside = aside, aside + 1
            else:
                column[name] = max(before, default=0)
        return column

    def _is_aside(self, name: str) -> bool:
        return name in self.anywhere and name != self.states[0]

    def _rows(self) -> dict[str, int]:
        row: dict[str, int] = {}
        taken: set[tuple[int, int]] = set()
        for name in sorted(self.states, key=lambda one: (self._is_aside(one), self.rank[one])):
            before = [
                row[source]
                for source, target in self._forward()
                if target == name and source in row
            ]
            lowest = min(before, default=0)
            if self._is_aside(name) and not before:
                lowest = max((row[one] for one in row if not self._is_aside(one)), default=0) + 1
            while (self.column[name], lowest) in taken:
                lowest += 1
            row[name] = lowest
            taken.add((self.column[name], lowest))
        return row

    def _reserve_lanes(self) -> dict[tuple[str, str], int]:
        """Give each way that passes over columns a row that is free in all of them."""
        taken = {(self.column[name], self.row[name]) for name in self.states}
        lanes: dict[tuple[str, str], int] = {}
        for source, target in sorted(self._forward(), key=lambda pair: self._span(*pair)):
            between = range(self.column[source] + 1, self.column[target])
            if between:
                row = next(
                    place for place in range(self.row[source], 999)
                    if not any((column, place) in taken for column in between)
                )
                taken |= {(column, row) for column in between}
                lanes[source, target] = row
        return lanes

    def _span(self, source: str, target: str) -> int:
        return self.column[target] - self.column[source]

    # Measures ---------------------------------------------------------------------------------

    def _measure_columns(self) -> None:
        count = max(self.column.values()) + 1
        gaps = [float(NARROWEST_GAP)] * count
        for pair in self._forward():
            if pair not in self.lane_rows:
                width = text_width(self.label[pair], LABEL_SIZE) + 36
                gaps[self.column[pair[0]]] = max(gaps[self.column[pair[0]]], width)
        start = MARGIN + max(
            (text_width(self._stub_label(ways), LABEL_SIZE) / 2
             for name, ways in self.anywhere.items() if self.column[name] == 0), default=0
        )
        self.left = [start]
        for gap in gaps:
            self.left.append(self.left[-1] + BOX_WIDTH + gap)
        self.right = self.left[count - 1] + BOX_WIDTH

    def _measure_rows(self) -> None:
        with_boxes = set(self.row.values())
        last = max([*with_boxes, *self.lane_rows.values()])
        over = {self.row[source] for source, target in self.pairs if source == target}
        over |= {self.row[name] for name in self.anywhere}
        self.top: list[float] = []
        y = float(MARGIN)
        for place in range(last + 1):
            y += LOOP_HEIGHT if place in over else 0
            self.top.append(y)
            y += self.box_height + ROW_GAP if place in with_boxes else LANE_HEIGHT + ROW_GAP / 2
        self.bottom = y - ROW_GAP / 2

    def _box(self, name: str) -> Box:
        x, y = self.left[self.column[name]], self.top[self.row[name]]
        return Box(name, x, y, BOX_WIDTH, self.box_height, self.lines[name])

    # Lines ------------------------------------------------------------------------------------

    def _made(self, pair: tuple[str, str], path: str, x: float, y: float) -> Edge:
        names = tuple(one.name for one in self.pairs[pair])
        return Edge(*pair, path, self.label[pair], x, y, names)

    def _way(self, boxes: dict[str, Box], source: str, target: str) -> Edge:
        pair, first, last = (source, target), boxes[source], boxes[target]
        if source == target:
            x, y = first.x + first.width / 2, first.y
            bow = f"C{x + 34:g},{y - 26:g} {x - 34:g},{y - 26:g} {x - 22:g},{y:g}"
            return self._made(pair, f"M{x + 22:g},{y:g} {bow}", x, y - 24)
        x1, y1, x2, y2 = first.x + first.width, first.middle, last.x, last.middle
        if pair not in self.lane_rows:
            path, middle = f"M{x1:g},{y1:g} {_curve(x1, y1, x2, y2)}", (y1 + y2) / 2
            return self._made(pair, path, (x1 + x2) / 2, middle - 6)
        lane = self.top[self.lane_rows[pair]] + LANE_HEIGHT / 2
        enter = self.left[self.column[source] + 1]
        leave = self.left[self.column[target] - 1] + BOX_WIDTH
        path = (
            f"M{x1:g},{y1:g} {_curve(x1, y1, enter, lane)} L{leave:g},{lane:g} "
            f"{_curve(leave, lane, x2, y2)}"
        )
        return self._made(pair, path, (enter + leave) / 2, lane - 6)

    def _ways_back(self, boxes: dict[str, Box]) -> tuple[list[Edge], float]:
        """Return the ways back in lanes below, the shortest on top, and the lowest height."""
        found: list[Edge] = []
        lanes: list[list[tuple[float, float]]] = []
        ports: dict[str, int] = {}
        pairs = [pair for pair in self.pairs if self._is_back(*pair)]
        for pair in sorted(pairs, key=lambda one: self._span(one[1], one[0])):
            first, last = (boxes[name] for name in pair)
            x1, down = self._drop(first, ports, -1)
            x2, up = self._drop(last, ports, 1)
            half = text_width(self.label[pair], LABEL_SIZE) / 2 + 10
            low, high = min(x1, x2, (x1 + x2) / 2 - half), max(x1, x2, (x1 + x2) / 2 + half)
            lane = next(
                (place for place, spans in enumerate(lanes)
                 if all(high < start or low > end for start, end in spans)), len(lanes)
            )
            if lane == len(lanes):
                lanes.append([])
            lanes[lane].append((low, high))
            y = self.bottom + LANE_HEIGHT * (lane + 0.5)
            path = f"{down} {_corner(x1, y, x2)} {up}"
            found.append(self._made(pair, path, (x1 + x2) / 2, y - 5))
        return found, self.bottom + LANE_HEIGHT * len(lanes)

    def _drop(self, box: Box, ports: dict[str, int], side: int) -> tuple[float, str]:
        """Return where a way back leaves (``side`` -1) or enters (1) a box, and that piece."""
        place = ports[box.name] = ports.get(box.name, 0) + 1
        lower = any(
            self.column[name] == self.column[box.name] and self.row[name] > self.row[box.name]
            for name in self.states
        ) or any(
            self.row[box.name] < row and self._passes(pair, self.column[box.name])
            for pair, row in self.lane_rows.items()
        )
        if not lower:
            x = box.x + box.width / 2 + side * (14 * place - 6)
            end = box.y + box.height
            return x, f"M{x:g},{end:g}" if side < 0 else f"L{x:g},{end:g}"
        # Something stands below: go round it through the gap between the columns.
        y = box.y + box.height - 8 - 5 * place
        edge = box.x + (box.width if side > 0 else 0)
        x = edge + side * (10 + 7 * place)
        if side < 0:
            return x, f"M{edge:g},{y:g} L{x:g},{y:g}"
        return x, f"L{x:g},{y:g} L{edge:g},{y:g}"

    def _passes(self, pair: tuple[str, str], column: int) -> bool:
        return self.column[pair[0]] < column < self.column[pair[1]]

    def _stub_label(self, ways: Sequence[Transition]) -> str:
        return " / ".join(self.translate(one.label) for one in ways)

    def _stub(self, box: Box, ways: Sequence[Transition]) -> Edge:
        x = box.x + box.width / 2
        path = f"M{x:g},{box.y - 26:g} L{x:g},{box.y:g}"
        label = self._stub_label(ways)
        names = tuple(one.name for one in ways)
        return Edge("", box.name, path, label, x, box.y - 31, names)


def _gather(
    workflow: Workflow,
) -> tuple[dict[tuple[str, str], list[Transition]], dict[str, list[Transition]]]:
    """Return transitions by pair of states, and by target those from every open state."""
    pairs: dict[tuple[str, str], list[Transition]] = {}
    anywhere: dict[str, list[Transition]] = {}
    for one in sorted(workflow.transitions, key=lambda way: (way.order, way.name)):
        if EVERY_OPEN in one.sources:
            if one.target:
                anywhere.setdefault(one.target, []).append(one)
            continue
        for source in one.sources:
            pairs.setdefault((source, one.target or source), []).append(one)
    return pairs, anywhere


def _curve(x1: float, y1: float, x2: float, y2: float) -> str:
    bend = (x2 - x1) / 2
    return f"C{x1 + bend:g},{y1:g} {x2 - bend:g},{y2:g} {x2:g},{y2:g}"


def _corner(x1: float, y: float, x2: float) -> str:
    """Return a lane from ``x1`` to ``x2`` at height ``y`` with rounded corners from above."""
    turn = 8 if x2 > x1 else -8
    return (
        f"L{x1:g},{y - 8:g} Q{x1:g},{y:g} {x1 + turn:g},{y:g} "
        f"L{x2 - turn:g},{y:g} Q{x2:g},{y:g} {x2:g},{y - 8:g}"
    )
