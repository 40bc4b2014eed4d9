"""The screen of plugins: what is loaded, what is not and why; switching on and off."""

from __future__ import annotations

import dataclasses
from typing import Any

from flask import abort, flash, redirect, request
from flask_appbuilder.baseviews import expose
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.admin.pages import PageView, settings
from app.admin.plugin_settings import settings_page
from app.host.host import current_host
from app.host.services import (
    SwitchDenied,
    disabled_plugins,
    reload_processes,
    set_enabled,
)
from app.records.plugin_data import left_behind
from app.screens.columns.cells import badge
from app.sdk import N_
from app.sdk.screens import Choice, current_person, page_language, requires
from app.sdk.services import db, record_act, write
from app.settings.services import settings_form

STATES = {
    "active": Choice("active", N_("Active"), "good", "circle-check"),
    "disabled": Choice("disabled", N_("Switched off"), "still", "plug-off"),
    "quarantined": Choice("quarantined", N_("Quarantined"), "bad", "alert-circle"),
}
# Why a plugin is not in force, for people; the sentence of the stage itself is for its author.
STAGES = {
    "manifest": N_("Its description (plugin.toml) cannot be read, or it was found twice."),
    "compatibility": N_("It was written for another version of this product."),
    "requirement": N_("A plugin that it needs is missing, switched off or set aside."),
    "import": N_("Its program cannot be loaded."),
    "hook": N_("It does not register in the way that this product expects."),
    "check": N_("What it brings breaks a rule of this product or collides with another plugin."),
    "mapper": N_("Its program cannot be loaded."),
    "screens": N_("Its screens cannot be set up."),
    "workflow": N_("One of its workflows contradicts itself."),
    "grant": N_("It gives a role a right that does not exist."),
    "database": N_("Its tables have to be migrated first."),
}
UNKNOWN_STAGE = N_("It failed while it was being started.")
# What a plugin brings, as a person would count it.
KINDS = {
    "register_models": N_("Tables"),
    "register_screens": N_("Screens"),
    "register_apis": N_("REST APIs"),
    "register_workflows": N_("Workflows"),
    "register_deadline_policies": N_("Deadline policies"),
    "register_importers": N_("Imports"),
    "register_jobs": N_("Jobs"),
    "register_cards": N_("Cards of the home page"),
    "register_metrics": N_("Figures"),
    "register_panels": N_("Tabs of record pages"),
}


@dataclasses.dataclass(frozen=True, slots=True)
class PluginCard:
    """A plugin, ready to be drawn.

    Attributes:
        name, version, stage: see ``PluginStatus``.
        message: what exactly is wrong, in the language of the page; empty when nothing is.
        detail: what a foreign exception said.
        title: shown name.
        description: one sentence, if the manifest has one.
        icon: icon of the plugin.
        requires: titles of the plugins that it needs.
        reason: why it is not in force, in the language of the page; empty when it is.
        badge: how it stands.
        has_settings: whether an admin may set something for it.
        is_on: whether it is to be loaded; one in quarantine is.
        pending: it was switched, and the processes have not been reloaded yet.
        brings: kind of contribution and how many.
    """

    name: str
    title: str
    version: str
    description: str
    icon: str
    requires: tuple[str, ...]
    badge: Markup
    stage: str
    message: str
    detail: str
    reason: str
    has_settings: bool
    is_on: bool
    pending: bool
    brings: tuple[tuple[str, int], ...]


def _local(texts: dict[str, str], fallback: str = "") -> str:
    return texts.get(page_language()) or texts.get("en") or fallback


def plugin_cards() -> list[PluginCard]:
    """Return every plugin that was found, by name."""
    host = current_host()
    off = disabled_plugins(db.engine)
    loaded = {plugin.name: plugin for plugin in host.loaded}
    cards = []
    for line in host.status():
        name, fault = line.name, line.fault
        manifest = host.manifests.get(name)
        contributions: dict[str, list[Any]] = (
            loaded[name].contributions if name in loaded else {}
        )
        requires_names = manifest.requires if manifest else ()
        titles = {m.name: _local(m.title, m.name) for m in host.manifests.values()}
        cards.append(PluginCard(
            name, _local(line.title, name), line.version,
            _local(manifest.description) if manifest else "",
            manifest.icon if manifest else "plug",
            tuple(titles.get(other, other) for other in requires_names),
            badge(STATES[line.state]), line.stage,
            gettext(fault.text, **fault.values) if fault else "",
            fault.detail if fault else "",
            gettext(STAGES.get(line.stage, UNKNOWN_STAGE)) if line.state == "quarantined" else "",
            settings_form(name) is not None, name not in off,
            (name in off) != (line.state == "disabled"),
            tuple((gettext(label), len(contributions[hook]))
                  for hook, label in KINDS.items() if contributions.get(hook)),
        ))
    return cards


def _reason(denied: SwitchDenied, host: Any) -> str:
    values = dict(denied.message.params)
    if "others" in values:
        values["others"] = ", ".join(
            _local(host.manifests[name].title, name) if name in host.manifests else name
            for name in str(values["others"]).split(", ")
        )
    return gettext(denied.message.msgid, **values)


class PluginsView(PageView):
    """Plugins as cards."""

    route_base = "/plugins"
    default_view = "index"
    class_permission_name = "core.Plugins"
    base_permissions = ["can_list", "can_switch", "can_settings"]
    list_title = N_("Plugins")
    icon = "puzzle"

    @expose("/")
    @requires("list")
    def index(self) -> str:
        """Show all plugins, or those in whose name or text something is found."""
        text = request.args.get("q", "").strip()[:100]
        cards = plugin_cards()
        found = [
            card for card in cards
            if text.lower() in f"{card.name} {card.title} {card.description}".lower()
        ]
        return self.render_template(
            "admin/plugins.html", view=self, cards=found, text=text, searchable=len(cards) > 1,
            left=left_behind(db.engine, current_host()),
        )

    @expose("/<name>/enable", methods=["POST"])
    @requires("switch")
    def enable(self, name: str) -> Response:
        """Switch a plugin on."""
        return self._switch(name, True)

    @expose("/<name>/disable", methods=["POST"])
    @requires("switch")
    def disable(self, name: str) -> Response:
        """Switch a plugin off; its data, permissions and grants stay."""
        return self._switch(name, False)

    @expose("/<name>/settings", methods=["GET", "POST"])
    @requires("settings")
    def settings(self, name: str) -> Response | str | tuple[str, int]:
        """Ask for the settings of a plugin, or keep them."""
        manifest = current_host().manifests.get(name)
        if manifest is None:
            abort(404)
        return settings_page(self, name, _local(manifest.title, name))

    def _switch(self, name: str, enabled: bool) -> Response:
        person = current_person()
        host = current_host()
        if name not in host.manifests:
            abort(404)
        try:
            with write(db.session):
                set_enabled(db.session, host, name, enabled, person.name)
                record_act(
                    db.session, person, "plugin_enabled" if enabled else "plugin_disabled",
                    record_type="host.plugin", number=name,
                )
        except SwitchDenied as denied:
            title = _local(host.manifests[name].title, name)
            reason = _reason(denied, host)
            flash(
                gettext("%(plugin)s cannot be switched on: %(reason)s", plugin=title, reason=reason)
                if enabled else
                gettext("%(plugin)s cannot be switched off: %(reason)s", plugin=title,
                        reason=reason), "danger")
            return redirect(self.url())
        told = reload_processes(settings().var_dir)
        flash(
            gettext("The processes are restarting; the change shows in a few seconds.") if told
            else gettext("Saved. It takes effect when web and worker are restarted."),
            "success",
        )
        return redirect(self.url())
