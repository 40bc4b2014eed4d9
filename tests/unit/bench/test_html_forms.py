"""What a browser would send of a form, for the benchmark."""

from __future__ import annotations

import pytest

from tests.bench.html_forms import fields_of, with_value

PAGE = """
<form id="search"><input name="q" value="not this"></form>
<form class="a record-form b"><input type="hidden" name="token" value="t&amp;1">
<input name="name" value="王"><input type="checkbox" name="off" value="1">
<input type="checkbox" name="on" value="1" checked><input name="gone" value="x" disabled>
<select name="kind"><option value="1">1</option><option value="2" selected>2</option></select>
<textarea name="text">
first
second</textarea><button name="save" value="1">Save</button><input type="submit" name="go"></form>
<form id="last"><input name="end" value="1"></form>
"""


def test_the_fields_of_the_form_that_is_meant():
    assert fields_of(PAGE, "record-form") == [
        ("token", "t&1"), ("name", "王"), ("on", "1"), ("kind", "2"), ("text", "first\nsecond")]
    assert fields_of(PAGE, "") == [("end", "1")]
    assert fields_of(PAGE, "nothing") == []


def test_one_field_gets_another_value():
    fields = fields_of(PAGE, "record-form")
    assert with_value(fields, "kind", "1") == [*fields[:3], ("kind", "1"), fields[4]]
    with pytest.raises(LookupError):
        with_value(fields, "off", "1")
