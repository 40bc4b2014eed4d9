"""The bell: its number, its panel, the page of all notices, and what a person wants to hear."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from typing import Any

from flask import Response, abort, current_app, flash, jsonify, redirect, request, url_for
from flask_appbuilder.baseviews import BaseView, expose
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from app.access.actor import Actor
from app.access.security import current_actor
from app.database import AnySelect, db, write
from app.jobs.services import count_active_jobs
from app.notices.announcements import announcements_for, count_announcements, dismiss
from app.notices.external_channels import channels, handles_of, mail_of, save_handles
from app.notices.kinds import IN_PRODUCT, KINDS, MAIL, NoticeKind
from app.notices.models import Notice
from app.notices.services import (
    COUNT_MOST,
    PAGE,
    choices_of,
    choose,
    count_unread,
    mark_read,
    notices_of,
    open_notice,
)
from app.records.mixin import named
from app.screens.columns.custom_fields import localised
from app.screens.registry import registry
from app.web.input_limits import LARGEST_BIG_KEY, whole_number
from app.web.request import actor, is_partial, safe_next
from app.web.theme import language

PANEL_MOST = 40
PAGE_SIZE = 50
UNPROCESSABLE = 422
# Kinds of job with a page of their own are found by their notice's job.
_JOB_PAGE = "JobsView.show"


@dataclasses.dataclass(slots=True)
class ShownNotice:
    """A notice, or several on one record, in the language of the page.

    Attributes:
        id: key of the newest one.
        kind: what it is about.
        title: number and title of the record, or what the job does.
        texts: what happened, the newest first.
        who: who did it.
        at: when, aware.
        is_read: whether all of them have been read.
    """

    id: int
    kind: NoticeKind
    title: str
    texts: list[str]
    who: str
    at: dt.datetime
    is_read: bool


def _text(message: str, values: dict[str, Any]) -> str:
    shown = {
        name: _value(value) if isinstance(value, dict) else value
        for name, value in values.items() if name != PAGE
    }
    return gettext(message, **shown)


def _value(value: dict[str, Any]) -> str:
    """Return a message id in the language of the page, or the one of two names that is in it."""
    if "msgid" in value:
        return _text(value["msgid"], value.get("values") or {})
    return value.get(language()) or value["en"]


def _titles(notices: Iterable[Notice]) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {}
    for notice in notices:
        if notice.record_id is not None:
            wanted.setdefault(notice.record_type, set()).add(notice.record_id)
    titles: dict[tuple[str, int], str] = {}
    for model, screen in registry().allowed("can_show"):
        kind = getattr(model, "__record_type__", "")
        if kind in wanted:
            for hit in screen.datamodel.find(model.id.in_(wanted[kind]), len(wanted[kind])):
                titles[kind, hit.id] = named(hit.number, hit.title)
    return titles


def shown(notices: list[Notice]) -> list[ShownNotice]:
    """Return notices by record, the newest first; one statement for each kind of record."""
    titles = _titles(notices)
    groups: dict[Any, ShownNotice] = {}
    for notice in notices:
        key: Any = notice.id
        title = ""
        if notice.record_id is not None:
            key = (notice.record_type, notice.record_id)
            title = titles.get(key) or gettext("A record that you may not see any more")
        text = _text(notice.text, notice.text_values)
        if key in groups:
            if text not in groups[key].texts:
                groups[key].texts.append(text)
            groups[key].is_read &= notice.read_at is not None
        else:
            groups[key] = ShownNotice(
                notice.id, KINDS[notice.kind], title or text, [text] if title else [],
                notice.actor_name, notice.created_at, notice.read_at is not None,
            )
    return list(groups.values())


def _target(notice: Notice) -> str:
    # A notice of many records names their kind among its values.
    page = notice.text_values.get(PAGE)
    if page and page["endpoint"] in current_app.view_functions:
        return url_for(page["endpoint"], **page["arguments"])
    kind = notice.text_values.get("record_type") or notice.record_type
    page = "can_list" if notice.record_id is None else "can_show"
    for model, main in registry().main_screens().items():
        if kind and getattr(model, "__record_type__", "") == kind:
            screen = registry().screen_that_allows(model, page) or main
            return (screen.url("list") if notice.record_id is None
                    else screen.url("show", pk=notice.record_id))
    if "job_id" in notice.text_values and _JOB_PAGE in current_app.view_functions:
        return url_for(_JOB_PAGE, job_id=notice.text_values["job_id"])
    return url_for("NoticesView.index")


class NoticesView(BaseView):
    """One's own notices; nobody sees those of others."""

    route_base = "/notices"
    default_view = "index"
    class_permission_name = "core.Notices"
    base_permissions: list[str] = []

    @expose("/count")
    def count(self) -> Response:
        """Tell how much is unread and how many jobs run; nothing when that is known already."""
        person = current_actor()
        if person is None:
            abort(401)
        # Every page of everybody asks this now and then: one statement for all three.
        parts = (count_unread, count_active_jobs, count_announcements)
        statement: AnySelect = select(*(part(person).scalar_subquery() for part in parts))
        number, running, news = db.session.execute(statement).one()
        if request.args.get("known") == f"{number}.{running}.{news}":
            return Response(status=204)
        return jsonify(
            unread=number, running=running, news=news,
            label=f"{COUNT_MOST}+" if number > COUNT_MOST else str(number),
        )

    @expose("/")
    def index(self) -> BaseResponse | str:
        """Show all notices, or those of a kind, or the panel of the bell."""
        person = self._person()
        if isinstance(person, BaseResponse):
            return person
        if is_partial():
            found = notices_of(db.session, person, limit=PANEL_MOST)
            return self.render_template(
                "screens/home/notices_panel.html", notices=shown(found),
                up_to=found[0].id if found else 0,
            )
        kind = request.args.get("kind", "")
        before = whole_number(request.args.get("before"), LARGEST_BIG_KEY)
        if kind and kind not in KINDS:
            abort(400)
        found = notices_of(
            db.session, person, limit=PAGE_SIZE + 1, kind=kind,
            only_unread="unread" in request.args,
            before=before,
        )
        return self.render_template(
            "screens/home/notices.html", notices=shown(found[:PAGE_SIZE]), kinds=KINDS.values(),
            chosen=kind, only_unread="unread" in request.args,
            up_to=found[0].id if found and not before else 0,
            older=found[PAGE_SIZE - 1].id if len(found) > PAGE_SIZE else 0,
        )

    @expose("/read", methods=["POST"])
    def read(self) -> BaseResponse | str:
        """Mark everything that stood on the page as read."""
        person = actor()
        up_to = whole_number(request.form.get("up_to"), LARGEST_BIG_KEY)
        if up_to is None:
            abort(400)
        mark_read(db.session, person, up_to)
        if is_partial():
            return self.index()
        return redirect(safe_next(request.form.get("next"), url_for("NoticesView.index")))

    @expose("/open/<int:notice_id>", methods=["POST"])
    def open(self, notice_id: int) -> BaseResponse:
        """Mark a notice as read and go to what it is about."""
        notice = open_notice(db.session, actor(), notice_id)
        if notice is None:
            abort(404)
        return redirect(_target(notice))

    @expose("/announcements")
    def announcements(self) -> str:
        """Give the bar of announcements, a part of every page."""
        return self.render_template(
            "screens/home/announcements.html", worded=localised,
            announcements=announcements_for(db.session, actor()),
        )

    @expose("/announcements/<int:announcement_id>/dismiss", methods=["POST"])
    def dismiss(self, announcement_id: int) -> BaseResponse | str:
        """Put an announcement away for oneself."""
        if not dismiss(db.session, actor(), announcement_id):
            abort(404)
        if is_partial():
            return self.announcements()
        return redirect(safe_next(request.form.get("next")))

    @expose("/choices", methods=["GET", "POST"])
    def choices(self) -> BaseResponse | str:
        """Show or keep what one wants to be told."""
        person = self._person()
        if isinstance(person, BaseResponse):
            return person
        ways = channels()
        columns = [IN_PRODUCT, *ways]
        typed = {name: request.form.get(f"handle-{name}", "").strip()
                 for name, way in ways.items() if way.is_group}
        bad = {name for name, handle in typed.items() if handle and not ways[name].accepts(handle)}
        sent = request.method == "POST"
        if sent and not bad:
            with write(db.session):
                for name in columns:
                    choose(db.session, person, set(request.form.getlist(name)) & set(KINDS), name)
                save_handles(db.session, person, typed)
            flash(gettext("Your choice is kept."), "success")
            return redirect(url_for("NoticesView.choices"))
        chosen = choices_of(db.session, person)
        page = self.render_template(
            "screens/home/notice_choices.html", kinds=KINDS.values(), ways=ways.values(), bad=bad,
            # Outside of the product only what was chosen; in the product all but what was not.
            wanted={
                (kind, name): kind in request.form.getlist(name) if sent
                else chosen.get((kind, name), name == IN_PRODUCT)
                for kind in KINDS for name in columns
            },
            handles=typed if sent else handles_of(db.session, person),
            mail=mail_of(db.session, person) if MAIL.name in ways else "",
        )
        return current_app.make_response((page, UNPROCESSABLE)) if bad else page

    @staticmethod
    def _person() -> Actor | BaseResponse:
        person = current_actor()
        if person is not None:
            return person
        if is_partial() or request.method != "GET":
            abort(401)
        return redirect(url_for("SignInView.login", next=request.full_path.rstrip("?")))
