"""The style guide: every building block of the screens, drawn by the templates that draw pages."""

from __future__ import annotations

from flask_appbuilder.baseviews import expose
from flask_wtf import FlaskForm
from wtforms import BooleanField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from app.admin.pages import PageView
from app.deadlines.clock_status import ClockStatus
from app.forms.choices import SelectChoice
from app.lazy_texts import lazy_gettext
from app.screens.columns.cells import badge
from app.screens.records.deadline_badges import clock_badge
from app.sdk import N_
from app.sdk.screens import Choice, requires
from app.sdk.services import utcnow
from app.web.assets import icon_names

TONES = (
    Choice("calm", N_("In progress"), "calm", "progress"),
    Choice("good", N_("Done"), "good", "circle-check"),
    Choice("warn", N_("Due soon"), "warn", "clock"),
    Choice("bad", N_("Overdue"), "bad", "alert-circle"),
    Choice("still", N_("Waiting"), "still", "hourglass"),
)
# Names of custom properties with what each one is for.
COLOURS = (
    ("ink", N_("Text")), ("ink-quiet", N_("Quiet text")), ("surface", N_("Card")),
    ("surface-quiet", N_("Ground")), ("surface-hover", N_("Under the pointer")),
    ("surface-chosen", N_("Chosen")), ("line", N_("Edge of a card")),
    ("line-strong", N_("Edge of a field")), ("control", N_("Edge of a tick box")),
    ("calm", N_("In progress")), ("good", N_("Done")), ("warn", N_("Due soon")),
    ("bad", N_("Overdue")), ("still", N_("Waiting")),
)
# Size and weight, class, and what is written so.
SIZES = (
    ("18 px, 600", "h1", N_("Title of a page")),
    ("15 px, 600", "h2", N_("Title of a dialog")),
    ("14 px, 500", "card-title", N_("Title of a card")),
    ("13 px", "", N_("Text, cells, fields and buttons")),
    ("12 px", "small text-secondary", N_("Labels, hints and times")),
    ("tabular-nums", "number", "1,234,567 · 2026-11-22 14:05"),
)


class ExampleForm(FlaskForm):
    """A form with every kind of field, one of them wrong."""

    name = StringField(lazy_gettext("Name"), [InputRequired()])
    kind = SelectField(lazy_gettext("Choices"),
                       choices=[SelectChoice("a", "A"), SelectChoice("b", "B")])
    text = TextAreaField(lazy_gettext("Text"),
                         description=lazy_gettext("A sentence that helps to fill it in."))
    agreed = BooleanField(lazy_gettext("Yes"))


class StyleguideView(PageView):
    """The living style guide, for administrators."""

    route_base = "/styleguide"
    default_view = "index"
    class_permission_name = "core.Styleguide"
    base_permissions = ["can_list"]
    list_title = N_("Style guide")
    icon = "palette"

    @expose("/")
    @requires("list")
    def index(self) -> str:
        """Show all building blocks."""
        form = ExampleForm()
        form.name.errors = [lazy_gettext("This field is required.")]
        return self.render_template(
            "admin/styleguide.html", view=self, colours=COLOURS, sizes=SIZES, form=form,
            badges=[badge(tone) for tone in TONES],
            deadlines=[clock_badge(status, utcnow()) for status in ClockStatus],
            icons=icon_names(),
        )
