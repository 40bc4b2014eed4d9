"""Fields of forms that are kept: with the value of each record, and what is wrong with it."""

from __future__ import annotations

import pytest

from app.database import db, write
from app.web.fragment_cache import MODE, FragmentMode
from tests.integration.screens.building import add_cases
from tests.integration.screens.sample import Case
from tests.integration.screens.test_fragment_cache import opened

TEXTS = ("plain", '"quoted" & <b>bold</b>', "两行\r\n文字",
         "</textarea><script>alert(1)</script>", "")


@pytest.fixture
def cases(app):
    """Cases with a text each that HTML must not take for markup."""
    with app.app_context():
        keys = add_cases(len(TEXTS))
        with write(db.session):
            for key, text in zip(keys, TEXTS, strict=True):
                case = db.session.get(Case, key)
                case.subject, case.story = text or "subject", text
        return keys


@pytest.mark.parametrize("language", ["en", "zh"])
def test_each_record_has_its_own_values_in_the_kept_fields(app, browser, cases, language):
    agent = browser("agent")
    agent.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    pages = [f"/sample/cases/edit/{key}" for key in cases]
    drawn = [opened(app, agent, page, FragmentMode.DRAWN) for page in pages]
    assert len({text for _, text in drawn}) == len(TEXTS)
    for _ in range(2):
        assert [opened(app, agent, page, FragmentMode.KEPT) for page in pages] == drawn
    assert "\x00" not in "".join(text for _, text in drawn)


def test_what_was_sent_and_what_is_wrong_with_it_stands_in_the_field(app, browser, cases):
    app.config[MODE] = FragmentMode.KEPT
    agent = browser("agent")
    page = f"/sample/cases/edit/{cases[0]}"
    plain = agent.get(page).text
    answer = agent.send(page, {"subject": "", "story": "half a <story>", "version": "1"})
    assert answer.status_code == 422
    assert "half a &lt;story&gt;</textarea>" in answer.text
    assert 'id="subject-error"' in answer.text and "subject-error" not in plain
    # The next reader meets neither.
    again = agent.get(page).text
    assert "half a" not in again and "subject-error" not in again
