"""By which rules sheets are filled in, rated, objected to, signed and replaced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from app.sdk import N_
from app.sdk.errors import Invalid, NotPermitted, Rejected
from app.sdk.forms import ScoredForm, answered, is_shown, open_items
from app.sdk.people import local_today
from app.sdk.records import operations_of
from app.sdk.services import (
    Actor,
    confirm_password,
    confirm_signatures,
    notice_kinds,
    record_act,
    settings_of,
    utcnow,
    write,
)
from app.sdk.workflow import Message
from plugins.appraisals.choices import (
    FILLING,
    RATING,
    RELEASED,
    SIGNED,
    SIGNING,
)
from plugins.appraisals.cycles.models import Cycle
from plugins.appraisals.rules.chain import APPRAISER, SUBJECT
from plugins.appraisals.rules.setup import Planned
from plugins.appraisals.settings import chain_of
from plugins.appraisals.shared import tell_people
from plugins.appraisals.sheets.answering import (
    files_of,
    left_out_of,
    own_items,
    rated_items,
    read,
    signer,
)
from plugins.appraisals.sheets.calculation import (
    columns_of,
    computed,
    form_of,
    hash_of,
    not_counting,
    to_freeze,
)
from plugins.appraisals.sheets.facts import PeriodFacts
from plugins.appraisals.sheets.managing import (
    NOT_NOW,
    NOT_YOURS,
    ManagedSheets,
    at_step,
    tell_appraiser,
)
from plugins.appraisals.sheets.models import Sheet, Signature
from plugins.appraisals.sheets.signing import (
    acting,
    held_posts,
    let_read,
    next_signature,
    open_objections,
)


class SheetOperations(ManagedSheets):
    """Operations on sheets; each step has its person."""

    # --- beginning -----------------------------------------------------------------------------
    def open(self, session: Session, actor: Actor, cycle: Cycle, planned: Planned,
             place: Mapping[str, Any]) -> Sheet:
        """Make the sheet of a person for a cycle; whoever opens several tells them afterwards.

        Args:
            session: session with a running write.
            actor: who opens the cycle.
            cycle: the cycle.
            planned: the person with appraiser and form.
            place: department and team of the person, by column.
        """
        assert planned.form is not None and planned.form.version_id is not None
        return self._insert(session, actor, {
            "cycle_id": cycle.id, "starts_on": cycle.starts_on, "ends_on": cycle.ends_on,
            "owner_id": planned.member.user_id, "appraiser_id": planned.appraiser_id,
            "form_version_id": planned.form.version_id, "post_id": planned.form.post_id,
            "quota": planned.form.quota, **place}, "")

    # --- filling in ----------------------------------------------------------------------------
    def fill(
        self, session: Session, actor: Actor, sheet: Sheet, typed: Mapping[str, Any],
        version: int | None, *, hands_in: bool,
    ) -> None:
        """Store what the person appraised has written, and hand it to the appraiser.

        Args:
            session: session without unsaved changes, or within a write.
            actor: the person.
            sheet: the sheet.
            typed: what was typed, by name of the item, passwords of signatures among it.
            version: version that the person has seen.
            hands_in: whether the appraiser goes on.

        Raises:
            Rejected: the sheet is not being filled in.
            NotPermitted: it is somebody else's.
            Invalid: an answer cannot be read, or one of the person's own is missing.
            StaleRecord: it was changed since.
        """
        typed = confirm_signatures(session, actor, typed)
        with write(session):
            self.take(session, sheet, version, typed)
            self.require(actor.user_id == sheet.owner_id, sheet.status == FILLING)
            form = form_of(session, sheet)
            own = own_items(form)
            found = answered(form, own, sheet.answers, typed, signer(actor),
                             files_of(session, sheet))
            thought = read([item for item in rated_items(form) if item.is_scored], typed)
            errors = {**found.errors, **thought.errors}
            if hands_in:
                errors |= {item.name: Message(N_("This has to be filled in."))
                           for item in own if item.required and not found.answers.get(item.name)
                           and is_shown(item, found.answers)}
            if errors:
                raise Invalid(errors)
            values: dict[str, Any] = {
                "answers": found.answers, "self_answers": thought.answers}
            if hands_in:
                held = computed(session, form, sheet, answers=values["answers"])
                values |= {"answers": held.answers, "facts": held.facts, **at_step(RATING)}
            self.store(session, actor, sheet, values)
            if hands_in:
                tell_appraiser(session, actor, sheet)

    def rate(
        self, session: Session, actor: Actor, sheet: Sheet, typed: Mapping[str, Any],
        left_out: Iterable[str], reason: str, version: int | None, *, passes_on: bool,
    ) -> None:
        """Store what the appraiser has rated, and begin the signatures.

        Args:
            session: session without unsaved changes, or within a write.
            actor: the appraiser.
            sheet: the sheet.
            typed: what was typed, by name of the item, passwords of signatures among it.
            left_out: names of items that do not count; the others grow in proportion.
            reason: why they do not count.
            version: version that the appraiser has seen.
            passes_on: whether the signatures begin.

        Raises:
            Rejected: the sheet is not being rated, its period has not ended, or a post has nobody.
            NotPermitted: somebody else appraises.
            Invalid: an answer cannot be read, or is missing.
            StaleRecord: it was changed since.
        """
        typed = confirm_signatures(session, actor, typed)
        with write(session):
            self.take(session, sheet, version, typed)
            self.require(actor.user_id == sheet.appraiser_id, sheet.status == RATING)
            form = form_of(session, sheet)
            found = answered(form, rated_items(form), sheet.answers, typed, signer(actor),
                             files_of(session, sheet))
            gone = left_out_of(form, left_out)
            errors = dict(found.errors)
            if gone and not reason.strip():
                errors["left_out_reason"] = Message(N_("Say why these items do not count."))
            if errors:
                raise Invalid(errors)
            held = computed(session, form, sheet, decided=gone, answers=found.answers)
            self.store(session, actor, sheet, {
                **columns_of(session, held), "left_out": gone,
                "left_out_reason": reason.strip()[:400] if gone else ""})
            if passes_on:
                self._begin_signatures(session, actor, sheet, form)

    def compute(
        self, session: Session, actor: Actor, sheet: Sheet, form: ScoredForm, known: PeriodFacts
    ) -> bool:
        """Store the figures of now on a sheet whose figures are not frozen.

        Args:
            session: session with a running write.
            actor: on whose behalf.
            sheet: the sheet, read anew by ``take``.
            form: version of its form.
            known: facts of its period, read for several people.

        Returns:
            Whether anything has changed.
        """
        if sheet.is_settled:
            return False
        held = computed(session, form, sheet, known=known)
        return bool(self.store(session, actor, sheet, columns_of(session, held)))

    # --- signatures ----------------------------------------------------------------------------
    def _begin_signatures(
        self, session: Session, actor: Actor, sheet: Sheet, form: ScoredForm
    ) -> None:
        if local_today() < sheet.ends_on:
            raise Rejected(Message(N_("The period has not ended yet.")))
        missing = open_items(form, sheet.answers, not_counting(
            sheet.left_out, sheet.facts, sheet.weights))
        if missing:
            raise Invalid({item.name: Message(N_("This has to be filled in."))
                           for item in missing})
        if sheet.score is None:
            raise Rejected(Message(N_("Nothing counts on this sheet: mark the person as absent.")))
        for place, part in enumerate(self._chain(session, sheet)):
            session.add(Signature(sheet_id=sheet.id, place=place, part=part))
        self.store(session, actor, sheet, {"status": SIGNING})
        self.go_on(session, actor, sheet)

    def _chain(self, session: Session, sheet: Sheet) -> list[str]:
        """Return the parts that sign; posts that only the person holds are passed over."""
        parts = chain_of(settings_of(session, "appraisals"))
        posts = [part for part in parts if part not in (SUBJECT, APPRAISER)]
        held = held_posts(session, posts)
        for post in posts:
            if post not in held:
                raise Rejected(Message(
                    N_("Nobody holds the post %(post)s, which has to sign."), {"post": post}))
        by_others = held_posts(session, posts, sheet.owner_id)
        return [part for part in parts if part not in posts or part in by_others]

    def go_on(self, session: Session, actor: Actor, sheet: Sheet) -> None:
        """Tell those whose signature is next, or end the chain; within a running write."""
        row = next_signature(session, sheet)
        if row is None:
            self.store(session, actor, sheet, {"status": SIGNED, "signed_at": utcnow()})
            return
        self.store(session, actor, sheet, at_step())
        people = [one.user_id for one in acting(session, sheet, row.part)]
        let_read(session, sheet, people)
        tell_people(session, people, notice_kinds.WAITING,
                    N_("An appraisal waits for your signature."), record=sheet,
                    by=actor.user_id)

    def sign(
        self, session: Session, actor: Actor, sheet: Sheet, statement: str, password: str,
        version: int | None, seen: str = "",
    ) -> None:
        """Sign at the place that waits, as the person, the appraiser, a holder or a deputy.

        The first signature freezes the figures.

        Args:
            session: session outside of any write.
            actor: who signs.
            sheet: the sheet.
            statement: what the person says with it; may be empty.
            password: the actor's password, entered again.
            version: version that the person has seen.
            seen: digest of the figures that the person has seen; empty where nobody looked.

        Raises:
            Invalid: the password is wrong.
            NotPermitted: the place is somebody else's.
            Rejected: no place waits, an objection is open, the figures have changed since they
                were seen, or they were tampered with.
            StaleRecord: the sheet was changed since.
        """
        confirm_password(session, actor, password)
        self.put_signature(session, actor, sheet, statement, version, seen)

    def put_signature(
        self, session: Session, actor: Actor, sheet: Sheet, statement: str, version: int | None,
        seen: str = "",
    ) -> None:
        """Sign without asking for the password, for a caller who knows that it is the actor.

        Arguments and errors are those of ``sign``.
        """
        with write(session):
            self.take(session, sheet, version)
            row = next_signature(session, sheet)
            if row is None:
                raise Rejected(NOT_NOW)
            holder = next((one for one in acting(session, sheet, row.part)
                           if one.user_id == actor.user_id), None)
            if holder is None:
                raise NotPermitted(NOT_YOURS)
            self._require_settled(session, sheet)
            found = self.freeze(session, actor, sheet, seen)
            row.signed_by_id, row.in_place_of_id = actor.user_id, holder.deputy_for
            row.statement, row.signed_at = statement.strip()[:1000], utcnow()
            row.content_hash = found
            session.flush()
            record_act(session, actor, "sign", record_type=sheet.__record_type__,
                       record_id=sheet.id, number=sheet.number, reason=row.statement,
                       changes={"part": row.part, "sha256": found,
                                "in_place_of": holder.deputy_for})
            self.go_on(session, actor, sheet)

    def freeze(self, session: Session, actor: Actor, sheet: Sheet, seen: str = "") -> str:
        """Freeze the figures if they are not, and return the hash of what a sheet says.

        Args:
            session: session with a running write.
            actor: who signs, or the system.
            sheet: a sheet that is being signed.
            seen: digest of the figures that the person has seen; empty where nobody looked.

        Raises:
            Rejected: the figures have changed since they were seen, or were tampered with.
        """
        if not sheet.frozen_hash:
            self.store(session, actor, sheet, to_freeze(session, sheet, seen))
            self.store(session, actor, sheet, {"frozen_hash": hash_of(session, sheet)})
            return sheet.frozen_hash
        if sheet.frozen_hash != hash_of(session, sheet):
            raise Rejected(Message(N_("The figures are not those that were signed.")))
        return sheet.frozen_hash

    def _require_settled(self, session: Session, sheet: Sheet) -> None:
        if open_objections(session, sheet.id):
            raise Rejected(Message(N_("An objection has not been answered yet.")))

    def release(self, session: Session, actor: Actor, sheet: Sheet) -> None:
        """Release a signed sheet; called with all sheets of a cycle in one transaction."""
        self.store(session, actor, sheet, {"status": RELEASED, "released_at": utcnow()})
        tell_people(session, [sheet.owner_id], notice_kinds.MOVED,
                    N_("Your appraisal has been released."), record=sheet, by=actor.user_id)


def sheet_operations() -> SheetOperations:
    """Return the operations on sheets."""
    found = operations_of(Sheet)
    assert isinstance(found, SheetOperations)
    return found
