"""Keys encrypt, find and rotate; what no key can read is said so."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.access.sensitive import keyring
from app.access.sensitive.keyring import FieldKey, KeyRing, Unreadable, stored_length

OLD = "old key of the tests, forty characters it has"
NEW = "new key of the tests, forty characters it has"


@given(st.text(min_size=1, max_size=80))
@settings(deadline=None)
def test_what_is_sealed_can_be_opened_and_shows_nothing(text):
    ring = KeyRing.of([OLD])
    stored = ring.seal(text)
    assert ring.open(stored) == text
    assert stored != ring.seal(text), "the same text is never encrypted the same twice"
    assert stored.split(".")[0] == ring.seal(text).split(".")[0], "but it is found as the same"
    assert len(stored) <= stored_length(len(text))
    assert len(text) < 4 or text not in stored


def test_an_empty_text_stays_empty():
    assert KeyRing.of([OLD]).seal("") == ""


@given(st.text(min_size=1, max_size=40))
@settings(deadline=None)
def test_a_new_key_reads_and_finds_what_the_old_one_wrote(text):
    stored = KeyRing.of([OLD]).seal(text)
    both = KeyRing.of([NEW, OLD])
    assert both.open(stored) == text
    assert stored.split(".")[0] in both.digests(text)
    assert not both.is_current(stored)
    renewed = both.seal(text)
    assert both.is_current(renewed)
    assert KeyRing.of([NEW]).open(renewed) == text
    with pytest.raises(Unreadable):
        KeyRing.of([NEW]).open(stored)


@pytest.mark.parametrize("damage", [
    lambda stored: stored[:-2] + ("AA" if not stored.endswith("AA") else "BB"),
    lambda stored: "x" * 24 + stored[24:],
    lambda stored: stored[:-1] + "!",
    lambda stored: "13812345678",
    lambda stored: "",
])
def test_what_was_altered_is_not_read(damage):
    ring = KeyRing.of([OLD])
    with pytest.raises(Unreadable):
        ring.open(damage(ring.seal("13812345678")))


def test_a_value_moved_under_the_digest_of_another_is_not_read():
    ring = KeyRing.of([OLD])
    one, other = ring.seal("13812345678"), ring.seal("13900001111")
    with pytest.raises(Unreadable):
        ring.open(other[:24] + one[24:])


def test_uses_of_a_key_have_nothing_in_common():
    key = FieldKey(OLD)
    assert key.digest("5678") != key.digest("5678", "tail")
    assert FieldKey(NEW).digest("5678") != key.digest("5678")
    assert key.id != FieldKey(NEW).id


def test_without_keys_nothing_goes_on(monkeypatch):
    monkeypatch.setattr(keyring, "_rings", [])
    monkeypatch.setattr(keyring, "_sources", [])
    with pytest.raises(keyring.NoKeys):
        keyring.ring()


@given(st.sampled_from((5, 10, 15)).flatmap(lambda size: st.binary(min_size=size, max_size=size)))
def test_letters_are_base_32_in_small_letters(data):
    """What was written before is found again only if they stay the same."""
    assert keyring._letters(data) == base64.b32encode(data).decode().lower()


def test_the_words_of_a_value_are_the_same_whether_it_is_stored_or_not():
    both, text = KeyRing.of([NEW, OLD]), "13812345678"
    words = both.words(text, "5678")
    assert both.words(text, "5678", both.seal(text)) == words
    # What the old key wrote begins with a digest by which the index does not find it any more.
    assert both.words(text, "5678", KeyRing.of([OLD]).seal(text)) == words


def test_the_digest_of_what_is_stored_is_not_made_again(monkeypatch):
    ring, text = KeyRing.of([OLD]), "13812345678"
    stored, words = ring.seal(text), ring.words(text, "")
    monkeypatch.setattr(FieldKey, "digest", None)
    assert ring.words(text, "", stored) == words
