"""The answer for the house's own chat: the best article, or a person."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, jsonify
from flask_appbuilder.api import expose
from flask_appbuilder.security.decorators import protect
from flask_babel import gettext

from app.sdk.abilities import call, has_ability
from app.sdk.errors import CarelineError
from app.sdk.records import address_of
from app.sdk.screens import count_call, current_person, translate
from app.sdk.services import Actor, db, settings_of, write
from plugins.knowledge.articles.body import inserted_text
from plugins.knowledge.articles.models import Article
from plugins.knowledge.finding.answers import answers
from plugins.knowledge.gaps.services import note_gap
from plugins.knowledge.uses import services as uses

OPEN_ENQUIRY = "enquiries.open"
_LONGEST = 2000
_UNPROCESSABLE = 422
_LANGUAGES = ("zh", "en")


class AnswerApi:
    """``POST /api/v1/knowledge/answer``; mixed into the API of articles."""

    method_permission_name = {
        "get_list": "list", "get": "show", "post": "add", "put": "edit", "delete": "delete",
        "act": "show", "reveal": "show", "answer": "answer",
    }

    @expose("/answer", methods=("POST",))
    @protect(allow_browser_login=True)
    def answer(self) -> Response:
        """Return the best published article for a question, or hand over to a person.

        The body holds ``question``, and may hold ``language`` (``zh``, ``en``), ``product``, and
        ``enquiry`` with further values of the ability ``enquiries.open``.
        """
        body = self._body()  # pyright: ignore[reportAttributeAccessIssue] -- of RecordApi
        question = body.get("question")
        language = body.get("language", "zh")
        if not isinstance(question, str) or not question.strip() or language not in _LANGUAGES:
            abort(_UNPROCESSABLE, description=gettext("Send a question, and zh or en."))
        person = current_person()
        count_call(person, "knowledge.answer",
                   settings_of(db.session, "knowledge")["answers_a_minute"])
        return jsonify(_answer(
            person, question.replace("\x00", "")[:_LONGEST], language,
            str(body.get("product") or "")[:_LONGEST], body.get("enquiry")))


def _answer(
    person: Actor, question: str, language: str, product: str, enquiry: Any
) -> dict[str, Any]:
    session = db.session
    found = answers(session, person, question, product, most=1)
    least = settings_of(session, "knowledge")["answer_percent"] / 100
    if found and found[0].likeness >= least:
        article = found[0].article
        with write(session):
            uses.note(session, article, uses.OPENED)
        return {
            "hand_over": False, "score": round(found[0].likeness, 3), "article": {
                "id": article.id, "number": article.number, "title": article.titled(language),
                "text": article.text_in(language), "plain": inserted_text(article, language),
                "machine_written": article.machine_written,
                "address": address_of(Article.__record_type__, article.id)},
        }
    with write(session):
        note_gap(session, person, question, "chat")
    return {"hand_over": True, "score": round(found[0].likeness, 3) if found else 0.0,
            **_handed_over(person, question, enquiry)}


def _handed_over(person: Actor, question: str, enquiry: Any) -> dict[str, Any]:
    """Open an enquiry where a plugin in force can; say why where it cannot."""
    if not has_ability(OPEN_ENQUIRY, person):
        return {"enquiry": None}
    further = enquiry if isinstance(enquiry, dict) else {}
    try:
        made = call(db.session, person, OPEN_ENQUIRY, {**further, "question": question})
    except CarelineError as error:
        return {"enquiry": None, "message": translate(error.message)}
    return {"enquiry": {"id": made.id, "number": made.number,
                        "address": address_of(made.__record_type__, made.id)}}
