"""PDF documents: whatever the data holds, it is text on the page and nothing else."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.records.pdf import FontsMissing, printable, render_pdf
from config import ROOT

FONTS = ROOT / "app" / "web" / "static" / "vendor" / "fonts"
TEMPLATE = Path(__file__).parent / "printing" / "form.typ"


def _data(reason: str = "", **values: Any) -> dict[str, Any]:
    return {
        "lang": "zh", "title": "客户投诉记录单", "number": "TS-2026-000001",
        "organisation": "客户服务部", "printed": "2026-11-22 10:00 王芳",
        "fields": [
            {"label": "客户姓名", "value": "李强"},
            {"label": "投诉渠道", "value": None},
            {"label": "受理人工号", "value": "A0123"},
            {"label": "投诉理由", "value": reason, "wide": True, "tall": 30},
        ],
        "heading": "处理经过", "header": ["日期", "事项"], "rows": [["2026-11-22", "受理"]],
        "events": [{"at": "10:00", "who": "王芳", "what": "分派", "text": "转给维修部"}],
        "people": [{"label": "当事人", "name": "李强", "at": "2026-11-22"}, {"label": "领导签字"}],
    } | values


def _text(pdf: bytes) -> str:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    done = subprocess.run([program, "-raw", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def _written(text: str) -> str:
    """The text without the blanks and breaks that the layout puts in."""
    return "".join(text.replace("\u200b", "").split())


def test_a_form_has_every_part_in_chinese() -> None:
    pdf = render_pdf(TEMPLATE, _data("发动机异响"), FONTS)
    assert pdf.startswith(b"%PDF-")
    text = _written(_text(pdf))
    for part in ("客户投诉记录单", "TS-2026-000001", "客户服务部", "李强", "A0123", "发动机异响",
                 "处理经过", "受理", "转给维修部", "当事人", "领导签字", "1/1"):
        assert part in text


@pytest.mark.parametrize(
    "text",
    [
        '#panic("x") #import "x.typ" #read("/etc/passwd")',
        "*bold* _italic_ $x^2$ `raw` = heading - item + item / term: x",
        "\\ ~ -- --- ... // comment /* comment */ @label <label> https://example.com/a_b",
        "[content] {code} #{1+1} \\u{41} \\n",
        "'=1+1 \"quoted\" “引号”",
    ],
)
def test_markup_stays_text(text: str) -> None:
    assert _written(text) in _written(_text(render_pdf(TEMPLATE, _data(text), FONTS)))


@pytest.mark.parametrize("letter", ["W", "ü", "9", "="])
def test_very_long_words_stay_on_the_page(letter: str) -> None:
    data = _data(letter * 3000, rows=[[letter * 500, "x"]] * 3, number=letter * 100)
    assert _written(_text(render_pdf(TEMPLATE, data, FONTS))).count(letter) >= 4500


def test_long_text_goes_on_over_pages() -> None:
    reason = "\n".join(f"第{number}行" for number in range(300))
    text = _written(_text(render_pdf(TEMPLATE, _data(reason), FONTS)))
    assert all(f"第{number}行" in text for number in range(300))


def test_the_header_of_a_table_comes_on_every_page() -> None:
    data = _data(rows=[[str(number), "受理"] for number in range(120)])
    text = _text(render_pdf(TEMPLATE, data, FONTS))
    assert text.count("日期") == text.count("\f") >= 3


@pytest.mark.parametrize(
    "text",
    ["before 😀👩‍👩‍👧 after", "before مرحبا שלום after", "before \u202etxt.exe after",
     "before \x00\x07\x1b[31m\x9f after", "before \ud83d after", "before \ue000\uffff after"],
)
def test_strange_signs_disturb_nothing(text: str) -> None:
    written = _text(render_pdf(TEMPLATE, _data(text), FONTS))
    assert 0 < written.index("before") < written.index("after") < written.index("处理经过")
    assert not {"\u202e", "\x07", "\x1b"} & set(written)


def test_a_character_that_the_font_lacks_stands_as_its_number_and_no_other_does() -> None:
    """A box in the place of a name is nothing that anybody could sign."""
    written = _text(render_pdf(TEMPLATE, _data("𠮷田、㐂先生、䶮、王小明"), FONTS))
    assert "〔U+20BB7〕田、㐂先生、䶮、王小明" in written


def test_marks_of_direction_are_left_out() -> None:
    assert printable({"a": ["x\u202ey\u2066", 1, None]}) == {"a": ["xy", 1, None]}


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_no_text_breaks_a_document(text: str) -> None:
    data = _data(text, title=text, number=text, rows=[[text, text]])
    assert render_pdf(TEMPLATE, data, FONTS).startswith(b"%PDF-")


def test_a_template_cannot_leave_its_folder(tmp_path: Path) -> None:
    template = tmp_path / "templates" / "spy.typ"
    template.parent.mkdir()
    (tmp_path / "secret").write_text("secret")
    template.write_text('#read("../secret")')
    with pytest.raises(RuntimeError, match="root"):
        render_pdf(template, {}, FONTS)


def test_missing_fonts_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FontsMissing, match="make setup"):
        render_pdf(TEMPLATE, _data(), tmp_path)
