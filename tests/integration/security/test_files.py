"""Files whose content is not what they say, and disks that are full."""

from __future__ import annotations

import errno
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.records.models import File
from plugins.complaints.models import Complaint
from tests.integration.security.town import Town

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
SCRIPT = b"<script>alert(1)</script>"


def archive(*names: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in names:
            packed.writestr(name, b"0" * 1000)
    return body.getvalue()


def upload(town: Town, name: str, content: bytes) -> Any:
    agent = town.client("agent")
    return agent.post(
        f"/complaints/files/{town.own[Complaint]}", headers={"HX-Request": "true"},
        data={"csrf_token": agent.token, "files": (io.BytesIO(content), name)},
    )


def files_of(town: Town) -> int:
    with town.house() as house:
        return house.session.scalar(select(func.count()).select_from(File))


def stored(town: Town) -> set[Path]:
    folder = town.app.config["CARELINE_SETTINGS"].var_dir
    return {path for path in folder.rglob("*") if path.is_file() and "sqlite" not in path.name}


@pytest.mark.parametrize(("name", "content"), [
    ("page.html", SCRIPT), ("drawing.svg", b"<svg onload='alert(1)'/>"), ("page.png", SCRIPT),
    ("photo.jpg", PNG), ("paper.pdf", b"<html>%PDF-"), ("table.xlsx", archive("word/x.xml")),
    ("table.xlsx", archive("xl/workbook.xml", "xl/vbaProject.bin")), ("table.xlsx", PNG),
    ("paper.docx", archive("../../etc/passwd")), ("run.exe", b"MZ\x90"), ("note.txt", PNG),
    ("note.txt", b"%PDF-1.7 not a note"), ("rows.csv", b"a,b\n" * 2000 + b"\x00"),
    ("note.txt", b"PK\x03\x04note"), ("shot.webp", b"<html>  WEBP<script>"), ("page.png.html", PNG),
    ("no-ending", b"text"), ("empty.txt", b""),
])
def test_what_is_not_what_it_says_is_refused(town, name, content):
    before, lying = files_of(town), stored(town)
    answer = upload(town, name, content)
    assert answer.status_code == 422, (answer.status_code, name)
    assert files_of(town) == before and stored(town) == lying


@pytest.mark.parametrize("name", [
    "../../../etc/passwd.txt", "C:\\windows\\evil.txt",
    "<img src=x onerror=alert(1)>.txt", "=cmd|' /C calc'!A0.txt", "\u202etxt.exe.txt",
])
def test_names_are_only_ever_shown(town, name):
    assert upload(town, name, b"words").status_code == 200
    agent = town.client("agent")
    page = agent.get(f"/complaints/show/{town.own[Complaint]}").text
    assert "<img src=x" not in page
    with town.house() as house:
        file = house.session.scalar(select(File).order_by(File.id.desc()).limit(1))
        assert not {"/", "\\", "\r", "\n"} & set(file.name)
        key = file.id
    answer = agent.get(f"/complaints/files/{town.own[Complaint]}/{key}")
    assert answer.text == "words"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")


def test_a_picture_that_is_a_page_too_is_shown_as_a_picture_alone(town):
    assert upload(town, "both.png", PNG + SCRIPT).status_code == 200
    with town.house() as house:
        key = house.session.scalar(select(File.id).order_by(File.id.desc()).limit(1))
    answer = town.client("agent").get(f"/complaints/files/{town.own[Complaint]}/{key}")
    assert answer.mimetype == "image/png"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


class FullDisk(io.BytesIO):
    """A file on a disk that has no room left."""

    def write(self, _content: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_told_and_leaves_nothing_half_written(town, monkeypatch):
    from fsspec.implementations.local import LocalFileOpener

    before, lying = files_of(town), stored(town)
    with monkeypatch.context() as patch:
        patch.setattr(LocalFileOpener, "write", FullDisk().write)
        patch.setitem(town.app.config, "PROPAGATE_EXCEPTIONS", False)
        answer = upload(town, "note.txt", b"words")
    assert answer.status_code == 507 and "no room left" in answer.json["message"]
    assert files_of(town) == before and stored(town) == lying
    assert upload(town, "note.txt", b"words").status_code == 200


def test_a_full_disk_during_an_import_leaves_no_file(town, monkeypatch):
    supervisor = town.client("supervisor")

    class Stream(io.BytesIO):
        def read(self, *_size: Any) -> bytes:
            raise OSError(errno.ENOSPC, "No space left on device")

    from app.admin import imports
    from app.records.importing import uploads

    lying = stored(town)
    monkeypatch.setitem(town.app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(
        imports, "store", lambda folder, _stream, most: uploads.store(folder, Stream(), most)
    )
    answer = supervisor.post("/imports/complaints.complaints/", data={
        "csrf_token": supervisor.token, "files": (io.BytesIO(b"a,b\n"), "x.csv")})
    assert answer.status_code == 507 and stored(town) == lying


@pytest.mark.parametrize(("name", "content"), [
    ("x.csv", b"a\x00b,c\n1,2\n"), ("x.csv", b"a" * 5_000_000), ("x.xlsx", archive("../../x")),
    ("x.xlsx", PNG), ("x.csv", b""), ("x.csv", b"\xff\xfe\x00"), ("x.exe", b"MZ"),
    ("x.xlsx", archive("xl/workbook.xml")),
])
def test_tables_that_are_none_are_refused_at_the_door(town, name, content):
    supervisor = town.client("supervisor")
    lying = stored(town)
    answer = supervisor.post("/imports/complaints.complaints/", data={
        "csrf_token": supervisor.token, "files": (io.BytesIO(content), name)})
    assert answer.status_code in (302, 422), answer.status_code
    if answer.status_code == 302:
        # Taken as a table: its columns can be looked at.
        assert supervisor.get(answer.location).status_code < 500
    else:
        assert stored(town) == lying
