"""The pages of the table, with what answers to each in the peers."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from scripts.benchmark import Page, pages
from tests.bench.candidates import DJANGO, STOCK

_VIEW = "ComplaintModelView"


@dataclasses.dataclass(frozen=True, slots=True)
class Row:
    """A page that is measured.

    Attributes:
        page: the product's, with its bars.
        paths: addresses of the same thing in the peers that have it, by name.
    """

    page: Page
    paths: Mapping[str, str]

    def path_of(self, name: str, product: str) -> str | None:
        """Return the address of a candidate; ``None`` where it has no such page."""
        address = self.page.path if name == product else self.paths.get(name)
        return None if address is None else quote(address, safe="/?&=:%-_")


def rows(application: Any, username: str, complaints: int) -> list[Row]:
    """Return the pages to measure.

    Args:
        application: the product in this process.
        username: who opens them.
        complaints: how many there are, for the number of a page in the middle.
    """
    found = pages(application, username)
    key = next(page.path for page in found if page.title == "record page").rsplit("/", 1)[1]
    number = next(page.path for page in found if page.title == "search by number").split("q=")[1]
    middle, tomorrow = complaints // 50, dt.date.today() + dt.timedelta(days=1)
    django, stock = "/admin/django_peer/complaint/", "/complaints/list/"
    peers: dict[str, dict[str, str]] = {
        "list, all, 25 rows, page 1": {DJANGO: django, STOCK: stock},
        "list, all, 25 rows, from the middle": {
            DJANGO: f"{django}?p={middle}", STOCK: f"{stock}?page_{_VIEW}={middle}"},
        "list, due before tomorrow, by due date, 25 rows": {
            DJANGO: f"{django}?o=6&due_at__lt={tomorrow}",
            STOCK: f"{stock}?_oc_{_VIEW}=due_at&_od_{_VIEW}=asc&_flt_2_due_at={tomorrow} 00:00:00"},
        "search by number": {
            DJANGO: f"{django}?q={number}", STOCK: f"{stock}?_flt_3_number={number}"},
        "record page": {DJANGO: f"{django}{key}/change/", STOCK: f"/complaints/show/{key}"},
        "edit form": {DJANGO: f"{django}{key}/change/", STOCK: f"/complaints/edit/{key}"},
    }
    return [Row(page, peers.get(page.title, {})) for page in found]
