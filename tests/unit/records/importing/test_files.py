"""A file is judged by its content: kind, encoding, delimiter."""

from __future__ import annotations

import codecs
import random
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.records.importing.files import UnreadableFile, delimiter_of, encoding_of, kind_of

CHINESE = "姓名,电话\n王芳,13800000000\n"


def _write(folder: Path, content: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"name,phone\n", "utf-8"),
        (CHINESE.encode(), "utf-8"),
        (CHINESE.encode("utf-8-sig"), "utf-8-sig"),
        (CHINESE.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + CHINESE.encode("utf-16-be"), "utf-16"),
        (CHINESE.encode("gb18030"), "gb18030"),
        ("𠮷,㐂\n".encode("gb18030"), "gb18030"),
    ],
)
def test_encodings(tmp_path: Path, content: bytes, encoding: str) -> None:
    path = _write(tmp_path, content)
    assert kind_of(path) == "csv"
    assert encoding_of(path) == encoding


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_single_character_far_down_decides(tmp_path: Path, encoding: str) -> None:
    path = _write(tmp_path, b"a,b\n" * 700_000 + "王".encode(encoding))
    assert encoding_of(path) == encoding


def test_a_line_of_another_encoding_is_named_not_garbled(tmp_path: Path) -> None:
    lines = ["编号,客户,投诉内容\n", "1,王小明,提前还款被收取违约金\n", "2,李雷,“不认可”！,利息\n"]
    mixed = [line.encode("gb18030") for line in lines]
    mixed[2] = lines[2].encode()
    with pytest.raises(UnreadableFile, match="Line 3 is UTF-8"):
        encoding_of(_write(tmp_path, b"".join(mixed)))


@given(lines=st.lists(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5),
                              max_size=12), min_size=1))
def test_lines_of_gb18030_are_not_taken_for_utf_8(lines: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = _write(Path(folder), "违约金\n".encode("gb18030")
                      + "\n".join(lines).encode("gb18030"))
        assert encoding_of(path) == "gb18030"


def test_a_character_cut_by_the_reading_buffer_is_whole(tmp_path: Path) -> None:
    path = _write(tmp_path, b"x" * (1024 * 1024 - 1) + "王".encode())
    assert encoding_of(path) == "utf-8"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"\xff\xd8\xff\xe0", "picture"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or a protected Excel"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"a,b\n\x00\x01\x02", "not a text file"),
        (random.Random(1).randbytes(2000), "not a text file"),
    ],
)
def test_other_files_are_told_apart(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(UnreadableFile, match=told):
        kind_of(_write(tmp_path, content))


@pytest.mark.parametrize("content", [b"a,\xff\xff,b\n", "王,芳".encode()[:-1] + b"\xff"])
def test_characters_of_no_encoding_are_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"neither UTF-8 nor GB18030"):
        encoding_of(_write(tmp_path, content))


def test_utf32_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="UTF-32"):
        encoding_of(_write(tmp_path, CHINESE.encode("utf-32")))


@pytest.mark.parametrize(
    ("content", "delimiter"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("a;b;c\n1,5;2,5;3,5\n", ";"),
        ("a\tb\nx, y\tz\n", "\t"),
        ("a|b|c\n1|2|3\n", "|"),
        ("one column\nand more\n", ","),
        ('a,"b;c;d;e"\n1,2\n', ","),
        ('a;"b,\nc,d"\n1;2\n', ";"),
    ],
)
def test_delimiters(tmp_path: Path, content: str, delimiter: str) -> None:
    assert delimiter_of(_write(tmp_path, content.encode()), "utf-8") == delimiter
