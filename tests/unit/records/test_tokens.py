"""Search words: two Chinese characters, pinyin initials, whole numbers and their ends."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.sensitive.keyring import KeyRing
from app.access.sensitive.kinds import numbers_in
from app.access.sensitive.values import SensitiveValue
from app.records.search import tokens
from app.records.search.characters import simplify
from app.records.search.pinyin import order_of

RING = KeyRing.of(["a secret of tests, random enough for them"])


def blind_words(form: str, is_tail: bool) -> list[str]:
    """Return the words by which a value, or the end of one, is found."""
    return RING.query_words(form, is_tail=is_tail)


def finds(query: str, **document) -> bool:
    """Return whether a query matches a document, as both databases do."""
    texts = document.get("texts", ())
    values = [SensitiveValue.of("phone", text, RING) for text in document.get("phones", ())]
    blind = [word for text in texts for number in numbers_in(text)
             for word in RING.words(number, "")]
    blind += [word for value in values for word in value.words]
    words = set(tokens.document("t.t", texts, document.get("names", ()), blind))
    groups = tokens.query(query, blind_words)
    return bool(groups) and all(
        any(any(held.startswith(word) if prefix else held == word for held in words)
            for word, prefix in group)
        for group in groups
    )


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("投诉", {"texts": ["客户投诉车辆"]}),
        ("诉车", {"texts": ["客户投诉车辆"]}),
        ("辆", {"texts": ["客户投诉车辆"]}),
        ("客户 车辆", {"texts": ["客户投诉车辆"]}),
        ("wxm", {"names": ["王小明"]}),
        ("wx", {"names": ["王小明"]}),
        # A surname and a name that are read in two ways are found by both.
        ("sx", {"names": ["单雄信"]}),
        ("dx", {"names": ["单雄信"]}),
        ("cqgs", {"names": ["重庆公司"]}),
        # Traditional and simplified characters find each other, in texts and in names.
        ("投訴", {"texts": ["客户投诉车辆"]}),
        ("车贷", {"texts": ["辦理車貸還款"]}),
        ("lxy", {"names": ["劉曉燕"]}),
        ("刘晓燕", {"names": ["劉曉燕"]}),
        ("5678", {"phones": ["13812345678"]}),
        ("+86 (138) 1234-5678", {"phones": ["13812345678"]}),
        ("13812345678", {"phones": ["138 1234 5678"]}),
        ("王小 5678", {"phones": ["13812345678"], "names": ["王小明"]}),
        # A number is found across the signs between its digits, whichever way it was written.
        ("01066554433", {"phones": ["010-66554433"]}),
        ("4433", {"phones": ["010-66554433"]}),
        # What texts name is found as a whole.
        ("13812345678", {"texts": ["请回电13812345678"]}),
        ("11010119900307123x", {"texts": ["身份证 11010119900307123X，已核"]}),
        ("wx_ming", {"phones": ["wx_ming"]}),
        ("010-66554433", {"phones": ["01066554433"]}),
        ("mortg", {"texts": ["Mortgage servicing"]}),
        ("MORTGAGE", {"texts": ["mortgage"]}),
        ("TS-2026-000012", {"texts": ["TS-2026-000012"]}),
        ("１２３", {"texts": ["123"]}),
        ("京A", {"texts": ["京A12345"]}),
        ("沪B·MW96V", {"texts": ["沪BMW96V"]}),
        ("沪B MW96V", {"texts": ["沪BMW96V"]}),
        ("沪bmw96v", {"texts": ["沪B·MW96V"]}),
        ("粤B·D12345", {"texts": ["粤BD12345"]}),
        # Signs within a number tell it from others; it is found from each of its parts on.
        ("4.9", {"texts": ["年利率 4.9%"]}),
        ("4.9", {"texts": ["年利率4.95"]}),
        ("FQ-1-0", {"texts": ["合同 FQ-1-01"]}),
        ("1-01", {"texts": ["合同 FQ-1-01"]}),
        ("01", {"texts": ["合同 FQ-1-01"]}),
        ("2026-0000", {"texts": ["TS-2026-000012"]}),
        ("陈静", {"names": ["陈\u200d静"]}),
        ("陈\u200b静", {"names": ["陈静"]}),
        ("cj", {"names": ["陈\u200d静"]}),
        ("Citroen", {"texts": ["Citroën C5"]}),
        ("citroën", {"texts": ["CITROEN"]}),
        ("e-mail", {"texts": ["by mail, not e mail"]}),
    ],
)
def test_finds(query, document):
    assert finds(query, **document)


@pytest.mark.parametrize(
    ("query", "document"),
    [
        ("投车", {"texts": ["客户投诉车辆"]}),
        # Each pair is there, but they do not follow each other.
        ("投诉讼", {"texts": ["客户投诉后提起诉讼"]}),
        ("车贷利率", {"texts": ["车贷的贷利与利率"]}),
        ("9999", {"phones": ["13812345678"]}),
        # A part of a number that is not its end: the price of keeping digits out of the index.
        ("1381234", {"phones": ["13812345678"]}),
        ("45678", {"phones": ["13812345678"]}),
        ("5678", {"texts": ["请回电13812345678"]}),
        ("wmx", {"names": ["王小明"]}),
        ("4.9", {"texts": ["4 台车，9 个月"]}),
        ("4.9", {"texts": ["4-9"]}),
        ("FQ-1-0", {"texts": ["FQ-2-1，FQ-1-9，0 元"]}),
        # Thirteen characters that are there and a tail that is not.
        ("客户投诉车辆贷款利息计算不对头", {"texts": ["客户投诉车辆贷款利息计算不清"]}),
        # 洋 was once read xiáng; nobody types it so.
        ("lx", {"names": ["罗洋"]}),
        ("gage", {"texts": ["mortgage"]}),
        ("", {"texts": ["anything"]}),
        ("!?%", {"texts": ["anything"]}),
    ],
)
def test_does_not_find(query, document):
    assert not finds(query, **document)


@given(st.text(max_size=60))
def test_any_text_is_cut_without_error_and_queries_stay_small(text):
    assert all(tokens.document("t.t", [text], [text]))
    assert len(tokens.query(text * 20, blind_words)) <= 32


@given(st.text(alphabet="投诉车辆贷款客户服务", min_size=2, max_size=12), st.data())
def test_every_part_of_two_characters_or_more_is_found(text, data):
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    assert finds(text[start:end], texts=[text])


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.text(max_size=20))
def test_no_word_holds_the_digits_of_a_number(phone, text):
    found = tokens.document("t.t", [f"{text} {phone} {text}"], [phone])
    assert not [word for word in found if phone in word or phone[3:] in word]
    assert finds(phone, phones=[phone]) and finds(phone[-4:], phones=[phone])


def test_labels_stand_in_the_order_of_the_alphabet_chinese_ones_by_pinyin():
    chinese = ["状态", "严重程度", "经办人或责任人", "产品", "经办人", "ID", "时限", "十日内"]
    assert sorted(chinese, key=order_of) == [
        "产品", "ID", "经办人", "经办人或责任人", "十日内", "时限", "严重程度", "状态"]
    assert sorted(["channel", "State", "Branch"], key=order_of) == ["Branch", "channel", "State"]


@given(st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("王車é１̈\u200b沪A·"), max_size=40))
def test_a_text_is_compared_as_its_signs_are_one_by_one(text):
    folded = unicodedata.normalize("NFKC", text).lower()
    seen = "".join(sign for sign in unicodedata.normalize("NFD", folded)
                   if unicodedata.category(sign) not in {"Mn", "Cf"})
    simple = simplify(unicodedata.normalize("NFC", seen)) if not folded.isascii() else folded
    assert tokens.normalise(text) == tokens._PLATE.sub("", simple)
