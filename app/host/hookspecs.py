"""Every hook of the product. The prefix of a hook says what happens when it fails.

``register_*`` runs once at start; a failure quarantines the plugin and those that need it.
``check_*`` may veto an act; a failure denies it.
``on_*`` runs after the commit, through the outbox, for each plugin alone; a failure is retried.
"""

# A specification says what a hook returns and has no body.
# pyright: reportReturnType=false

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pluggy

from app.host.collaboration import (
    Ability,
    Event,
    LinkKind,
    RecordAction,
    RecordChip,
    RecordColumn,
    RecordFact,
    TimelineFeed,
)
from app.host.contributions import (
    Api,
    Card,
    Category,
    DemoData,
    DictionaryList,
    Panel,
    Permissions,
    Policies,
    RecordType,
    RoleGrant,
    Screen,
    Settings,
    ShippedData,
    TableOperations,
    WorkflowBinding,
)
from app.host.measures import Metric, Served
from app.host.suggestions import SuggestionSource

PROJECT = "careline"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
"""Marks a function of a plugin as its implementation of the hook of that name."""


@hookspec
def register_models() -> Iterable[type[Any]]:
    """Return every mapped class of the plugin; their tables carry its prefix."""


@hookspec
def register_record_types() -> Iterable[RecordType]:
    """Return the kinds of record, so that search, files, comments and links know them."""


@hookspec
def register_operations() -> Iterable[TableOperations]:
    """Return operations of tables whose rows are no kind of record."""


@hookspec
def register_categories() -> Iterable[Category]:
    """Return headings of the menu that the plugin's screens stand under."""


@hookspec
def register_screens() -> Iterable[Screen]:
    """Return views with their places in the menu."""


@hookspec
def register_apis() -> Iterable[Api]:
    """Return REST API classes."""


@hookspec
def register_permissions() -> Iterable[Permissions]:
    """Return permissions that no screen declares by itself."""


@hookspec
def register_role_grants() -> Iterable[RoleGrant]:
    """Return what the ready-made roles may do with the plugin."""


@hookspec
def register_dictionaries() -> Iterable[DictionaryList]:
    """Return lists of values that an admin edits on the screen of dictionaries."""


@hookspec
def register_workflows() -> Iterable[WorkflowBinding]:
    """Return workflows with the guards and effects that they name."""


@hookspec
def register_deadline_policies() -> Iterable[Policies]:
    """Return deadline policies for the plugin's records."""


@hookspec
def register_jobs() -> Iterable[Any]:
    """Return kinds of job (``JobKind``) and schedules (``Schedule``)."""


@hookspec
def register_cards() -> Iterable[Card]:
    """Return cards of the home page."""


@hookspec
def register_metrics() -> Iterable[Metric]:
    """Return figures: counts of records and shares, counted as records change."""


@hookspec
def register_served() -> Iterable[Served]:
    """Return what may count as a customer served; an admin chooses among all of it."""


@hookspec
def register_panels() -> Iterable[Panel]:
    """Return tabs for record pages of other kinds of record."""


@hookspec
def register_events() -> Iterable[Event]:
    """Return events of the plugin's own, which it sends with ``emit``."""


@hookspec
def register_abilities() -> Iterable[Ability]:
    """Return what others may ask of the plugin by name."""


@hookspec
def register_link_kinds() -> Iterable[LinkKind]:
    """Return kinds of link between records."""


@hookspec
def register_record_chips() -> Iterable[RecordChip]:
    """Return marks in the head of records of other kinds."""


@hookspec
def register_record_facts() -> Iterable[RecordFact]:
    """Return lines among the facts of records of other kinds."""


@hookspec
def register_record_columns() -> Iterable[RecordColumn]:
    """Return columns that lists of records of other kinds can show and filter by."""


@hookspec
def register_record_actions() -> Iterable[RecordAction]:
    """Return buttons on the pages of records of other kinds."""


@hookspec
def register_suggestions() -> Iterable[SuggestionSource]:
    """Return sources of suggestions for whoever types into a form of any plugin."""


@hookspec
def register_timeline() -> Iterable[TimelineFeed]:
    """Return what of the plugin's records is written on the timelines of customers."""


@hookspec
def register_importers() -> Iterable[Any]:
    """Return importers (``Importer``), one for each kind of file that can be read in."""


@hookspec
def register_settings() -> Iterable[Settings]:
    """Return what an admin may set for the plugin, as a form; the screen is generated."""


@hookspec
def register_commands() -> Iterable[Any]:
    """Return click commands; they appear under ``flask NAME-OF-PLUGIN``."""


@hookspec
def register_shipped_data() -> Iterable[ShippedData]:
    """Return rows that come with the plugin; written at every deployment."""


@hookspec
def register_demo_data() -> Iterable[DemoData]:
    """Return generators of demonstration data."""


@hookspec
def check_transition(session: Any, actor: Any, record: Any, transition: str) -> Any:
    """Return a sentence (message id) to deny a transition, or ``None`` to let it pass."""


@hookspec
def check_assignment(session: Any, actor: Any, record: Any, user_id: int) -> Any:
    """Return a sentence (message id) to deny that somebody gets a record, or ``None``.

    It is asked whenever ``owner_id``, or another column of ``__scope_people__``, gets a person: by
    a form, a step, a claim, in bulk, by an import, an API or a job. ``user_id`` is who would get
    the record; ``record`` holds the new values already, except where a form asks beforehand.
    A ``Message`` with a ``Link`` leads on to a page of the product that helps.
    """


@hookspec
def check_delete(session: Any, actor: Any, record: Any) -> Any:
    """Return a sentence (message id) to deny that a record is deleted, or ``None``.

    It is asked before a record goes to the recycle bin and before it is purged from there: by a
    page, in bulk, by an import that is taken back, an API or a job; and before a customer is
    erased, by the product itself. ``record`` is a row of any kind. For work on a customer
    ``unfinished_work`` of ``app.sdk.customers`` gives the answer.
    """


@hookspec
def check_enable(session: Any, plugin: str) -> Any:
    """Return a sentence (message id) to deny that a plugin is switched on, or ``None``.

    The plugins in force are asked, and the one that is to be switched on, by whose answer it says
    what it lacks: an ability, a setting, somebody who holds a post. It is loaded for that question
    alone, so it may ask others and read its tables. What it ``requires`` needs no hook.
    """


@hookspec
def check_disable(session: Any, plugin: str) -> Any:
    """Return a sentence (message id) to deny that a plugin is disabled, or ``None``."""


@hookspec
def on_record_saved(session: Any, payload: dict[str, Any]) -> None:
    """A record was created, changed, deleted or restored.

    ``payload``: ``record_type``, ``record_id``, ``number``, ``action``, ``fields`` (changed
    names), ``actor_id``, ``change_set`` (id that all changes of one go share), ``undoes`` (what it
    takes back: its ``change_set`` and ``at``, ISO 8601; ``None`` otherwise), ``event_id``.
    """


@hookspec
def on_transition(session: Any, payload: dict[str, Any]) -> None:
    """A record went from one state to another.

    ``payload``: ``record_type``, ``record_id``, ``number``, ``transition``, ``from_state``,
    ``to_state``, ``from_category``, ``to_category`` (``open``, ``waiting``, ``done``,
    ``cancelled``), ``outcome`` (an empty text without), ``customer_id``, ``owner_id``, ``log_id``
    (line of the workflow's log), ``at`` (ISO 8601), ``actor_id``, ``event_id``.
    """


@hookspec
def on_comment(session: Any, payload: dict[str, Any]) -> None:
    """Somebody wrote a comment on a record.

    ``payload``: ``record_type``, ``record_id``, ``number``, ``comment_id``, ``kind`` (``comment``,
    ``progress``), ``actor_id``, ``event_id``.
    """


@hookspec
def on_deadline(session: Any, payload: dict[str, Any]) -> None:
    """A clock came near its end or passed it.

    ``payload``: ``record_type``, ``record_id``, ``clock``, ``kind`` (``warning``, ``breach``,
    ``escalation``), ``level``, ``to`` (the relation or role that an escalation goes to),
    ``due_at``, ``event_id``. The timeline of the record shows it already.
    """


@hookspec
def on_event(session: Any, payload: dict[str, Any]) -> None:
    """A plugin has sent an event of its own.

    ``payload``: ``event`` (its name), ``record_type``, ``record_id``, ``number``, ``customer_id``,
    ``owner_id``, ``data`` (as ``register_events`` declares), ``at`` (ISO 8601), ``actor_id`` (who
    has caused it, or ``None``), ``event_id``.
    """
