"""Measures an exam that many people sit at once, and the matrix of many people and duties.

    python -m scripts.benchmark_training --people 200 --staff 1000 --duties 40

makes an installation in a temporary folder. All of the people begin the same exam at the same
moment and answer every question through the web server; whatever the server confirmed is looked
for in the database afterwards. It prints how many answers were sent, kept and lost, and exits with
1 if one was lost. Then it opens pages of the matrix with ``--staff`` people and ``--duties``
duties, and the list of certificates beside it. With ``--database`` the installation is made in that
empty PostgreSQL database. Linux only.
"""

from __future__ import annotations

import argparse
import datetime as dt
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from contextlib import closing
from pathlib import Path
from typing import Any

from config import ROOT
from scripts.benchmark import installation, statements_of
from scripts.measuring import Server, serving, sign_in

QUESTIONS = 10
_TIMES = 15
_FORM = "application/x-www-form-urlencoded"


def main(arguments: list[str] | None = None) -> int:
    """Measure; return the exit status: 1 if an answer was lost."""
    parser = argparse.ArgumentParser(description="Measures an exam and the training matrix.")
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--staff", type=int, default=1000)
    parser.add_argument("--duties", type=int, default=40)
    parser.add_argument("--database", default="")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        environment = installation(folder, options.database)
        subprocess.run([sys.executable, "-m", "flask", "--app", "app", "deploy"], cwd=ROOT,
                       env=environment, check=True, stdout=sys.stderr)
        os.environ.update(environment)
        from app import create_app

        application = create_app()
        password = environment["CARELINE_DEMO_PASSWORD"]
        with application.app_context():
            exam_id = _set_up(application, options, password)
        with serving("app:create_app()", environment, folder / "web.log") as server:
            lost = _sit(server, application, exam_id, options.people, password)
            _matrix(server, application, options, password)
    return 1 if lost else 0


# --- data ----------------------------------------------------------------------------------------
def _set_up(application: Any, options: argparse.Namespace, password: str) -> int:
    """Make people, an exam, duties and certificates; return the exam's key."""
    from app.admin.demo.people import load as load_people
    from app.database import db
    from app.sdk.demo import DemoContext

    load_people(DemoContext(db.session, application.config["CARELINE_SETTINGS"], 1, password))
    users = _people(max(options.staff, options.people))
    exam_id = _exam()
    _duties(users, options.duties)
    db.session.close()
    return exam_id


def _people(number: int) -> list[int]:
    """Add agents with the password of the demonstration; return their keys."""
    from flask_appbuilder.security.sqla.models import User
    from sqlalchemy import select

    from app.database import db, write
    from app.sdk.models import Staff

    pattern = db.session.scalars(select(User).where(User.username == "agent")).one()
    staff = db.session.scalars(select(Staff).where(Staff.user_id == pattern.id)).one()
    users = []
    with write(db.session):
        for place in range(number):
            user = User(
                username=f"learner{place}", first_name=f"学员{place:04}", last_name="",
                email=f"learner{place}@demo.invalid", active=True, password=pattern.password,
                roles=list(pattern.roles))
            db.session.add(user)
            db.session.flush()
            db.session.add(Staff(
                user_id=user.id, number=f"9{place:05}", name=f"学员{place:04}",
                department_id=staff.department_id, team_id=staff.team_id))
            users.append(user.id)
    return users


def _exam() -> int:
    from sqlalchemy import select

    from app.database import db
    from app.sdk.records import create
    from app.sdk.services import act
    from plugins.training.exams.models import Exam, ExamPart, Question, Topic

    hr = _actor("hr")
    topic = db.session.scalars(select(Topic.id).order_by(Topic.id)).first()
    for place in range(2 * QUESTIONS):
        create(db.session, hr, Question, {
            "topic_id": topic, "text": f"第{place + 1}题", "kind": "single",
            "answers": "*甲\n乙\n丙\n丁"})
    exam = create(db.session, hr, Exam, {"name": "信息安全考试", "minutes": 60})
    create(db.session, hr, ExamPart, {
        "exam_id": exam.id, "topic_id": topic, "difficulty": "easy", "number_of": QUESTIONS,
        "points": 1})
    act(db.session, hr, exam, "publish")
    return int(exam.id)


def _actor(username: str) -> Any:
    from flask_appbuilder.security.sqla.models import User
    from sqlalchemy import select

    from app.access.services import actor_for
    from app.database import db

    return actor_for(db.session, db.session.scalars(
        select(User.id).where(User.username == username)).one())


def _duties(users: list[int], number: int) -> None:
    """Make everybody hold two of three certificates, some of them ended."""
    from sqlalchemy import insert

    from app.database import db, write
    from app.sdk.people import local_today
    from app.sdk.records import create
    from app.sdk.services import utcnow
    from plugins.training.certificates.models import Certificate
    from plugins.training.courses.models import Course
    from plugins.training.duties.models import DutyRule

    hr, today, now, rows = _actor("hr"), local_today(), utcnow(), []
    for place in range(number):
        course = create(db.session, hr, Course, {
            "code": f"D{place}", "name": f"必修课{place + 1:02}", "valid_months": 12})
        create(db.session, hr, DutyRule, {
            "course_id": course.id, "starts_on": dt.date(2020, 1, 1), "days": 10})
        for count, user_id in enumerate(users):
            if (count + place) % 3:
                issued = today - dt.timedelta(days=(count * 7 + place * 11) % 400)
                ends = issued + dt.timedelta(days=365)
                rows.append({
                    "number": f"ZS-B-{place:03}{count:06}", "owner_id": user_id,
                    "course_id": course.id, "edition": 1, "issued_on": issued,
                    "expires_on": ends, "ends_on": ends, "outdated": False, "revoked": False,
                    "revoked_reason": "", "version": 1, "created_at": now, "updated_at": now,
                    "extra": {}})
    with write(db.session):
        for begin in range(0, len(rows), 1000):
            db.session.execute(insert(Certificate.__table__), rows[begin:begin + 1000])


# --- the exam ------------------------------------------------------------------------------------
class _Learner(threading.Thread):
    """One person who sits the exam; answers of every second question are changed once.

    Attributes:
        confirmed: the last answer that the server confirmed, by place.
        sent: how many answers were sent.
        seconds: of each request.
        failure: what stopped the person; empty where nothing did.
    """

    def __init__(
        self, server: Server, headers: dict[str, str], exam_id: int, gate: threading.Barrier
    ) -> None:
        super().__init__(daemon=True)
        self._server, self._headers, self._exam_id, self._gate = server, headers, exam_id, gate
        self.confirmed: dict[int, str] = {}
        self.sent = 0
        self.seconds: list[float] = []
        self.failure = ""
        self.attempt = 0

    def run(self) -> None:
        """Sit the exam from the first question to the last."""
        try:
            _, page, _ = self._ask("GET", f"/training/exams/take/{self._exam_id}")
            token = page.split('name="csrf-token" content="', 1)[1].split('"', 1)[0]
            self._gate.wait()
            self.seconds.clear()
            _, _, address = self._ask(
                "POST", f"/training/exams/take/{self._exam_id}/start", {"csrf_token": token})
            self.attempt = int(address.split("/attempts/")[1].split("/")[0])
            for place in range(1, QUESTIONS + 1):
                if place % 2:
                    self._answer(token, place, str(place % 3), "")
                self._answer(token, place, str((place + self.attempt) % 4), "next")
        except Exception as error:
            self.failure = f"{type(error).__name__}: {error}"

    def _answer(self, token: str, place: int, answer: str, go: str) -> None:
        self.sent += 1
        status, _, _ = self._ask(
            "POST", f"/training/attempts/{self.attempt}/question/{place}",
            {"csrf_token": token, "answer": answer, "go": go})
        if status not in (200, 302):
            raise RuntimeError(f"question {place} answered {status}")
        self.confirmed[place] = answer

    def _ask(
        self, method: str, path: str, values: dict[str, str] | None = None
    ) -> tuple[int, str, str]:
        body = urllib.parse.urlencode(values) if values is not None else None
        start = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=300)
        with closing(connection):
            connection.request(method, path, body, {**self._headers, "Content-Type": _FORM})
            answer = connection.getresponse()
            page = answer.read().decode()
        cookie = answer.getheader("Set-Cookie")
        if cookie:
            # The token of a page belongs to the cookie that came with it.
            self._headers = {**self._headers, "Cookie": cookie.split(";", 1)[0]}
        self.seconds.append(time.perf_counter() - start)
        return answer.status, page, answer.getheader("Location") or ""


def _sit(
    server: Server, application: Any, exam_id: int, people: int, password: str
) -> int:
    """Let people sit the exam at once; print what became of their answers; return the lost."""
    gate = threading.Barrier(people + 1)
    learners = [_Learner(server, sign_in(server, f"learner{place}", password), exam_id, gate)
                for place in range(people)]
    for one in learners:
        one.start()
    gate.wait()
    start = time.perf_counter()
    for one in learners:
        one.join()
    clock = time.perf_counter() - start
    kept = _kept(application, learners)
    sent, confirmed = (sum(one.sent for one in learners),
                       sum(len(one.confirmed) for one in learners))
    lost, failed = confirmed - kept, [one.failure for one in learners if one.failure]
    seconds = sorted(second for one in learners for second in one.seconds)
    print(f"{people} people, {QUESTIONS} questions each, in {clock:.0f} s: {sent} answers sent, "
          f"of them {confirmed} the last one to their question; {kept} kept, {lost} lost; "
          f"{len(failed)} people stopped by an error.")
    print(f"A request took {statistics.median(seconds) * 1000:.0f} ms at the median, "
          f"{seconds[int(len(seconds) * 0.95)] * 1000:.0f} ms at most for 95 of 100.")
    for failure in sorted(set(failed)):
        print(f"  {failure}")
    return lost + len(failed)


def _kept(application: Any, learners: list[_Learner]) -> int:
    """Return how many confirmed answers are in the database as they were sent last."""
    from sqlalchemy import select

    from app.database import db
    from plugins.training.exams.models import AttemptItem

    with application.app_context():
        held = {(row.attempt_id, row.place): row.given for row in db.session.execute(
            select(AttemptItem.attempt_id, AttemptItem.place, AttemptItem.given))}
        db.session.close()
    return sum(held.get((one.attempt, place)) == [int(answer)]
               for one in learners for place, answer in one.confirmed.items())


# --- the matrix ----------------------------------------------------------------------------------
def _matrix(
    server: Server, application: Any, options: argparse.Namespace, password: str
) -> None:
    headers = sign_in(server, "hr", password)
    last = max(1, options.staff // 25)
    print(f"{options.staff} people, {options.duties} duties, 25 people on a page:")
    print("| page | statements | CPU ms | ms |\n| --- | ---: | ---: | ---: |")
    for title, path in (
        ("matrix, page 1", "/training/matrix/"),
        (f"matrix, page {last}", f"/training/matrix/?page={last}"),
        ("list of certificates, as it opens", "/training/certificates/list/"),
    ):
        cpu, clock = server.measure(path, headers, _TIMES)
        statements = statements_of(application, headers, path)
        print(f"| {title} | {statements} | {cpu * 1000:.0f} | {clock * 1000:.0f} |")


if __name__ == "__main__":
    sys.exit(main())
