"""The generated screen of a plugin's settings."""

from __future__ import annotations

from typing import Any

from flask import abort, flash, request
from flask_babel import gettext
from werkzeug.wrappers import Response as BaseResponse

from app.admin.pages import UNPROCESSABLE
from app.forms.build import form_class, translate
from app.forms.definition import Form
from app.sdk.screens import current_person, go_to, is_partial, whole_number
from app.sdk.services import db
from app.settings.services import StaleSettings, save_settings, saved_settings, settings_form

# What was sent for one that is no number: it equals none.
_NO_VERSION = -1


def settings_page(
    view: Any, name: str, title: str, address: str = "", definition: Form | None = None,
    template: str = "admin/plugin_settings.html",
) -> BaseResponse | str | tuple[str, int]:
    """Ask for the settings of a plugin, or keep them.

    Args:
        view: the screen of plugins.
        name: name of the plugin.
        title: shown name of the plugin.
        address: path of the page itself; by default that of a plugin's settings.
        definition: form of settings that no plugin declares.
        template: of the page; extends the usual one.
    """
    definition = definition or settings_form(name)
    if definition is None:
        abort(404)
    held, version = saved_settings(db.session, definition)
    form = form_class(definition)(data=held)
    seen = request.form.get("seen", str(version))
    if request.method == "POST" and form.validate():
        try:
            save_settings(db.session, current_person(), definition, form.cleaned,
                          _NO_VERSION if (shown := whole_number(seen)) is None else shown)
        except StaleSettings as error:
            form.form_errors.append(translate(error.message))
        else:
            flash(gettext("The settings have been saved."), "success")
            return go_to(view.url())
    page = view.render_template(
        template, view=view, form=form, definition=definition, name=name,
        address=address or view.url("settings", name=name), title=title, seen=seen,
        partial=is_partial(),
    )
    return (page, UNPROCESSABLE) if form.errors else page
