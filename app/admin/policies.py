"""The page of a deadline policy: edited as versions, rehearsed on the clocks that run."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.sqla.models import Role
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.admin.pages import UNPROCESSABLE, PageView
from app.deadlines.models import PolicyRow
from app.deadlines.policies import ClockKind, ClockRule, Measure, Policy
from app.deadlines.policy_editing import MOST_LEVELS, edited, values_of
from app.deadlines.policy_store import policy_of, publish_policy
from app.deadlines.policy_trial import Rehearsal, follow, rehearse
from app.errors import Invalid
from app.host.host import current_host
from app.people.services import names_of
from app.screens.records.relation_labels import relation_label, role_label
from app.screens.workflow.extensions import amount_text, approver_text
from app.sdk import N_
from app.sdk.jobs import JobContext, JobKind, enqueue
from app.sdk.screens import current_person, page_language, requires
from app.sdk.services import db, record_act, scope_filter, utcnow, write
from app.workflow.actor_relations import relation_names

FOLLOW = "deadlines.follow"
MOST_VERSIONS = 10
MEASURES = {
    Measure.WORKING_MINUTES: N_("working hours"), Measure.WORKING_DAYS: N_("working days"),
    Measure.CALENDAR_MINUTES: N_("hours around the clock"),
    Measure.CALENDAR_DAYS: N_("calendar days"), Measure.CALENDAR_MONTHS: N_("calendar months"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class Version:
    """A published version and how it differs from the one before it.

    Attributes:
        row: the version.
        who: who published it; empty for what came with the product.
        changes: sentences.
    """

    row: PolicyRow
    who: str
    changes: list[str]


def local(item: Any, name: str) -> str:
    """Return a title or source in the language of the page."""
    chinese = getattr(item, f"{name}_zh") if page_language() == "zh" else ""
    return chinese or getattr(item, name)


def differences(before: Policy, after: Policy) -> list[str]:
    """Return in words what differs between two versions of a policy.

    Args:
        before: the earlier version.
        after: the later one.
    """
    held = {rule.key: _lines(rule) for rule in before.clocks}
    found = []
    for rule in after.clocks:
        title = local(rule, "title")
        if rule.key not in held:
            found.append(gettext("%(clock)s: new", clock=title))
            continue
        found += [f"{title} · {what}: {held[rule.key][what]} → {text}"
                  for what, text in _lines(rule).items() if held[rule.key][what] != text]
    return found


def _lines(rule: ClockRule) -> dict[str, str]:
    nothing = gettext("none")
    return {
        gettext("Length"): amount_text(rule.measure, rule.amount),
        gettext("Warnings"): ", ".join(f"{one * 100:g} %" for one in rule.warn_at) or nothing,
        gettext("Escalation"): ", ".join(
            f"{amount_text(rule.measure.minutes, one.after_minutes)} {approver_text(one.to)}"
            for one in rule.escalate) or nothing,
        gettext("Extension"): ", ".join(
            f"{amount_text(rule.measure, one.by)} / {amount_text(rule.measure, one.most)}"
            + (f" {approver_text(one.approver)}" if one.approver else "")
            for one in rule.extensions) or nothing,
    }


class PoliciesView(PageView):
    """One deadline policy: lengths, warnings, escalations and extensions."""

    route_base = "/deadlines/policies"
    default_view = "edit"
    class_permission_name = "core.Deadlines"
    base_permissions = ["can_list", "can_edit"]
    list_title = N_("Deadlines")
    icon = "calendar-time"

    @expose("/<record_type>/<name>", methods=["GET", "POST"])
    @requires("edit")
    def edit(self, record_type: str, name: str) -> Response | str | tuple[str, int]:
        """Show a policy, rehearse what is typed on the clocks that run, or publish it."""
        kind = current_host().record_type(record_type)
        rows = self._rows(record_type, name)
        if kind is None or not rows:
            abort(404)
        policy, people = self._policy(rows[0]), self._people(kind.model)
        values, errors, rehearsal = values_of(policy), {}, None
        if request.method == "POST":
            if request.form.get("version") != str(rows[0].version):
                abort(409, description=gettext(
                    "Another version has been published meanwhile. Load the page again."))
            values = {key: text[:200] for key, text in request.form.items()}
            try:
                wanted = edited(policy, lambda key: values.get(key, ""), people)
            except Invalid as error:
                errors = {key: gettext(message.msgid, **message.params)
                          for key, message in error.errors.items()}
            else:
                if request.form.get("step") == "publish":
                    return self._publish(rows[0], wanted)
                rehearsal = rehearse(db.session, record_type, wanted, utcnow())
        page = self.render_template(
            "admin/policy.html", view=self, row=rows[0], policy=policy, local=local,
            kind=gettext(kind.label_plural), values=values, errors=errors, people=people,
            measures={one.value: gettext(text) for one, text in MEASURES.items()},
            statutory=ClockKind.STATUTORY, most_levels=MOST_LEVELS, length=amount_text,
            endpoint=kind.endpoint, rehearsal=rehearsal, moved=self._moved(kind, policy, rehearsal),
            versions=self._versions(rows),
        )
        return (page, UNPROCESSABLE) if errors else page

    @expose("/<record_type>/<name>/reset", methods=["POST"])
    @requires("edit")
    def reset(self, record_type: str, name: str) -> Response:
        """Go back to the policy as it came with the product, as a new version."""
        rows, shipped = self._rows(record_type, name), self._shipped(record_type, name)
        if not rows or shipped is None:
            abort(404)
        return self._publish(rows[0], shipped, shipped=True)

    # --- small parts -------------------------------------------------------------------------
    @staticmethod
    def _rows(record_type: str, name: str) -> list[PolicyRow]:
        return list(db.session.scalars(
            select(PolicyRow)
            .where(PolicyRow.record_type == record_type, PolicyRow.name == name)
            .order_by(PolicyRow.version.desc()).limit(MOST_VERSIONS)))

    @staticmethod
    def _policy(row: PolicyRow) -> Policy:
        return policy_of(row.content_hash, row.content)

    @staticmethod
    def _shipped(record_type: str, name: str) -> Policy | None:
        return next((
            policy for item in current_host().contributions("register_deadline_policies")
            if item.record_type == record_type for policy in item.policies
            if policy.name == name), None)

    @staticmethod
    def _people(model: type[Any]) -> dict[str, str]:
        """Return who may be told or asked: roles and relations with their labels."""
        roles = db.session.scalars(select(Role.name).where(Role.name.notin_(["Public"])))
        return {
            **{name: relation_label(name, model) for name in sorted(relation_names(model))},
            **{name: role_label(name) for name in sorted(roles)},
        }

    def _publish(self, row: PolicyRow, wanted: Policy, shipped: bool = False) -> Response:
        person, changes = current_person(), differences(self._policy(row), wanted)
        if not changes:
            flash(gettext("Nothing was changed."), "info")
            return redirect(self.url("edit", record_type=row.record_type, name=row.name))
        with write(db.session):
            new = publish_policy(
                db.session, row.record_type, wanted, person.user_id, in_force=row.in_force)
            new.shipped = shipped
            record_act(db.session, person, "policy_published", record_type="deadlines",
                       number=f"{row.record_type} {row.name}"[:40],
                       changes={"version": [row.version, new.version],
                                "policy": [row.content["clocks"], new.content["clocks"]]})
        text = gettext("Version %(version)s is published.", version=new.version)
        if request.form.get("running") == "1":
            job = enqueue(db.session, person, FOLLOW,
                          {"record_type": row.record_type, "name": row.name},
                          title=N_("Running clocks follow the new version"))
            text += " " + gettext("Running clocks follow it; job %(number)s.", number=job.id)
        else:
            text += " " + gettext("Clocks that run keep to the version that they began with.")
        flash(text, "success")
        return redirect(self.url("edit", record_type=row.record_type, name=row.name))

    def _versions(self, rows: list[PolicyRow]) -> list[Version]:
        names = names_of(db.session, {
            row.published_by_id for row in rows if row.published_by_id is not None})
        return [
            Version(row, names.get(row.published_by_id or 0, ""),
                    differences(self._policy(older), self._policy(row)) if older else [])
            for row, older in zip(rows, [*rows[1:], None], strict=True)
        ]

    @staticmethod
    def _moved(kind: Any, policy: Policy, rehearsal: Rehearsal | None) -> list[Mapping[str, Any]]:
        if rehearsal is None:
            return []
        model = kind.model
        numbers = dict(db.session.execute(
            select(model.id, model.number).where(
                model.id.in_([one.record_id for one in rehearsal.moved]),
                scope_filter(current_person(), model))).all())
        return [
            {"number": numbers.get(one.record_id, ""), "id": one.record_id,
             "clock": local(policy.rule(one.key), "title"), "before": one.before,
             "after": one.after}
            for one in rehearsal.moved
        ]


def run_follow(context: JobContext) -> dict[str, int]:
    """Let running clocks follow the newest version of their policy; a job."""
    return {"clocks": follow(
        context.session, context.args["record_type"], context.args["name"])}


JOBS = (JobKind(name=FOLLOW, run=run_follow),)
