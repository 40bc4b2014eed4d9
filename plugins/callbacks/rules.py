"""What follows from the outcome of a contact: call again, give up, or close. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum


class Next(enum.StrEnum):
    """What happens to a callback after a contact."""

    WAIT = "wait"
    GIVE_UP = "give_up"
    CLOSE = "close"


@dataclasses.dataclass(frozen=True, slots=True)
class Meaning:
    """What an outcome means, and its retry rule.

    Attributes:
        reached: the right person was spoken to or has answered.
        human: somebody answered, whoever it was.
        do_not_call: the customer does not want to be contacted about this again.
        unworkable: the contact data are of no use.
        call_again: another contact follows.
        finished: the callback has fulfilled its purpose.
        delay: pause until the next contact where none was agreed.
        most_tries: contacts at most, the present one included; at least 1.
    """

    reached: bool = False
    human: bool = False
    do_not_call: bool = False
    unworkable: bool = False
    call_again: bool = False
    finished: bool = False
    delay: dt.timedelta = dt.timedelta(hours=4)
    most_tries: int = 3

    def contradictions(self) -> tuple[str, ...]:
        """Return the names of the flags that contradict another one, in order."""
        ends = self.finished or self.do_not_call or self.unworkable
        found = []
        if self.reached and not self.human:
            found.append("reached")
        if self.call_again == ends:
            found.append("call_again")
        # A message that was sent finishes a callback although nobody has answered.
        unheard = self.human and not self.reached
        if self.finished and (self.do_not_call or self.unworkable or unheard):
            found.append("finished")
        return tuple(found)


@dataclasses.dataclass(frozen=True, slots=True)
class Decision:
    """What happens after a contact.

    Attributes:
        next: what.
        at: when the next contact is due, aware; ``None`` unless ``next`` is ``WAIT``.
    """

    next: Next
    at: dt.datetime | None = None


def after_contact(
    meaning: Meaning, tries: int, now: dt.datetime, agreed: dt.datetime | None = None
) -> Decision:
    """Return what follows from a contact.

    A time that the customer has agreed to is a promise: it holds whatever the number of tries.

    Args:
        meaning: of the outcome.
        tries: contacts so far, the present one included.
        now: when the contact was made, aware.
        agreed: when the customer wants the next contact, aware; ``None`` where nothing was agreed.
    """
    if meaning.finished or meaning.do_not_call:
        return Decision(Next.CLOSE)
    if meaning.unworkable:
        return Decision(Next.GIVE_UP)
    if agreed is not None:
        return Decision(Next.WAIT, max(agreed, now))
    if tries >= meaning.most_tries:
        return Decision(Next.GIVE_UP)
    return Decision(Next.WAIT, now + meaning.delay)
