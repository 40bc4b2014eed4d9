"""The list that a person came from, and the ways back to it."""

from __future__ import annotations

import contextlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import abort, flash, request
from flask_babel import gettext
from werkzeug.datastructures import MultiDict

from app.screens.lists.reader import ListReader
from app.screens.query.list_query import ListQuery
from app.screens.screen import Part, Screen


class Origin(Part):
    """Where a page of a record was opened from, and where it leads to.

    Args:
        screen: the screen.
        list_reader: reads the address of the list.
    """

    def __init__(self, screen: Screen, list_reader: ListReader) -> None:
        super().__init__(screen)
        self._reader = list_reader

    def arguments(self) -> str:
        """Return the query part of the list that one came from, or an empty text."""
        given = request.args.get("list")
        if given is not None:
            return given[:2000]
        with contextlib.suppress(ValueError):  # whatever a browser may send
            referrer = urlsplit(request.referrer or "")
            if referrer.netloc != request.host:
                return ""
            address = self.screen.url("list")
            if referrer.path == address:
                return referrer.query
            if referrer.path.startswith(address.removesuffix("list/")):
                # A step on a page of a record goes back to it, and the list stays the same.
                return parse_qs(referrer.query, max_num_fields=100).get("list", [""])[0][:2000]
        return ""

    def page_of(self, pk: int) -> str:
        """Return the address of a record's page that goes on with the list one came from."""
        return self.screen.url("show", pk=pk, list=self.arguments() or None)

    def list_address(self) -> str:
        """Return the address of the list that one came from."""
        arguments = self.arguments()
        address = self.screen.url("list")
        return f"{address}?{arguments}" if arguments else address

    def list_query(self) -> ListQuery:
        """Return the list that one came from; the plain list when that is unknown."""
        try:
            pairs = parse_qs(self.arguments(), keep_blank_values=True, max_num_fields=100)
        except ValueError:
            abort(400)
        for name in ("after", "before", "end", "exact"):
            pairs.pop(name, None)
        arguments = MultiDict(
            (name, value) for name, values in pairs.items() for value in values
        )
        return self._reader.query(arguments)

    def onward_from(self, record: Any, target: str) -> str:
        """Return where to go after an act, and say so if the record is out of sight by now.

        What a person gave away is not followed to a page that they may not see any more.

        Args:
            record: the record, after the act was committed.
            target: path to go to while the record can be seen.

        Returns:
            ``target``, or the list where that is a page of a record out of sight.
        """
        if self.screen.datamodel.is_seen(record.id):
            return target
        flash(gettext("You no longer see this record: it is with others now."), "info")
        own = {self.screen.url(page, pk=record.id) for page in ("show", "edit")}
        return self.list_address() if urlsplit(target).path in own else target
