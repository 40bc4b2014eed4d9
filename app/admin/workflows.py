"""The screens of workflows: how each one runs, who may do what, and tuning within bounds."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from flask import abort, flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_appbuilder.security.sqla.models import Role
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.access.services import role_permissions
from app.admin.pages import UNPROCESSABLE, PageView
from app.admin.workflow_faults import fault_in_words
from app.errors import Rejected
from app.host.host import current_host
from app.screens.records.relation_labels import relation_label, role_label
from app.sdk import N_
from app.sdk.screens import current_person, requires, translated
from app.sdk.services import db
from app.sdk.workflow import EVERY_OPEN, State, Transition, Who, Workflow
from app.workflow.actor_relations import relation_names
from app.workflow.definition import WorkflowError
from app.workflow.drawing import draw
from app.workflow.models import DefinitionRow
from app.workflow.publishing import in_force, overrides_of, tune
from app.workflow.step_list import fits_a_picture, outline

LONGEST_LABEL = 80
MOST_HOURS = 10_000
# Between the names of a state or transition and what is tuned of it, in the names of form fields.
_SEPARATOR = "."


class BadTuning(Rejected):
    """A value of the form cannot be; the text is a sentence for the person."""


@dataclasses.dataclass(frozen=True, slots=True)
class TransitionLine:
    """A transition in words.

    Attributes:
        transition: the transition in force.
        sources: shown names of the states it leads from.
        target: shown name of the state it leads to; empty when it stays.
        who: who may take it, and who never.
        never: who may not, whatever they hold.
    """

    transition: Transition
    sources: str
    target: str
    who: str
    never: str


def _who(who: Who, model: type[Any]) -> str:
    return ", ".join([
        *(role_label(name) for name in who.roles),
        *(relation_label(name, model) for name in who.relations),
        *(f"{permission} ({view})" for permission, view in who.permissions),
    ])


def lines_of(workflow: Workflow, model: type[Any]) -> list[TransitionLine]:
    """Return all transitions in words, in the order of the way.

    Args:
        workflow: the workflow.
        model: the kind of record that it drives.
    """
    labels = {state.name: translated(state.label) for state in workflow.states}
    places = {state.name: place for place, state in enumerate(workflow.states)}

    def first(transition: Transition) -> tuple[int, int, str]:
        sources = [places[name] for name in transition.sources if name in places]
        return (min(sources, default=len(places)), transition.order, transition.name)

    return [
        TransitionLine(
            one,
            gettext("Every open state") if EVERY_OPEN in one.sources
            else ", ".join(labels[name] for name in one.sources),
            labels.get(one.target, ""), _who(one.who, model),
            ", ".join(relation_label(name, model) for name in one.who.never),
        )
        for one in sorted(workflow.transitions, key=first)
    ]


def read_overrides(
    shipped: Workflow, before: Mapping[str, Any], form: MultiDict[str, str],
    roles: Iterable[str], relations: Iterable[str],
) -> dict[str, Any]:
    """Return the overrides that a form asks for; what it does not show stays as it was.

    Args:
        shipped: the workflow as shipped.
        before: overrides so far.
        form: what was sent: ``state.NAME.label``, ``transition.NAME.roles`` and so on.
        roles: names of roles that exist.
        relations: names of relations that can hold.

    Raises:
        BadTuning: a label is too long, or hours are no number.
    """
    known_roles, known_relations = set(roles), set(relations)
    found = {
        "states": {
            one.name: _kept(before, "states", one.name, ("label", "hours", "off"))
            | _of_state(one, form)
            for one in shipped.states
        },
        "transitions": {
            one.name: _kept(before, "transitions", one.name, ("label", "who", "off"))
            | _of_transition(one, form, known_roles, known_relations)
            for one in shipped.transitions
        },
    }
    changed = {kind: {name: one for name, one in by_name.items() if one}
               for kind, by_name in found.items()}
    return {kind: by_name for kind, by_name in changed.items() if by_name}


def _of_state(state: State, form: MultiDict[str, str]) -> dict[str, Any]:
    """Return how a form wants a state to differ from the shipped one."""
    prefix = f"state.{state.name}"
    changes: dict[str, Any] = {**_label(form, prefix, state.label)}
    hours = form.get(f"{prefix}.hours", "").strip()
    if hours:
        if not (hours.isascii() and hours.isdigit() and 0 < int(hours[:9]) <= MOST_HOURS):
            raise BadTuning(gettext("Enter hours as a whole number up to %(most)s.",
                                    most=MOST_HOURS))
        if int(hours) != state.hours:
            changes["hours"] = int(hours)
    if state.skip_to and f"{prefix}.off" in form:
        changes["off"] = True
    return changes


def _of_transition(
    one: Transition, form: MultiDict[str, str], roles: Collection[str], relations: Collection[str]
) -> dict[str, Any]:
    """Return how a form wants a transition to differ from the shipped one."""
    prefix = f"transition.{one.name}"
    changes: dict[str, Any] = {**_label(form, prefix, one.label)}
    who = dataclasses.replace(
        one.who,
        roles=tuple(name for name in form.getlist(f"{prefix}.roles") if name in roles),
        relations=tuple(name for name in form.getlist(f"{prefix}.relations") if name in relations),
    )
    if (set(who.roles), set(who.relations)) != (set(one.who.roles), set(one.who.relations)):
        changes["who"] = dataclasses.asdict(who)
    if one.optional and f"{prefix}.off" in form:
        changes["off"] = True
    return changes


def _kept(before: Mapping[str, Any], kind: str, name: str, shown: Iterable[str]) -> dict[str, Any]:
    held = before.get(kind, {}).get(name, {})
    return {key: value for key, value in held.items() if key not in shown}


def _label(form: MultiDict[str, str], prefix: str, shipped: str) -> dict[str, str]:
    text = form.get(f"{prefix}{_SEPARATOR}label", "").replace("\x00", "").strip()
    if len(text) > LONGEST_LABEL:
        raise BadTuning(gettext("A name has at most %(most)s characters.", most=LONGEST_LABEL))
    return {"label": text} if text and text not in (shipped, translated(shipped)) else {}


class WorkflowsView(PageView):
    """Workflows: drawing, transitions, tuning."""

    route_base = "/workflows"
    default_view = "index"
    class_permission_name = "core.Workflows"
    base_permissions = ["can_list", "can_edit"]
    list_title = N_("Workflows")
    icon = "route"

    @expose("/")
    @requires("list")
    def index(self) -> str:
        """Show all workflows with the version in force."""
        rows = [
            (binding.workflow, in_force(db.session, binding.workflow.name)[1],
             bool(overrides_of(db.session, binding.workflow.name)))
            for binding in current_host().workflows()
        ]
        return self.render_template("admin/workflows.html", view=self, rows=rows)

    @expose("/<name>")
    @requires("list")
    def show(self, name: str) -> str:
        """Show how a workflow runs and who may do what."""
        binding = self._binding(name)
        workflow = in_force(db.session, name)[1]
        versions = db.session.execute(
            select(DefinitionRow.version, DefinitionRow.published_at, DefinitionRow.in_force)
            .where(DefinitionRow.name == name).order_by(DefinitionRow.version.desc()).limit(10)
        ).all()
        return self.render_template(
            "admin/workflow.html", view=self, workflow=workflow,
            lines=lines_of(workflow, binding.model),
            drawing=Markup(draw(workflow, translate=translated)),
            drawing_first=fits_a_picture(workflow, translated),
            outline=outline(workflow), versions=versions,
        )

    @expose("/<name>/tune", methods=["GET", "POST"])
    @requires("edit")
    def tune(self, name: str) -> Response | str | tuple[str, int]:
        """Ask what is to be different, or publish it as a new version."""
        binding = self._binding(name)
        before = overrides_of(db.session, name)
        roles = sorted(db.session.scalars(select(Role.name).where(Role.name.notin_(["Public"]))))
        relations = sorted(relation_names(binding.model))
        version = in_force(db.session, name)[1].version
        problems: tuple[str, ...] = ()
        if request.method == "POST":
            if request.form.get("version") != str(version):
                abort(409, description=gettext(
                    "Another version has been published meanwhile. Load the page again."))
            try:
                before = read_overrides(binding.workflow, before, request.form, roles, relations)
                row = tune(
                    db.session, current_person(), binding, before, role_permissions(db.session)
                )
            except BadTuning as error:
                problems = (str(error),)
            except WorkflowError as error:
                problems = tuple(
                    fault_in_words(one, binding.workflow) for one in error.problems)
            else:
                flash(gettext("Version %(version)s is in force for new records; running ones "
                              "keep theirs.", version=row.version), "success")
                return redirect(self.url("show", name=name))
        page = self.render_template(
            "admin/workflow_tune.html", view=self, workflow=binding.workflow, version=version,
            overrides=before, problems=problems, lines=lines_of(binding.workflow, binding.model),
            roles=[(one, role_label(one)) for one in roles],
            relations=[(one, relation_label(one, binding.model)) for one in relations],
        )
        return (page, UNPROCESSABLE) if problems else page

    @staticmethod
    def _binding(name: str) -> Any:
        binding = current_host().workflow(name)
        published = binding is not None and db.session.scalar(
            select(func.count()).select_from(DefinitionRow).where(DefinitionRow.name == name)
        )
        if not published:
            abort(404)
        return binding
