"""Links of a record as its page shows them: what the reader may see, and what is not available."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.collaboration.links import RELATED, UNKNOWN_KIND, LinkedRecord
from app.host.host import current_host
from app.web.texts import translated


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ShownLink:
    """A link on a record's page.

    Attributes:
        label: what it means, translated.
        kind_label: what the other record is, translated.
        text: number and title of the other record.
        address: path of its page.
        icon: icon of its kind.
        other: kind and key of the other record, where people may take the link away.
    """

    label: str
    kind_label: str
    text: str
    address: str
    icon: str
    other: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ShownLinks:
    """The links of a record.

    Attributes:
        links: those that can be opened, the newest first.
        absent: how many lead to records whose plugin is not in force.
    """

    links: Sequence[ShownLink] = ()
    absent: int = 0

    def __bool__(self) -> bool:
        return bool(self.links or self.absent)


def shown_links(found: Iterable[LinkedRecord]) -> ShownLinks:
    """Return links as a page shows them.

    Args:
        found: what ``app.collaboration.links`` has found for the reader.
    """
    shown, absent = [], 0
    for one in found:
        kind = current_host().record_type(one.record_type)
        if one.summary is None or kind is None:
            absent += 1
            continue
        text = f"{one.summary.number} {one.summary.title}".strip()
        other = f"{one.record_type}:{one.record_id}"
        shown.append(ShownLink(label=translated(one.label), kind_label=translated(kind.label),
                               text=text, address=one.summary.address, icon=kind.icon,
                               other=other if one.kind == RELATED else ""))
    return ShownLinks(links=shown, absent=absent)


def link_text(fact: Mapping[str, Any]) -> str:
    """Return what a link means and to which kind of record it leads, for the history.

    The number is left out: whoever reads the history of one record may not see the other one.

    Args:
        fact: ``kind``, ``forward`` and ``record_type`` of the audit entry.
    """
    host = current_host()
    known = host.named("register_link_kinds", fact["kind"]) or UNKNOWN_KIND
    label = translated(known.forward if fact["forward"] else known.backward)
    kind = host.record_type(fact["record_type"])
    return label if kind is None else f"{label}: {translated(kind.label)}"
