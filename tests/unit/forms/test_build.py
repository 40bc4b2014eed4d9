"""Built web forms: one class for one content, one set of rules, no query for rows."""

from __future__ import annotations

import zoneinfo

import pytest
from flask import Flask
from flask_babel import Babel
from werkzeug.datastructures import MultiDict

from app.forms.build import AjaxSelectField, form_class
from app.forms.definition import CHOOSING, Choice, Field, Form, Kind


@pytest.fixture
def request_context():
    app = Flask("forms")
    app.config.update(SECRET_KEY="x" * 50, WTF_CSRF_ENABLED=False)
    Babel(app)
    with app.test_request_context(method="POST"):
        yield


def test_equal_definitions_share_one_class(feedback):
    assert form_class(feedback) is form_class(Form.from_dict(feedback.to_dict()))
    assert form_class(feedback) is not form_class(Form.of("other", Field("a", Kind.TEXT, "A")))


def test_references_are_picked_over_the_network(request_context, feedback):
    form = form_class(feedback)(formdata=None, data={"customer": 7})
    assert isinstance(form.customer, AjaxSelectField)
    html = str(form.customer())
    assert 'data-endpoint="/api/v1/pick/record/customers.customer"' in html
    assert 'value="7"' in html and "<option" not in html


def test_cleaning_is_the_only_judge(request_context, feedback):
    form = form_class(feedback)(formdata=MultiDict({"happy": "no", "score": "11"}))
    assert not form.validate()
    assert form.why.errors == ["This field is required."]
    assert form.score.errors == ["Must be at most 10."]
    form = form_class(feedback)(formdata=MultiDict({"happy": "no", "why": "late", "customer": "3"}))
    assert form.validate()
    assert form.cleaned == {
        "happy": "no", "why": "late", "tags": [], "customer": 3, "score": None,
    }


def test_a_value_outside_the_choices_is_told(request_context, feedback):
    form = form_class(feedback)(formdata=MultiDict({"happy": "perhaps"}))
    assert not form.validate()
    assert form.happy.errors == ["Choose one of the values offered."]


def test_date_and_time_are_read_in_the_zone_of_the_department(request_context):
    form = form_class(Form.of("f", Field("at", Kind.DATETIME, "At")))(
        formdata=MultiDict({"at": "2026-02-28T10:00"})
    )
    assert form.validate() and form.cleaned["at"].isoformat() == "2026-02-28T02:00:00+00:00"
    london = form_class(Form.of("f", Field("at", Kind.DATETIME, "At")))(
        formdata=MultiDict({"at": "2026-02-28T10:00"})
    )
    london.zone = zoneinfo.ZoneInfo("Europe/London")
    assert london.validate() and london.cleaned["at"].hour == 10


def test_files_and_the_tick_come_in(request_context):
    form = form_class(
        Form.of(
            "f",
            Field("files", Kind.FILE, "Files"),
            Field("agreed", Kind.BOOLEAN, "Agreed", required=True),
            Field("signed", Kind.SIGNATURE, "Signed"),
        )
    )(formdata=MultiDict([("files", ""), ("files", "3"), ("files", "5"), ("agreed", "y"),
                         ("signed", " secret ")]))
    form.files.offer([(3, "a.pdf"), (5, "b.pdf")], "/files/1")
    assert form.validate()
    assert form.cleaned == {"files": [3, 5], "agreed": True, "signed": " secret "}
    assert "secret" not in form.signed()


def test_conditions_reach_the_browser(request_context, feedback):
    html = str(form_class(feedback)(formdata=None).why())
    assert "data-visible-when=" in html and "data-required-when=" in html
    assert 'maxlength="50000"' in html


@pytest.mark.parametrize("kind", list(Kind))
def test_a_field_of_every_kind_is_drawn(request_context, kind):
    choices = (Choice("a", "A"),) if kind in CHOOSING else ()
    target = "customers.customer" if kind is Kind.RECORD else ""
    form = Form.of("f", Field("value", kind, "Value", choices=choices, target=target))
    assert 'name="value"' in str(form_class(form)(formdata=None).value())
