"""The logo of the company, beside its name on pages and on paper; an admin sets it."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import struct

from sqlalchemy.orm import Session

from app.access.actor import Actor
from app.access.audit import record_act
from app.access.services import invalidate_rights
from app.access.versioned_cache import cached_until_change
from app.database import utcnow, write
from app.errors import Rejected
from app.i18n import N_, Message
from app.settings.models import PluginSettings
from app.settings.services import AUDIT_TYPE

NAME = "company_logo"
# It stands on every document, and in the row of a setting.
MOST_BYTES = 100_000
# A small file may hold a picture that fills the memory of whatever draws it.
MOST_PIXELS = 2_000
MEDIA_TYPE = "image/png"
# https://www.w3.org/TR/png-3/#5PNG-file-signature, and the size in the chunk that comes first.
_HEAD = struct.Struct(">8s4x4sII")
_PNG, _FIRST = b"\x89PNG\r\n\x1a\n", b"IHDR"


@dataclasses.dataclass(frozen=True, slots=True)
class Logo:
    """A picture.

    Attributes:
        body: content of a PNG file.
        key: changes with the content; stands in its address.
    """

    body: bytes
    key: str


def read_logo(body: bytes) -> Logo:
    """Return the logo that a file holds.

    Args:
        body: content of a file.

    Raises:
        Rejected: it is too large, or no PNG.
    """
    head = body[:_HEAD.size].ljust(_HEAD.size, b"\0")
    signature, first, width, height = _HEAD.unpack(head)
    if (signature, first) != (_PNG, _FIRST):
        raise Rejected(Message(N_("A logo is a PNG picture.")))
    if len(body) > MOST_BYTES or max(width, height) > MOST_PIXELS:
        raise Rejected(Message(
            N_("A logo may have %(bytes)s kB and %(pixels)s pixels on a side at most."),
            {"bytes": MOST_BYTES // 1000, "pixels": MOST_PIXELS}))
    return Logo(body, hashlib.sha256(body).hexdigest()[:16])


def logo_of(session: Session) -> Logo | None:
    """Return the logo of the company, if there is one; read once a change.

    Args:
        session: any session.
    """
    return cached_until_change(session, f"settings.{NAME}", lambda: _held(session))


def _held(session: Session) -> Logo | None:
    row = session.get(PluginSettings, NAME)
    return None if row is None or not row.content else read_logo(
        base64.b64decode(row.content["picture"]))


def save_logo(session: Session, actor: Actor, logo: Logo | None) -> None:
    """Keep a logo, or take it away; on every page from the next request on.

    Args:
        session: session without unsaved changes.
        actor: who acts.
        logo: the logo; ``None`` for none.
    """
    with write(session):
        row = session.get(PluginSettings, NAME) or PluginSettings(name=NAME, version=0, content={})
        before = row.content.get("key", "")
        row.content = {} if logo is None else {
            "picture": base64.b64encode(logo.body).decode(), "key": logo.key}
        row.version += 1
        row.changed_at, row.changed_by = utcnow(), actor.name[:128]
        session.add(row)
        record_act(session, actor, "settings", record_type=AUDIT_TYPE, number=NAME,
                   changes={"logo": [before, logo.key if logo else ""]})
        invalidate_rights(session)
