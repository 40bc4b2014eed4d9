"""What a file can be read into: fields with their names in both languages, importers. Pure."""

from __future__ import annotations

import dataclasses
import datetime as dt
import decimal
import re
import unicodedata
import zoneinfo
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.access.sensitive.kinds import MASK_GIVEN, looks_masked
from app.forms.cleaning import InvalidValue, clean_field
from app.forms.definition import Choice, Field, Kind
from app.i18n import N_, Message
from app.records.cells import as_written
from app.records.importing.cell_faults import CellFault
from app.records.importing.dates import year_first

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from app.access.actor import Actor

# Excel keeps fifteen digits of a number and makes zeros of the rest.
_EXACT_NUMBER = 10**15
# How a spreadsheet writes a long number into a CSV file: digits are lost.
_ROUNDED = re.compile(r"[+-]?\d(?:[.,]\d+)?E\+\d{2,3}", re.IGNORECASE)
ROUNDED = N_("The spreadsheet has rounded this long number. Format the column as text and "
             "enter it again.")
_DATE = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?")
_COMPACT_DATE = re.compile(r"(\d{4})(\d{2})(\d{2})\Z")
_TIME = re.compile(r"[T\s]*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?\Z")
_YES = frozenset({"yes", "y", "true", "1", "on", "是", "有", "√", "对"})
_NO = frozenset({"no", "n", "false", "0", "off", "否", "无", "×", "错"})
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z")

_MISTAKEN = re.compile(r" ?[\x80-\x9f]+ ?")

CREATED, UPDATED, SKIPPED, REJECTED = "created", "updated", "skipped", "rejected"
# Of a row that changes a record: a part of it, or all, needs the decision of somebody else.
WAITING = "waiting"
SKIP, UPDATE = "skip", "update"
ADD = "+"
"""Decided about a value that no list holds yet: anything else is what it is taken for."""
LONGEST_UNLISTED = 120


class Unlisted(str):
    """A text of a file that no list holds; what becomes of it is not decided."""


class Addition(Unlisted):
    """A text of a file that is to be added to a list."""


def folded(text: str) -> str:
    """Return a text for comparison: width, case, blanks and punctuation do not matter."""
    return "".join(
        sign for sign in unicodedata.normalize("NFKC", text).casefold() if sign.isalnum()
    )


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class ImportField:
    """A field that a column can fill.

    Attributes:
        name: key in the values that the importer gets.
        label: shown name, an English message id.
        kind: what it holds; the rules are those of a form field of that kind.
        required: whether every row must fill it.
        aliases: further names of such a column, in both languages.
        choices: for the kind ``choice``: stored value and label.
        words: for choices: what files write, in both languages, and the stored value.
        length: most characters of a text.
        places: decimal places of a decimal.
        parse: reads the cell instead of the rules; raises ``InvalidValue``.
        mask: returns what reports show of a sensitive value; ``None`` for any other field.
        asks: for the kind ``choice``: a text that is none of the choices does not cost the row,
            but is read as ``Unlisted``: the importer lists it with ``unknown``.
        with_time: for the kind ``date``: a cell that names a time as well, other than midnight,
            gives an aware date and time instead of a date.
        held: turns a value that fits into what a record holds of it; raises ``InvalidValue``.
    """

    name: str
    label: str
    kind: Kind = Kind.TEXT
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: tuple[tuple[str, str], ...] = ()
    words: Mapping[str, str] = dataclasses.field(default_factory=dict[str, str])
    length: int | None = None
    places: int = 2
    parse: Callable[[Any], Any] | None = None
    mask: Callable[[str], str] | None = None
    with_time: bool = False
    asks: bool = False
    held: Callable[[Any], Any] | None = None
    _rule: Field = dataclasses.field(init=False, repr=False, compare=False)
    folded_words: Mapping[str, str] = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        choices = tuple(Choice(value, label) for value, label in self.choices)
        rule = Field(
            self.name, self.kind, self.label,
            length=self.length, choices=choices, places=self.places,
        )
        words = {folded(word): value for word, value in self.words.items()}
        for value, label in self.choices:
            words |= {folded(label): value, folded(value): value}
        object.__setattr__(self, "_rule", rule)
        object.__setattr__(self, "folded_words", words)

    def shown(self, cell: Any, most: int = 80) -> str:
        """Return what a report shows of a cell: a mask of what is sensitive.

        Args:
            cell: what stands in the file.
            most: most characters.
        """
        text = "" if cell is None else str(cell)
        return self.mask(text) if self.mask is not None and text else text[:most]

    @property
    def is_date(self) -> bool:
        """Whether it holds a day, with or without a time."""
        return self.kind in (Kind.DATE, Kind.DATETIME)

    def read(self, cell: Any, zone: zoneinfo.ZoneInfo, date_order: str = "") -> Any:
        """Return the value of a cell in its right type; ``None`` for an empty one.

        Args:
            cell: a text, or what a sheet holds: number, boolean, date.
            zone: time zone of times that name none.
            date_order: order of day, month and year; see ``app.records.importing.dates``.

        Raises:
            InvalidValue: the cell does not fit the field.
        """
        if isinstance(cell, str):
            cell = as_written(cell).strip()
        if cell is None or cell == "":
            if self.required:
                raise InvalidValue(N_("This field is required."))
            return None
        self._refuse_spoilt(cell)
        if self.parse is not None:
            return self.parse(cell)
        if self.is_date:
            cell = year_first(cell, date_order)
        if self.with_time:
            # Excel's dates are fractions of a day: half a second is lost to them.
            moment = _moment(self, cell, zone) + dt.timedelta(milliseconds=500)
            moment = moment.replace(microsecond=0)
            day = clean_field(self._rule, moment.date())
            return moment if moment.time() != dt.time() else day
        if self.asks and folded(_text(self, cell, zone)) not in self.folded_words:
            return Unlisted(_text(self, cell, zone)[:LONGEST_UNLISTED])
        value = clean_field(self._rule, _READERS.get(self.kind, _text)(self, cell, zone))
        if self.mask is not None and looks_masked(str(value)):
            raise InvalidValue(MASK_GIVEN)
        return value if self.held is None else self.held(value)

    def _refuse_spoilt(self, cell: Any) -> None:
        """Refuse what a spreadsheet has spoilt: a cell without its value, digits that are lost."""
        if isinstance(cell, CellFault):
            raise InvalidValue(cell.message.msgid, **cell.message.params)
        if isinstance(cell, str) and self.kind is Kind.TEXT and _ROUNDED.fullmatch(cell):
            raise InvalidValue(ROUNDED)


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """Why a row cannot be taken.

    Attributes:
        line: line in the file.
        message: the reason.
        column: name of the column, where it is about one.
        value: what stands there, cut to what one wants to read.
        field: name of the field that it is about; a column of the file that fills it is named
            in the place of ``column``.
    """

    line: int
    message: Message
    column: str = ""
    value: str = ""
    field: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class ImportRow:
    """A row that passed the rules of its fields.

    Attributes:
        line: line in the file.
        values: by field name; fields without a column are not in it and must not be touched.
    """

    line: int
    values: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a row: ``created``, ``updated``, ``skipped``, or ``rejected`` and why."""

    line: int
    action: str
    message: Message | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class RowChange:
    """What a row of a file would change about a record that is there already.

    Attributes:
        line: line in the file.
        record: number or name of the record, as people know it.
        fields: label (message id, or in the person's language), value now and then, as texts.
    """

    line: int
    record: str
    fields: tuple[tuple[str, str, str], ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """One kind of file that can be read in; handed over by ``register_importers``.

    Attributes:
        name: identifier with the prefix of its plugin, e.g. ``complaints``.
        title: shown name, an English message id.
        fields: what columns can fill.
        key: names of fields by which a row is known again: reading a file twice makes nothing
            twice. They are required, or ``complete`` fills them.
        write: ``(session, actor, rows, on_existing)`` writes rows in the caller's transaction
            and returns one ``Outcome`` for each; ``on_existing`` is ``skip`` or ``update``.
        check: ``(session, actor, rows)`` returns problems that only the database shows; used by
            the dry run as well.
        view: view on which ``permission`` is needed.
        permission: who may import.
        mappings: ready-made column mappings by name: field name to column name.
        optional: fields of ready-made mappings whose column a file may lack.
        constants: what every row of a file for a ready-made mapping holds besides its columns, by
            the name of that mapping.
        forecast: ``(session, rows)`` counts what rows that passed the check will become, by an
            English message id; told with the dry run.
        complete: ``(values)`` returns the values of a row with what it lacks filled in, e.g. a key
            made of the rest.
        compare: ``(session, actor, rows)`` returns one ``RowChange`` for each row that names a
            record which is there already, without fields where nothing would change; shown before
            anything is written.
        unknown: ``(session, rows)`` returns the values that it would add to lists, by field and
            value with the number of rows; the person decides about each.
        adds: ``(actor, field)`` returns whether a person may add to the list of a field.
        targets: ``(session, field)`` returns what such a value can stand for instead: pairs of
            the value that a row then holds and an English label.
        record_type: kind of record whose custom fields columns can fill as well; rows then hold
            their values by key (``x_`` and name), checked, and ``write`` hands them on to the
            operations.
        refuses_alone: whether ``write`` refuses all that ``check`` does; a file that was checked as
            a whole is then not checked once more on its way in.
    """

    name: str
    title: str
    fields: tuple[ImportField, ...]
    key: tuple[str, ...]
    write: Callable[[Session, Actor, Sequence[ImportRow], str], Sequence[Outcome]]
    view: str
    permission: str = "can_import"
    check: Callable[[Session, Actor, Sequence[ImportRow]], Sequence[Problem]] | None = None
    mappings: Mapping[str, Mapping[str, str]] = dataclasses.field(
        default_factory=dict[str, Mapping[str, str]]
    )
    optional: frozenset[str] = frozenset()
    constants: Mapping[str, Mapping[str, Any]] = dataclasses.field(
        default_factory=dict[str, Mapping[str, Any]]
    )
    forecast: Callable[[Session, Sequence[ImportRow]], Mapping[str, int]] | None = None
    complete: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    compare: Callable[[Session, Actor, Sequence[ImportRow]], Sequence[RowChange]] | None = None
    unknown: Callable[[Session, Sequence[ImportRow]], Mapping[str, Mapping[str, int]]] | None = None
    targets: Callable[[Session, str], Sequence[tuple[str, str]]] | None = None
    adds: Callable[[Actor, str], bool] | None = None
    record_type: str = ""
    refuses_alone: bool = False

    def __post_init__(self) -> None:
        names = [field.name for field in self.fields]
        required = {field.name for field in self.fields if field.required}
        if not self.key or not (set(names) if self.complete else required).issuperset(self.key):
            raise ValueError(f"importer {self.name}: the key must be made of required fields")
        if len(set(names)) != len(names):
            raise ValueError(f"importer {self.name}: two fields have the same name")


def _text(_field: ImportField, cell: Any, _zone: zoneinfo.ZoneInfo) -> str:
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, int | float):
        if abs(cell) >= _EXACT_NUMBER:
            raise InvalidValue(ROUNDED)
        return str(int(cell)) if float(cell).is_integer() else str(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    # Signs from 0x80 to 0x9f are left behind by programs that mistook one encoding for another;
    # they show as nothing and mean nothing.
    return _MISTAKEN.sub(" ", cell) if isinstance(cell, str) else str(cell)


def _number(field: ImportField, cell: Any, zone: zoneinfo.ZoneInfo) -> Any:
    if isinstance(cell, float):
        text = repr(cell) if abs(cell) < _EXACT_NUMBER else _text(field, cell, zone)
    else:
        text = unicodedata.normalize("NFKC", _text(field, cell, zone)).strip().lstrip("¥$")
    if _THOUSANDS.match(text):
        text = text.replace(",", "")
    try:
        number = decimal.Decimal(text)
    except decimal.InvalidOperation:
        raise InvalidValue(N_("Enter a number.")) from None
    if field.kind is Kind.INTEGER and number.is_finite() and number == number.to_integral_value():
        return str(int(number)) if abs(number) < 10**18 else text
    return text


def _day(text: str) -> tuple[dt.date, str]:
    """Return the date that a text begins with, and the rest."""
    text = unicodedata.normalize("NFKC", text)
    found = _DATE.match(text) or _COMPACT_DATE.match(text)
    if not found:
        raise InvalidValue(N_("Enter a date like 2026-01-31."))
    try:
        day = dt.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        raise InvalidValue(N_("There is no such day.")) from None
    return day, text[found.end():]


def _date(_field: ImportField, cell: Any, _zone: zoneinfo.ZoneInfo) -> Any:
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    day, rest = _day(str(cell))
    midnight = _TIME.match(rest)
    if rest.strip() and not (midnight and set(midnight.group(1, 2)) <= {"0", "00"}):
        raise InvalidValue(N_("Enter a date like 2026-01-31."))
    return day


def _moment(_field: ImportField, cell: Any, zone: zoneinfo.ZoneInfo) -> Any:
    if isinstance(cell, dt.datetime):
        return cell.replace(tzinfo=cell.tzinfo or zone)
    if isinstance(cell, dt.date):
        return dt.datetime.combine(cell, dt.time(), zone)
    day, rest = _day(str(cell))
    if not rest.strip():
        return dt.datetime.combine(day, dt.time(), zone)
    found = _TIME.match(rest)
    if not found:
        raise InvalidValue(N_("Enter a date and time like 2026-01-31 14:30."))
    offset = (found[4] or "").replace("Z", "+00:00")
    try:
        clock = dt.time(int(found[1]), int(found[2]), int(found[3] or 0))
        tzinfo = dt.datetime.strptime(offset, "%z").tzinfo if offset else zone
    except ValueError:
        raise InvalidValue(N_("There is no such time.")) from None
    return dt.datetime.combine(day, clock, tzinfo)


def _boolean(field: ImportField, cell: Any, zone: zoneinfo.ZoneInfo) -> str:
    word = unicodedata.normalize("NFKC", _text(field, cell, zone)).casefold().strip()
    if word in _YES:
        return "yes"
    return "no" if word in _NO else word


def _choice(field: ImportField, cell: Any, zone: zoneinfo.ZoneInfo) -> str:
    text = _text(field, cell, zone)
    return field.folded_words.get(folded(text), text)


_READERS: dict[Kind, Callable[[ImportField, Any, zoneinfo.ZoneInfo], Any]] = {
    Kind.INTEGER: _number,
    Kind.DECIMAL: _number,
    Kind.RATING: _number,
    Kind.DATE: _date,
    Kind.DATETIME: _moment,
    Kind.BOOLEAN: _boolean,
    Kind.CHOICE: _choice,
}
