"""By which rules certificates are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.records import AvailableAction, Done, MadeByProduct
from app.sdk.services import Actor, notice_kinds, tell
from app.sdk.workflow import Field, Form, Kind, Message
from plugins.training.access import CERTIFICATE
from plugins.training.certificates.models import Certificate

REVOKE = "revoke"
_REVOKE_FORM = Form.of("revoke", Field("reason", Kind.LONG_TEXT, N_("Reason"), True, length=400),
                       title=N_("Revoke the certificate"))


class CertificateOperations(MadeByProduct):
    """Operations on certificates: they are earned, end by themselves, and may be revoked."""

    def actions(
        self, session: Session, actor: Actor, record: Certificate
    ) -> Sequence[AvailableAction]:
        """Return that a certificate may be revoked by others than its owner."""
        if record.is_away or record.revoked:
            return ()
        blocked = Message(N_("Nobody revokes a certificate of their own.")) \
            if record.owner_id == actor.user_id else None
        return [AvailableAction(
            name=REVOKE, label=N_("Revoke"), icon="ban", form=_REVOKE_FORM, blocked=blocked,
            permission=("can_revoke", CERTIFICATE))]

    def carry_out(
        self, session: Session, actor: Actor, record: Certificate, name: str,
        values: Mapping[str, Any],
    ) -> Done:
        """Revoke a certificate, and tell its owner why."""
        self.store(session, actor, record, {"revoked": True, "revoked_reason": values["reason"]},
                   reason=values["reason"])
        tell(session, [record.owner_id], notice_kinds.MOVED,
             N_("Your certificate %(course)s was revoked: %(reason)s"),
             values={"course": record.course.name, "reason": values["reason"]}, record=record,
             by=actor.user_id)
        return Done(Message(N_("The certificate is revoked.")))
