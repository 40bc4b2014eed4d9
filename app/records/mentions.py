"""Names typed in a comment after ``@``: whom they mean, and which mean nobody."""

# Not strict: Flask-AppBuilder and Flask-Babel come without types.
# pyright: basic

from __future__ import annotations

import dataclasses
import re
from collections.abc import Collection, Iterable, Mapping
from typing import TypeVar

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.access.bulk_authorization import users_among_who_can_see
from app.people.models import Staff
from app.records.mixin import Record

_MOST_READ = 20
# As long as the name of a member of staff may be.
_LONGEST_NAME = 120
# Not within an address of electronic mail, and not after another "@".
_AT = re.compile(r"(?<![A-Za-z0-9_.+@-])@(?=\w)")
_WORD = re.compile(r"[\w·.-]*\w")
_LATIN = re.compile(r"[A-Za-z0-9_]")
Found = TypeVar("Found")


@dataclasses.dataclass(frozen=True, slots=True)
class Names:
    """What the names of a text mean.

    Attributes:
        people: users whom they mean, in order.
        unknown: names that mean nobody who may see the record, as they were typed.
        several: names that more than one person bears.
    """

    people: tuple[int, ...] = ()
    unknown: tuple[str, ...] = ()
    several: tuple[str, ...] = ()


def read_names(
    session: Session, record: Record, text: str, chosen: Collection[int], view: str
) -> Names:
    """Return whom a text names: by name or sign-in name, the longest that fits.

    A person who may not see the record is as if there were none. Three statements at most, none
    where nothing is named.

    Args:
        session: any session.
        record: the record on which it is written.
        text: what was typed.
        chosen: users taken from the list while it was typed; of several persons of one name they
            are the ones who are meant.
        view: name of the view whose ``can_show`` those people need.
    """
    places = {
        _plain(text[at.end():at.end() + _LONGEST_NAME]): at.end() for at in _AT.finditer(text)
    }
    tails = list(places)[:_MOST_READ]
    if not tails:
        return Names(tuple(chosen))
    bearers = _bearers(session, record, {name for tail in tails for name in _prefixes(tail)}, view)
    people: list[int] = list(chosen)
    unknown: list[str] = []
    several: list[str] = []
    for tail in tails:
        name = next((one for one in _prefixes(tail) if one in bearers), None)
        if name is None:
            unknown.append(_word_at(text, places[tail]))
        elif len(bearers[name]) == 1:
            people += bearers[name]
        elif not bearers[name] & set(chosen):
            several.append(text[places[tail]:places[tail] + len(name)])
    return Names(_once(people), _once(unknown), _once(several))


def _word_at(text: str, place: int) -> str:
    found = _WORD.match(text, place)
    return found[0] if found is not None else ""


def _once(found: Iterable[Found]) -> tuple[Found, ...]:
    return tuple(dict.fromkeys(found))


def _bearers(
    session: Session, record: Record, names: Collection[str], view: str
) -> Mapping[str, set[int]]:
    """Return those who may see the record by each of the names that they bear."""
    wanted = list(names)
    rows = session.execute(
        select(User.id, User.username, Staff.name, Staff.department_id, Staff.team_id)
        .join(Staff, Staff.user_id == User.id)
        .where(User.active.is_(True), or_(
            func.replace(func.lower(Staff.name), "·", " ").in_(wanted),
            func.lower(User.username).in_(wanted),
        ))
    ).all()
    seeing = users_among_who_can_see(
        session, {row.id: (row.department_id, row.team_id) for row in rows}, record, view
    )
    found: dict[str, set[int]] = {}
    for row in rows:
        if row.id in seeing:
            for name in {_plain(row.name), _plain(row.username)}:
                found.setdefault(name, set()).add(row.id)
    return found


def _plain(text: str) -> str:
    """Return a text for comparison; the list writes a space within a name as a dot."""
    return text.lower().replace("·", " ")


def _prefixes(tail: str) -> list[str]:
    """Return beginnings that may be a name, the longest first; a Latin word is never cut."""
    return [
        tail[:end] for end in range(len(tail), 0, -1)
        if not tail[end - 1].isspace()
        and not (end < len(tail) and _LATIN.match(tail[end - 1]) and _LATIN.match(tail[end]))
    ]
