"""A workflow as an SVG picture with a record's place in it. Pure.

The picture carries classes and presentation attributes only, no style attribute and no script, so
that it lives under a strict content security policy; ``currentColor`` makes it readable in light
and dark before any stylesheet. State and way are told by shape and line, never by colour alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from html import escape

from app.i18n import N_
from app.workflow.definition import Category, Workflow
from app.workflow.layout import (
    LABEL_SIZE,
    LINE_HEIGHT,
    TEXT_SIZE,
    Box,
    Edge,
    lay_out,
)

# Waiting and cancelled states are told by their border.
_DASHES = {
    Category.WAITING: ' stroke-dasharray="6 4"',
    Category.CANCELLED: ' stroke-dasharray="2 4"',
}


def draw(
    workflow: Workflow,
    current: str = "",
    taken: Collection[str] = (),
    translate: Callable[[str], str] = str,
    element_id: str = "workflow",
) -> str:
    """Return the picture as the text of one ``svg`` element.

    Args:
        workflow: a workflow without faults.
        current: the state in which the record stands; empty for none.
        taken: transitions that the record has taken, as ``transition:source`` texts.
        translate: gives the text shown for a message id.
        element_id: unique in the page; ids inside begin with it.
    """
    layout = lay_out(workflow, translate)
    visited = _visited(workflow, taken)
    title = translate(workflow.title)
    spoken = title
    if current:
        state = translate(workflow.state(current).label)
        spoken = translate(N_("%(title)s, now: %(state)s")) % {"title": title, "state": state}
    mark = escape(element_id, quote=True)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="workflow-drawing" id="{mark}" role="img" '
        f'aria-label="{escape(spoken, quote=True)}" width="{layout.width:.0f}" '
        f'height="{layout.height:.0f}" viewBox="0 0 {layout.width:.0f} {layout.height:.0f}">',
        f"<title>{escape(spoken)}</title>",
        f'<defs>{_arrow(mark, "way")}{_arrow(mark, "taken")}</defs>',
    ]
    parts += [_way(one, _is_taken(one, taken), mark) for one in layout.ways]
    parts += [_label(one, _is_taken(one, taken)) for one in layout.ways]
    for box in layout.boxes:
        parts.append(_box(workflow, box, box.name == current, box.name in visited))
    return "".join([*parts, "</svg>"])


def taken_key(transition: str, source: str) -> str:
    """Return how ``draw`` names a transition that was taken."""
    return f"{transition}:{source}"


def _is_taken(way: Edge, taken: Collection[str]) -> bool:
    if way.source:
        return any(taken_key(name, way.source) in taken for name in way.transitions)
    return any(key.partition(":")[0] in way.transitions for key in taken)


def _visited(workflow: Workflow, taken: Collection[str]) -> set[str]:
    known = {one.name for one in workflow.transitions}
    keys = [key.partition(":") for key in taken]
    pairs = [(name, source) for name, _, source in keys if name in known]
    sources = {source for _, source in pairs}
    targets = {workflow.target_of(workflow.transition(name), source) for name, source in pairs}
    return sources | targets


def _arrow(mark: str, kind: str) -> str:
    return (
        f'<marker id="{mark}-{kind}" class="workflow-arrow workflow-arrow-{kind}" '
        'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto" '
        'markerUnits="userSpaceOnUse"><path d="M0,0 L8,4 L0,8 z" fill="currentColor"/></marker>'
    )


def _way(way: Edge, taken: bool, mark: str) -> str:
    kind, width = ("taken", 2.5) if taken else ("way", 1.25)
    more = " is-taken" if taken else ""
    return (
        f'<path class="workflow-way{more}" d="{way.path}" fill="none" stroke="currentColor" '
        f'stroke-width="{width}" marker-end="url(#{mark}-{kind})"/>'
    )


def _label(way: Edge, taken: bool) -> str:
    more = " is-taken" if taken else ""
    return (
        f'<text class="workflow-label{more}" x="{way.label_x:.1f}" y="{way.label_y:.1f}" '
        f'font-size="{LABEL_SIZE}" text-anchor="middle" fill="currentColor">'
        f"{escape(way.label)}</text>"
    )


def _box(workflow: Workflow, box: Box, current: bool, visited: bool) -> str:
    state = workflow.state(box.name)
    classes = f"workflow-state is-{state.category} colour-{escape(state.colour, quote=True)}"
    classes += " is-current" if current else ""
    classes += " is-visited" if visited else ""
    width, dashes = 3 if current else 1.25, _DASHES.get(state.category, "")
    first = box.middle - LINE_HEIGHT * (len(box.lines) - 1) / 2 + TEXT_SIZE * 0.36
    x = box.x + box.width / 2
    lines = "".join(
        f'<tspan x="{x:g}" y="{first + LINE_HEIGHT * place:.1f}">{escape(line)}</tspan>'
        for place, line in enumerate(box.lines)
    )
    parts = [
        f'<g class="{classes}" data-state="{escape(box.name, quote=True)}">',
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="8" '
        f'fill="none" stroke="currentColor" stroke-width="{width}"{dashes}/>',
    ]
    if state.category.is_final:
        parts.append(
            f'<rect x="{box.x + 4:g}" y="{box.y + 4:g}" width="{box.width - 8:g}" '
            f'height="{box.height - 8:g}" rx="5" fill="none" stroke="currentColor" '
            'stroke-width="1" class="workflow-final"/>'
        )
    weight = ' font-weight="700"' if current else ""
    parts.append(
        f'<text font-size="{TEXT_SIZE}" text-anchor="middle" fill="currentColor"{weight}>'
        f"{lines}</text>"
    )
    if current:
        y = box.y
        parts.append(
            f'<path class="workflow-here" d="M{box.x + 8:g},{y - 9:g} h14 l-7,11 z" '
            'fill="currentColor"/>'
        )
    elif visited:
        parts.append(
            f'<circle class="workflow-badge" cx="{box.x + 6:g}" cy="{box.y + 4:g}" r="9" '
            'fill="none" stroke="currentColor"/>'
            f'<path class="workflow-tick" d="M{box.x + 2:g},{box.y + 4:g} l3,4 l6,-7" '
            'fill="none" stroke="currentColor" stroke-width="2"/>'
        )
    return "".join([*parts, "</g>"])

