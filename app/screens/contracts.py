"""What views hand to their templates: choices, chips, actions, timeline entries (pure)."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any


@dataclasses.dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that a column can hold.

    Attributes:
        value: what is stored.
        label: shown text; a message id or lazy.
        tone: ``good``, ``warn``, ``bad``, ``calm`` or ``still``; empty shows plain text.
        icon: icon beside the text, so that colour is never alone.
    """

    value: Any
    label: Any
    tone: str = ""
    icon: str = ""


def drawn(
    pairs: Sequence[tuple[str, str]], tones: Mapping[str, tuple[str, str]] | None = None
) -> list[Choice]:
    """Return values with their labels as choices of a screen.

    Args:
        pairs: value and label (message id).
        tones: tone and icon by value.
    """
    return [Choice(value, label, *(tones or {}).get(value, ())) for value, label in pairs]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A small mark in the header of a record: a deadline, a warning, a tag.

    Attributes:
        label: shown text.
        tone: see ``Choice``.
        icon: icon beside the text.
        title: longer text shown on hover and read aloud.
    """

    label: Any
    tone: str = "still"
    icon: str = ""
    title: Any = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ActionOffer:
    """Something that can be done with a record now, or cannot and why.

    Attributes:
        name: identifier.
        label: text of the button.
        icon: icon of the button.
        primary: whether it is what usually comes next.
        blocked_reason: why it cannot be done now; empty when it can.
        form: WTForms form class asked for first, or a call that makes such a form; ``None`` acts
            at once.
        confirm: question asked first when there is no form.
        permission: pair of permission and view that is needed; none needs nothing beyond seeing.
        bulk: whether it is offered for several records at once.
        danger: whether it destroys something.
    """

    name: str
    label: Any
    icon: str = ""
    primary: bool = False
    blocked_reason: Any = ""
    form: Callable[..., Any] | None = None
    confirm: Any = ""
    permission: tuple[str, str] | None = None
    bulk: bool = False
    danger: bool = False

    @property
    def needs_dialog(self) -> bool:
        """Whether something is asked before it is done."""
        return self.form is not None or bool(self.confirm)


@dataclasses.dataclass(frozen=True, slots=True)
class RowOffers:
    """What a row of a list offers by itself.

    Attributes:
        claim: takes a record that nobody has; it stands in the owner's cell.
        usual: what usually comes next; it stands at the end of the row.
    """

    claim: ActionOffer | None = None
    usual: ActionOffer | None = None


# More changes at once are folded on a timeline.
MOST_CHANGES_SHOWN = 6


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field's value before and after."""

    label: Any
    before: Any
    after: Any


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One thing that happened to a record.

    Attributes:
        at: when, aware.
        who: name of the person, or empty for the product itself.
        what: what was done, e.g. "changed".
        kind: ``comment``, ``progress``, ``change``, ``transition``, ``file``, ``record`` (it
            happened to another record, which ``url`` leads to) or ``system``.
        text: words of a comment or the reason given.
        changes: values before and after.
        url: where a file or a related record is found.
        icon: icon; by kind when empty.
        preview: ``image`` or ``pdf`` for a file that can be shown in place.
        together: whether it is part of a change of several records at once.
        log_id: line of the workflow's log that a transition wrote; ``None`` where none is known.
    """

    at: dt.datetime
    who: str
    what: Any
    kind: str = "system"
    text: str = ""
    changes: tuple[FieldChange, ...] = ()
    url: str = ""
    icon: str = ""
    preview: str = ""
    together: bool = False
    log_id: int | None = None

    @property
    def is_folded(self) -> bool:
        """Whether only the number of its changes is shown until it is opened."""
        return bool(self.changes) and (self.together or len(self.changes) > MOST_CHANGES_SHOWN)

    @property
    def is_noise(self) -> bool:
        """Whether it is folded away unless asked for."""
        return self.kind == "system"


@dataclasses.dataclass(frozen=True, slots=True)
class ShownWhen:
    """A condition on another field of the same form.

    Attributes:
        field: name of that field.
        values: the field is shown while that one holds any of them; none means anything at all.
    """

    field: str
    values: tuple[Any, ...] = ()

    @property
    def rule(self) -> list[Any]:
        """The condition as the page's script reads it: field, comparison, value."""
        if self.values:
            return [self.field, "one_of", [str(one) for one in self.values]]
        return [self.field, "filled", None]

    def holds(self, value: Any) -> bool:
        """Return whether the condition is true of what the other field holds."""
        if not self.values:
            return value not in (None, "", False, [])
        held = value if isinstance(value, list | tuple) else [value]
        return any(one in self.values for one in held)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A group of fields on a form or a record page.

    Attributes:
        title: heading; empty for the first group.
        fields: names of columns in order.
        wide: those of them that take the whole width.
        shown_when: when the group is asked for; always without it.
        folded: whether a form shows the heading alone until somebody unfolds the group; one with
            something to correct is open.
    """

    title: Any = ""
    fields: tuple[str, ...] = ()
    wide: tuple[str, ...] = ()
    shown_when: ShownWhen | None = None
    folded: bool = False


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SavedList:
    """A list that comes with a view: a tab above the list, for everyone who may list.

    Attributes:
        name: identifier; letters and underscores.
        title: text of the tab.
        filters: values by address argument, e.g. ``{"owner__in": ["me"]}``.
        sort: column, with ``-`` in front for large values first; the view's own by default.
        columns: columns shown; the person's own by default.
        mode: empty for the table, ``board`` or ``calendar``.
    """

    name: str
    title: Any
    filters: Mapping[str, Sequence[str]] = dataclasses.field(default_factory=dict)
    sort: str = ""
    columns: tuple[str, ...] = ()
    mode: str = ""


