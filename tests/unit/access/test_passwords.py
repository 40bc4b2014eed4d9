"""What is refused as a password, and that what people should choose is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.security import check_password_hash, generate_password_hash

from app.access import security
from app.access.passwords import COMMON, IN_ORDER, OWN, REPEATED, password_error

OWN_WORDS = ("wang.xiaoming", "王晓明", "A10042", "xm.wang")


@pytest.mark.parametrize(("password", "reason"), [
    ("Password1234", COMMON), ("P@ssw0rd2024!", COMMON), ("Welcome2026!!", COMMON),
    ("passwordadmin", COMMON), ("Administrator1", COMMON), ("1qaz2wsx2024", COMMON),
    ("aaaaaaaaaaaa", REPEATED), ("121212121212", REPEATED), ("Tulpe7Tulpe7", REPEATED),
    ("123456789012", IN_ORDER), ("qwertyuiop12", IN_ORDER), ("abcdefghijkl", IN_ORDER),
    ("zyxwvutsrqpo", IN_ORDER), ("839201746528", IN_ORDER),
    ("wangxiaoming1988", OWN), ("Xiaoming-2024!!", OWN), ("王晓明王晓明2024年", OWN),
    ("a10042-a10042!1", OWN), ("Careline2026!", OWN), ("c@reline-1234", OWN),
])
def test_what_is_tried_first_is_refused(password, reason):
    assert password_error(password, OWN_WORDS) == reason


@pytest.mark.parametrize("password", [
    "correct horse battery", "a new long password", "夕阳下的三只白鹭飞过湖面", "7fK!q2-Zr9xw",
    "wangxiaoming mag Kirschkuchen", "a-password-for-tests", "demo-pass-word-1",
])
def test_what_people_should_choose_is_taken(password):
    assert password_error(password, OWN_WORDS) == ""


@given(st.text(min_size=1, max_size=40), st.lists(st.text(max_size=12), max_size=3))
def test_any_text_gets_an_answer(password, own):
    assert isinstance(password_error(password, own), str)


def test_nobodys_hash_is_checked_like_that_of_an_account_and_fits_no_password():
    def shape(text):
        method, salt, digest = text.split("$")
        return method, len(salt), len(digest)

    assert shape(security._NOBODYS_HASH) == shape(generate_password_hash("a password"))
    assert not check_password_hash(security._NOBODYS_HASH, "a password")
