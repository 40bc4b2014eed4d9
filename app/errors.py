"""The one hierarchy of errors that people are told of. Pure: every floor may raise them.

Operations and services raise these. Screens, the REST API, commands and jobs translate them in one
place each; nothing of what was asked for has been done when one is raised.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.i18n import N_, Message


def as_message(text: Any) -> Message:
    """Return a text as a message; what is a message already stays as it is.

    Args:
        text: a ``Message``, a message id, or a text that has been translated already.
    """
    return text if isinstance(text, Message) else Message(text)


class CarelineError(Exception):
    """Something that was asked for was not done.

    Attributes:
        message: why, for the person who asked.
    """

    def __init__(self, message: Message | str) -> None:
        self.message = as_message(message)
        super().__init__(str(self.message.msgid))

    def __str__(self) -> str:
        return str(self.message)


class Rejected(CarelineError, ValueError):
    """A rule, the state of the record or a missing right stands against it."""


class NotPermitted(Rejected):
    """The person may not do this, whatever the state of the record is."""


class Conflict(Rejected):
    """The database refuses: a unique value is taken, or something else depends on the row."""

    def __init__(self, message: Message | str = "") -> None:
        super().__init__(message or Message(
            N_("A value that must be unique is taken, or it belongs to something else.")
        ))


class AlreadyTaken(Rejected):
    """Somebody else took the record first.

    Attributes:
        record: the record as it is now.
        holder_id: id of the user who has it.
        holder_name: their name.
    """

    def __init__(self, record: Any, holder_id: int, holder_name: str) -> None:
        super().__init__(Message(N_("%(name)s has taken it already."), {"name": holder_name}))
        self.record, self.holder_id, self.holder_name = record, holder_id, holder_name


class Invalid(CarelineError, ValueError):
    """Values are missing or wrong.

    Attributes:
        errors: one message for each name of a field; an empty name stands for all of them.
    """

    def __init__(self, errors: Mapping[str, Message | str]) -> None:
        self.errors = {name: as_message(error) for name, error in errors.items()}
        super().__init__(next(iter(self.errors.values()), Message(N_("Some values do not fit."))))

    def __str__(self) -> str:
        return "; ".join(f"{name}: {error}" for name, error in self.errors.items())


class ProtectedField(Invalid):
    """A value was given for a field that only the product itself or a step of a workflow writes."""

    def __init__(self, *names: str) -> None:
        super().__init__(
            {name: Message(N_("This field is not changed this way.")) for name in sorted(names)}
        )


class StaleRecord(CarelineError):
    """Someone else changed the record since it was read.

    Attributes:
        record: the record as it is now.
        expected: version that the caller had read; ``None`` where that is not known.
        values: what the caller wanted to write.
    """

    def __init__(
        self, record: Any, expected: int | None = None, values: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(Message(N_("Someone changed the record meanwhile.")))
        self.record, self.expected, self.values = record, expected, values or {}

    def __str__(self) -> str:
        name = getattr(self.record, "number", None) or self.record
        return f"{name}: version {self.expected} is not the present one"
