"""Signing in and out, and what everyone may do for themselves: language, colours, password."""

from __future__ import annotations

from typing import Any

from flask import flash, g, jsonify, redirect, request, session, url_for
from flask_appbuilder.baseviews import BaseView, expose
from flask_babel import gettext
from flask_login import current_user, login_user, logout_user
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from sqlalchemy import select
from werkzeug.security import check_password_hash
from werkzeug.wrappers import Response
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from app.access.passwords import MINIMUM_PASSWORD_LENGTH, password_error
from app.access.security import current_actor, has_handed_password
from app.access.temporary_passwords import known_words
from app.database import db, write
from app.lazy_texts import lazy_gettext
from app.people.models import Staff
from app.people.services import set_preference
from app.web.language import LANGUAGES, choose_language
from app.web.request import actor, safe_next

THEMES = {"light", "dark", "auto"}


class SignInForm(FlaskForm):
    """Name and password."""

    username = StringField(lazy_gettext("User name"), [InputRequired(), Length(max=128)])
    password = PasswordField(lazy_gettext("Password"), [InputRequired(), Length(max=256)])


class PasswordForm(FlaskForm):
    """A new password, with the present one as proof."""

    present = PasswordField(lazy_gettext("Present password"), [InputRequired(), Length(max=256)])
    password = PasswordField(
        lazy_gettext("New password"),
        [InputRequired(), Length(min=MINIMUM_PASSWORD_LENGTH, max=256)],
        description=lazy_gettext("At least 12 characters. A few words in a row are best."),
    )
    again = PasswordField(
        lazy_gettext("New password again"),
        [InputRequired(), EqualTo("password", lazy_gettext("The passwords differ."))],
    )

    def validate_present(self, field: PasswordField) -> None:
        """Refuse when the present password is wrong."""
        if not check_password_hash(current_user.password or "", field.data or ""):
            raise ValidationError(gettext("This is not your present password."))

    def validate_password(self, field: PasswordField) -> None:
        """Refuse the present password, and what is tried first by whoever wants to get in."""
        if check_password_hash(current_user.password or "", field.data or ""):
            raise ValidationError(gettext("Choose another one than your present password."))
        reason = password_error(field.data or "", known_words(db.session, current_user))
        if reason:
            raise ValidationError(gettext(reason))


class SignInView(BaseView):
    """The sign-in page; sign-out by POST only."""

    route_base = ""
    default_view = "login"
    class_permission_name = "core.SignIn"
    base_permissions: list[str] = []

    @expose("/login/", methods=["GET", "POST"])
    def login(self) -> Response | str:
        """Show the form, or check it and go on to where the person was heading."""
        target = safe_next(request.args.get("next"))
        if current_actor() is not None:
            return redirect(target)
        form = SignInForm()
        if form.validate_on_submit() and self._signed_in(form):
            return redirect(target)
        return self.render_template("web/sign_in.html", form=form)

    @expose("/login/state", methods=["GET"])
    def state(self) -> Response:
        """Say whether the session still runs, with the token that goes with it.

        A page asks before it sends a form: what was typed would be lost with the page.
        """
        return jsonify(
            signed_in=current_actor() is not None, token=generate_csrf())

    @expose("/login/again", methods=["GET", "POST"])
    def again(self) -> Response | tuple[str, int] | str:
        """Give the form of the dialog in which one signs in again, or check it.

        A page that outlived its session opens the dialog over what was typed, and asks for the
        token of the new session afterwards.
        """
        form = SignInForm()
        # The page below may have a field of the same name.
        form.username.id, form.password.id = "again-username", "again-password"
        if request.method == "GET":
            form.username.data = request.args.get("username", "")
        elif form.validate_on_submit() and self._signed_in(form):
            return Response(status=204)
        page = self.render_template("web/sign_in_again.html", form=form)
        return (page, 422) if form.is_submitted() else page

    def _signed_in(self, form: SignInForm) -> bool:
        user = self.appbuilder.sm.auth_user_db(form.username.data, form.password.data)
        if user is None:
            # One sentence for a wrong name, a wrong password, a locked and a closed account.
            form.form_errors.append(
                gettext("Name or password is wrong, or there were too many tries. Try again.")
            )
            return False
        # One write for the session and its entry: the lock is waited for once.
        with write(db.session):
            login_user(user, remember=False)
        self._take_over_preferences(user.id)
        return True

    @staticmethod
    def _take_over_preferences(user_id: int) -> None:
        chosen = db.session.execute(
            select(Staff.locale, Staff.theme).where(Staff.user_id == user_id)
        ).one_or_none()
        if chosen is None:
            return
        if chosen.locale in LANGUAGES:
            choose_language(chosen.locale)
        if chosen.theme in THEMES:
            session["theme"] = chosen.theme

    @expose("/logout/", methods=["POST"])
    def logout(self) -> Response:
        """End the session here and on the server."""
        if current_actor() is not None:
            logout_user()
        session.pop("theme", None)
        return redirect(url_for(f"{self.endpoint}.login"))


class AccountView(BaseView):
    """One's own page, language and colours."""

    route_base = "/account"
    default_view = "profile"
    class_permission_name = "core.Account"
    base_permissions: list[str] = []

    def url(self) -> str:
        """Return the address of the caller's own page."""
        return url_for(f"{self.endpoint}.profile")

    @expose("/")
    def profile(self) -> str:
        """Show who one is: name, roles, place in the house."""
        person = actor()
        return self.render_template("web/account.html", person=person, user=g.user)

    @expose("/language", methods=["POST"])
    def language(self) -> Response:
        """Change the language and go back to the page one came from."""
        language = request.form.get("locale", "")
        if language in LANGUAGES:
            choose_language(language)
            self._remember(locale=language)
        return redirect(safe_next(request.form.get("next")))

    @expose("/theme", methods=["POST"])
    def theme(self) -> Response:
        """Change between light, dark and the system's choice."""
        theme = request.form.get("theme", "")
        if theme in THEMES:
            session["theme"] = theme
            self._remember(theme=theme)
        return redirect(safe_next(request.form.get("next")))

    @staticmethod
    def _remember(**values: Any) -> None:
        person = current_actor()
        if person is not None and person.user_id is not None:
            set_preference(db.session, person.user_id, **values)


class PasswordView(BaseView):
    """Changing one's own password."""

    route_base = "/account/password"
    default_view = "change"
    class_permission_name = "core.Password"
    base_permissions: list[str] = []

    @expose("/", methods=["GET", "POST"])
    def change(self) -> Response | str:
        """Show the form, or set the new password and end all other sessions.

        Who has to choose one before anything else gets the form without a menu.
        """
        person = actor()
        is_first = has_handed_password()
        form = PasswordForm()
        if form.validate_on_submit():
            self.appbuilder.sm.reset_password(person.user_id, form.password.data)
            flash(gettext("Your password is changed. Other sessions of yours have ended."),
                  "success")
            return redirect("/" if is_first else url_for("AccountView.profile"))
        page = "web/own_password.html" if is_first else "web/password.html"
        return self.render_template(page, form=form)
