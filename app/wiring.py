"""The steps of ``create_app``, each one short."""

from __future__ import annotations

import datetime as dt
import logging
import sys
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, current_app, has_app_context
from flask_appbuilder.const import AUTH_DB
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.middleware.proxy_fix import ProxyFix

import app.models
from app.access.actor import SYSTEM
from app.access.security import CarelineSecurityManager
from app.access.sensitive import key_store, keyring
from app.access.services import Grant, Reach, actor_for, shipped_reaches
from app.admin import hooks as core_hooks
from app.database import db, engine_options
from app.deadlines.calendar_store import office_days
from app.host.database_state import database_faults
from app.host.host import EXTENSION, Host
from app.host.loader import CORE
from app.host.services import disabled_plugins
from app.host.tracing import HookTrace
from app.jobs.kinds import JobKind, Schedule, by_name
from app.jobs.queue import JobQueue, attach
from app.jobs.runner import Runtime
from app.metrics.plugin_check import metric_fault, served_fault
from app.notices.events import notify_on_job
from app.records.importing.sources import add_source
from app.screens.api import abilities, openapi
from app.screens.builder import CarelineBuilder
from app.screens.contributed import apply_contributions, declared_permissions
from app.screens.current_builder import builder_of
from app.screens.forms import kept_fields, submissions
from app.screens.forms.answers import chosen_files, signature_lines
from app.screens.home import navigation
from app.screens.imports.registration import importers_of_screens
from app.screens.workflow import pickers
from app.web import (
    access_denials,
    assets,
    csrf,
    errors,
    headers,
    health,
    input_limits,
    language,
    password_change,
    rate_limits,
    theme,
)
from app.web.menu import ScreenMenu
from app.workflow.plugin_check import workflow_fault
from config import ROOT, Settings

log = logging.getLogger(__name__)
RUNTIME = "careline.jobs"
_FORM_AROUND_A_FILE = 64 * 1024
FIELD_KEYS = "careline.field_keys"

# The core's own parts register through the same hooks as plugins.
CORE_PARTS: list[tuple[str, Any]] = [(CORE, core_hooks)]


def configure(app: Flask, settings: Settings) -> None:
    """Turn settings into Flask's configuration.

    Args:
        app: the application.
        settings: the product's settings.
    """
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    if settings.is_sqlite:
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(
            parents=True, exist_ok=True
        )
    app.config.update(
        CARELINE_SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        TESTING=settings.environment == "test",
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings),
        # A file of exactly the limit comes within a form.
        MAX_CONTENT_LENGTH=settings.upload_megabytes * 1024 * 1024 + _FORM_AROUND_A_FILE,
        MAX_FORM_MEMORY_SIZE=8 * 1024 * 1024,
        # The server knows when a session ends. A cookie written with every answer would let one
        # that was under way replace the cookie of a sign-in or sign-out that came meanwhile.
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=dt.timedelta(hours=settings.session_absolute_hours),
        # The prefix binds the cookie to this host and to HTTPS; browsers refuse it otherwise.
        SESSION_COOKIE_NAME="__Host-careline" if settings.behind_tls else "careline",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.behind_tls,
        JWT_SECRET_KEY=settings.secret_key,
        JWT_ACCESS_TOKEN_EXPIRES=dt.timedelta(hours=1),
        JWT_REFRESH_TOKEN_EXPIRES=dt.timedelta(hours=settings.session_absolute_hours),
        APP_NAME="Careline",
        AUTH_TYPE=AUTH_DB,
        AUTH_ROLE_ADMIN="admin",
        FAB_UPDATE_PERMS=False,
        FAB_CREATE_DB=False,
        FAB_ADD_SECURITY_VIEWS=False,
        FAB_API_MAX_PAGE_SIZE=settings.page_size_most,
        RATELIMIT_ENABLED=False,
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)


def install_field_keys(app: Flask, settings: Settings) -> None:
    """Give the keys of sensitive columns to whatever runs in the application.

    Args:
        app: the application.
        settings: the product's settings.
    """
    app.extensions[FIELD_KEYS] = key_store.ring_of(settings.field_keys, settings.var_dir)
    keyring.use(app.extensions[FIELD_KEYS])
    # Several applications in one process, as in tests, have keys of their own.
    keyring.find_by(
        lambda: current_app.extensions.get(FIELD_KEYS) if has_app_context() else None
    )


def start_host(app: Flask, settings: Settings) -> Host:
    """Find, check and load plugins.

    Args:
        app: the application, with its database.
        settings: the product's settings.
    """
    folder = settings.plugins_dir.resolve()
    # Wherever the folder lies, its plugins are imported as FOLDER.NAME.
    if str(folder.parent) not in sys.path:
        sys.path.append(str(folder.parent))
    host = Host.start(
        folder,
        package=folder.name,
        core=CORE_PARTS,
        core_models="app.models",
        cache=settings.var_dir / "preflight",
        root=ROOT,
        disabled=disabled_plugins(db.engine),
        checks=(workflow_fault, metric_fault, served_fault),
        trace=HookTrace(settings.trace_hooks),
    )
    app.extensions[EXTENSION] = host
    for fault in database_faults(db.engine, host.active_manifests):
        host.quarantine(fault)
    for fault in host.faults:
        log.warning("plugin %s: %s: %s", fault.plugin, fault.stage, fault.message)
    return host


def install_jobs(app: Flask, settings: Settings, host: Host) -> None:
    """Set up the queue with all kinds of job, schedules and event handlers.

    Args:
        app: the application.
        settings: the product's settings.
        host: gives what the core and plugins contribute.
    """
    jobs = host.contributions("register_jobs")
    queue = JobQueue.from_settings(settings)
    attach(db.engine, queue)

    def handler(plugin: str) -> Any:
        def handle(session: Session, event: str, payload: dict[str, Any]) -> None:
            host.deliver(event, plugin, session, payload)

        return handle

    app.extensions[RUNTIME] = Runtime(
        queue=queue,
        sessions=sessionmaker(db.engine, expire_on_commit=False, autoflush=False),
        results=settings.var_dir / "results",
        kinds=by_name(job for job in jobs if isinstance(job, JobKind)),
        schedules=by_name(job for job in jobs if isinstance(job, Schedule)),
        handlers={plugin.name: handler(plugin.name) for plugin in host.loaded},
        load_actor=lambda session, user_id: (
            SYSTEM if user_id is None else actor_for(session, user_id)
        ),
        ended=notify_on_job,
        around=app.app_context,
        office_days=lambda session: office_days(session, settings.timezone),
    )


def build_screens(app: Flask, settings: Settings, host: Host) -> CarelineBuilder:
    """Set up Flask-AppBuilder with our frame around it.

    Args:
        app: the application.
        settings: the product's settings.
        host: gives the folders of plugins' translations.
    """
    # One that is switched off may still say why it cannot be switched on.
    off = {line.name for line in host.status() if line.state == "disabled"}
    speaking = [*(host.manifests[name] for name in sorted(off)), *host.active_manifests]
    folders = [m.path / "translations" for m in speaking]
    language.configure(
        app, settings.default_locale, settings.timezone, [f for f in folders if f.is_dir()]
    )
    csrf.install(app)
    headers.install(app, settings.behind_tls)
    errors.install(app)
    input_limits.install(app)
    rate_limits.install(app, settings.redis_url)
    access_denials.install(app)
    assets.install(app)
    menu = ScreenMenu()
    builder = CarelineBuilder(
        app, db.session, menu=menu, security_manager_class=CarelineSecurityManager
    )
    language.install(app, settings.default_locale)
    theme.install(app, menu)
    navigation.install(app)
    app.register_blueprint(Blueprint("screens", "app.screens", template_folder="templates"))
    app.jinja_env.globals.update(
        once_token=submissions.new_token, chosen_files=chosen_files,
        signature_lines=signature_lines)
    health.install(app)
    password_change.install(app)
    pickers.install(app)
    kept_fields.install(app)
    openapi.install(app)
    abilities.install(app)
    add_source(app, importers_of_screens)
    return builder


def all_permissions(application: Flask) -> set[tuple[str, str]]:
    """Return every pair of permission and view that the running application knows.

    Args:
        application: the application.
    """
    pairs = builder_of(application).permission_pairs()
    host: Host = application.extensions[EXTENSION]
    for plugin in host.loaded:
        pairs |= declared_permissions(plugin)
    return {(permission, view) for permission, view in pairs if "." in view}


def all_grants(application: Flask) -> list[Grant]:
    """Return what the ready-made roles get from the core and from plugins.

    Args:
        application: the application.
    """
    host: Host = application.extensions[EXTENSION]
    return [
        Grant(item.role, name, item.view)
        for item in host.contributions("register_role_grants")
        for name in item.names
    ]


def all_reaches(application: Flask) -> list[Reach]:
    """Return how far ready-made roles see in kinds of record, by the core and by plugins.

    Args:
        application: the application.
    """
    return shipped_reaches(application.extensions[EXTENSION])


__all__ = ["all_grants", "all_permissions", "all_reaches", "app", "apply_contributions",
           "build_screens", "configure", "install_jobs", "start_host"]
