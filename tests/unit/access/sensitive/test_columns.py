"""A sensitive column: stored encrypted, set in one form, found by equality, written as a mask."""

from __future__ import annotations

import copy

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape
from sqlalchemy import Integer, create_engine, func, select, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.access.sensitive import keyring
from app.access.sensitive.columns import NotComparable, Sensitive, sensitive_columns
from app.access.sensitive.keyring import KeyRing
from app.access.sensitive.values import MaskedText, SensitiveValue

RING = KeyRing.of(["a key of the tests, forty characters or more"])
CLEAR = "13812345678"


class Base(DeclarativeBase):
    """Tables of this file."""


class Person(Base):
    """Somebody with a phone."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    phone: Mapped[str] = mapped_column(Sensitive("phone", 40), default="", index=True)
    other: Mapped[str | None] = mapped_column(Sensitive("contact", 80))


@pytest.fixture(autouse=True)
def keys(monkeypatch):
    monkeypatch.setattr(keyring, "_rings", [RING])
    monkeypatch.setattr(keyring, "_sources", [])


@pytest.fixture
def session():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session


def stored(session: Session) -> list[str]:
    return list(session.scalars(text("SELECT phone FROM person ORDER BY id")))


def test_what_is_stored_is_encrypted_and_what_is_read_is_masked(session):
    session.add(Person(phone="+86 138 1234 5678"))
    session.commit()
    (held,) = stored(session)
    assert CLEAR not in held and "138" not in held.split(".")[0]
    phone = session.scalar(select(Person.phone))
    assert isinstance(phone, SensitiveValue)
    assert phone.reveal() == CLEAR


def test_nothing_but_revealing_gives_the_clear_text():
    value = SensitiveValue.of("phone", CLEAR, RING)
    written = [str(value), repr(value), f"{value}", f"{value:>20}", f"{value:.40}", escape(value),
               orjson.dumps([value], default=str).decode(), str([value]), str({"phone": value}),
               str(copy.copy(value))]
    assert [one for one in written if CLEAR in one or "12345" in one] == []
    assert all("138****5678" in one for one in written)
    with pytest.raises(TypeError):
        value + ""
    with pytest.raises(TypeError):
        orjson.dumps(value)


@given(st.sampled_from([CLEAR, "+86 138-1234-5678", "138 1234 5678", "(0086)13812345678"]))
@settings(deadline=None)
def test_every_spelling_is_the_same_value(spelling):
    person = Person(phone=spelling)
    assert person.phone == CLEAR and person.phone == spelling
    assert person.phone != "13900001111"
    assert person.phone != ""


def test_values_are_found_by_equality(session):
    session.add_all([Person(phone=CLEAR, other=CLEAR), Person(phone="13900001111"), Person()])
    session.commit()
    for condition, ids in (
        (Person.phone == "138 1234 5678", [1]), (Person.phone != CLEAR, [2, 3]),
        (Person.phone.in_([CLEAR, "13900001111"]), [1, 2]), (Person.phone.in_([]), []),
        (Person.phone.not_in([CLEAR]), [2, 3]), (Person.phone == "", [3]),
        (Person.other.is_(None), [2, 3]),
        (Person.phone == Person.other, [1]),
        (Person.phone == SensitiveValue.of("contact", CLEAR, RING), [1]),
    ):
        assert list(session.scalars(select(Person.id).where(condition).order_by(Person.id))) == ids
    assert session.scalar(select(func.coalesce(Person.other, "")).where(Person.id == 1)) == CLEAR


def test_equality_is_served_by_the_index_of_the_column(session):
    query = select(Person.id).where(Person.phone == CLEAR)
    sql = str(query.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
    plan = session.execute(text(f"EXPLAIN QUERY PLAN {sql}")).all()
    assert "ix_person_phone" in str(plan)


@pytest.mark.parametrize("ask", [
    lambda: Person.phone.icontains("138"), lambda: Person.phone.startswith("138"),
    lambda: Person.phone < "2", lambda: Person.phone.desc(), lambda: Person.phone + "x",
    lambda: Person.phone.like("1%"),
])
def test_order_and_parts_cannot_be_asked_for(ask):
    with pytest.raises(NotComparable):
        ask()


def test_a_mask_that_comes_back_changes_nothing_and_any_other_is_refused(session):
    person = Person(phone=CLEAR)
    session.add(person)
    session.commit()
    assert person.phone
    person.phone = "138****5678"
    assert person.phone == CLEAR
    with pytest.raises(MaskedText):
        person.phone = "139****5678"
    with pytest.raises(MaskedText):
        Person(phone="139****5678")


def test_a_value_that_no_key_reads_is_shown_as_hidden_and_stays(session, monkeypatch):
    session.add(Person(phone=CLEAR))
    session.commit()
    before = stored(session)
    monkeypatch.setattr(keyring, "_rings", [KeyRing.of(["another key, the one before is lost"])])
    session.expire_all()
    person = session.get(Person, 1)
    assert str(person.phone) == "********"
    assert not person.phone.is_readable
    assert person.phone != CLEAR
    assert person.phone.words == []
    person.other = "x@example.com"
    session.commit()
    assert stored(session) == before


def test_columns_are_known_by_name():
    assert {name: kind.kind for name, kind in sensitive_columns(Person).items()} == {
        "phone": "phone", "other": "contact"}


@pytest.mark.parametrize(("kind", "length"), [("fax", 40), ("phone", 0), ("phone", 1000)])
def test_a_wrong_declaration_is_refused(kind, length):
    with pytest.raises(ValueError):
        Sensitive(kind, length)


@pytest.mark.parametrize(("attributes", "sentence"), [
    ({"__title_field__": "phone"}, "neither title nor search field"),
    ({"__search_fields__": ("phone",)}, "found without being named"),
    ({"__phone_fields__": ("phone",)}, "no longer known"),
])
def test_a_model_of_another_shape_is_refused_with_a_sentence(attributes, sentence):
    class Apart(DeclarativeBase):
        """Tables that are not configured with the others."""

    type("Wrong", (Apart,), {
        "__tablename__": "wrong", "id": mapped_column(Integer, primary_key=True),
        "phone": mapped_column(Sensitive("phone", 40)), **attributes,
    })
    with pytest.raises(ValueError, match=sentence):
        Apart.registry.configure()
