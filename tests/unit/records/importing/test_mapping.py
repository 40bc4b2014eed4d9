"""Columns find their fields by name in both languages; what does not fit is said at once."""

from __future__ import annotations

import pytest

from app.records.importing.fields import Importer, ImportField
from app.records.importing.mapping import BadMapping, resolve, suggest

IMPORTER = Importer(
    name="customers", title="Customers", key=("number",), write=lambda *_: [], view="a.A",
    fields=(
        ImportField(name="number", label="Customer number", required=True, aliases=("客户编号",)),
        ImportField(name="phone", label="Phone", aliases=("电话", "手机号码", "Mobile")),
        ImportField(name="note", label="Note"),
    ),
    mappings={"old system": {"number": "ID", "phone": "TEL"}},
)


@pytest.mark.parametrize(
    ("header", "mapping"),
    [
        (("Customer number", "Phone"), {"number": "Customer number", "phone": "Phone"}),
        (("customer_number", "MOBILE"), {"number": "customer_number", "phone": "MOBILE"}),
        (("客户编号", "手机号码"), {"number": "客户编号", "phone": "手机号码"}),
        (("客户编号 ", "电 话", "备注"), {"number": "客户编号 ", "phone": "电 话", "note": "备注"}),
        (("TEL", "x", "ID"), {"number": "ID", "phone": "TEL"}),
        (("a", "b"), {}),
    ],
)
def test_columns_are_recognised(header: tuple[str, ...], mapping: dict[str, str]) -> None:
    translate = {"Note": "备注"}
    assert suggest(IMPORTER, header, lambda label: translate.get(label, label)) == mapping


def test_positions_of_mapped_columns() -> None:
    mapping = {"number": "b", "note": "a", "phone": ""}
    assert resolve(IMPORTER, ("a", "b"), mapping) == {"number": 1, "note": 0}


def test_everything_that_is_wrong_is_said() -> None:
    with pytest.raises(BadMapping) as raised:
        resolve(IMPORTER, ("a", "b"), {"nonsense": "a", "phone": "c"})
    assert [str(message) for message in raised.value.messages] == [
        "There is no field nonsense.",
        "The file has no column c.",
        "No column fills the required field Customer number.",
    ]
