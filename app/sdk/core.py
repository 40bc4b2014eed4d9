"""What only the core's own screens need: rights, accounts, host, audit chain, calendars."""

from __future__ import annotations

from app.access.audit import head as chain_head
from app.access.audit import verify as chain_breaks
from app.access.models import RoleScope, ShippedGrant
from app.access.passwords import MINIMUM_LENGTH as MINIMUM_PASSWORD_LENGTH
from app.access.passwords import objection as password_objection
from app.access.services import ROLES, bump, role_permissions
from app.access.sessions import end_sessions_of, forgive, locked_names
from app.access.temporary_passwords import hand_out as hand_out_password
from app.access.temporary_passwords import known_words
from app.access.temporary_passwords import take_over as take_over_password
from app.deadlines.calendar_store import (
    Calendars,
    UnknownCalendar,
    clear_day,
    save_calendar,
    set_day,
)
from app.deadlines.calendars import WorkingCalendar
from app.deadlines.clock_status import Status as ClockStatus
from app.deadlines.policy_store import policies_by_id, set_in_force
from app.deadlines.shifts import shifts
from app.deadlines.sweeping import recompute, sweep
from app.forms.build import build as form_class
from app.host.host import Host, current_host
from app.notices.events import (
    tell_of_comment,
    tell_of_deadline,
    tell_of_saving,
    tell_of_transition,
)
from app.notices.external_channels import JOBS as NOTICE_JOBS
from app.notices.external_channels import SEND as SENDING_JOB
from app.notices.external_channels import ask_for_test, channels
from app.people.substitutes import is_named as is_named_in_absence
from app.people.substitutes import is_on as away_at
from app.people.substitutes import leads_anything, substitute_ahead
from app.records.custom_fields.definitions import CHOOSING as CHOOSING_KINDS
from app.records.custom_fields.definitions import KINDS as FIELD_KINDS
from app.records.custom_fields.definitions import CustomField
from app.records.custom_fields.store import BadDefinition
from app.records.custom_fields.store import arrange as arrange_fields
from app.records.custom_fields.store import as_mapping as field_as_mapping
from app.records.custom_fields.store import change as change_field
from app.records.custom_fields.store import define as define_field
from app.records.custom_fields.store import fields_of as custom_fields_of
from app.records.custom_fields.store import retire as retire_field
from app.records.custom_fields.store import take_in as take_in_fields
from app.records.custom_fields.transfer import BadFile as BadFieldFile
from app.records.custom_fields.transfer import choices_from_lines, lines_of_choices
from app.records.custom_fields.transfer import read_file as read_field_file
from app.records.custom_fields.transfer import write_file as write_field_file
from app.records.dictionaries import COLOURS as DICTIONARY_COLOURS
from app.records.dictionaries import (
    BadEntry,
    arrange_entries,
    entries_of,
    retire_entry,
    save_entry,
    sizes_of,
    uses_of,
)
from app.records.followers import forget_absent
from app.records.search.pinyin import name_for
from app.screens.columns.audit_values import ValueReader
from app.screens.columns.custom_fields import worded
from app.screens.forms.custom_form_fields import form_field as custom_form_field
from app.screens.forms.submissions import forget_submissions
from app.screens.records.deadline_badges import clock_badge
from app.screens.records.relation_labels import relation_label, role_label
from app.screens.registry import registry
from app.screens.workflow.extensions import amount_text
from app.settings.services import StaleSettings, save_settings, saved_settings
from app.settings.services import form_of as settings_form
from app.web.assets import icon_names
from app.web.texts import column_msgid
from app.workflow.actor_relations import relation_names
from app.workflow.checking import WAYS_BETWEEN
from app.workflow.deadline_requests import waiting_for as requests_waiting_for
from app.workflow.delegation import may_decide_for
from app.workflow.drawing import draw
from app.workflow.models import DefinitionRow
from app.workflow.overrides import merge_overrides
from app.workflow.publishing import in_force, overrides_of, surroundings_of, tune
from app.workflow.step_list import fits_a_picture, outline

__all__ = [
    "CHOOSING_KINDS",
    "DICTIONARY_COLOURS",
    "FIELD_KINDS",
    "MINIMUM_PASSWORD_LENGTH",
    "NOTICE_JOBS",
    "ROLES",
    "SENDING_JOB",
    "WAYS_BETWEEN",
    "BadDefinition",
    "BadEntry",
    "BadFieldFile",
    "Calendars",
    "ClockStatus",
    "CustomField",
    "DefinitionRow",
    "Host",
    "RoleScope",
    "ShippedGrant",
    "StaleSettings",
    "UnknownCalendar",
    "ValueReader",
    "WorkingCalendar",
    "amount_text",
    "arrange_entries",
    "arrange_fields",
    "ask_for_test",
    "away_at",
    "bump",
    "chain_breaks",
    "chain_head",
    "change_field",
    "channels",
    "choices_from_lines",
    "clear_day",
    "clock_badge",
    "column_msgid",
    "current_host",
    "custom_fields_of",
    "custom_form_field",
    "define_field",
    "draw",
    "end_sessions_of",
    "entries_of",
    "field_as_mapping",
    "fits_a_picture",
    "forget_absent",
    "forget_submissions",
    "forgive",
    "form_class",
    "hand_out_password",
    "icon_names",
    "in_force",
    "is_named_in_absence",
    "known_words",
    "leads_anything",
    "lines_of_choices",
    "locked_names",
    "may_decide_for",
    "merge_overrides",
    "name_for",
    "outline",
    "overrides_of",
    "password_objection",
    "policies_by_id",
    "read_field_file",
    "recompute",
    "registry",
    "relation_label",
    "relation_names",
    "requests_waiting_for",
    "retire_entry",
    "retire_field",
    "role_label",
    "role_permissions",
    "save_calendar",
    "save_entry",
    "save_settings",
    "saved_settings",
    "set_day",
    "set_in_force",
    "settings_form",
    "shifts",
    "sizes_of",
    "substitute_ahead",
    "surroundings_of",
    "sweep",
    "take_in_fields",
    "take_over_password",
    "tell_of_comment",
    "tell_of_deadline",
    "tell_of_saving",
    "tell_of_transition",
    "tune",
    "uses_of",
    "worded",
    "write_field_file",
]
