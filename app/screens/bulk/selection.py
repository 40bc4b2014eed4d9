"""The rows that a person has chosen in a list, with the versions that they saw."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from flask import abort, request
from flask_babel import gettext

from app.screens.columns.columns import Column
from app.screens.query.list_query import Count
from app.screens.screen import Part
from app.web.input_limits import whole_number

BULK_MOST = 500
# Stands between the key of a row and the version that the person sees.
_TOKEN = ":"


def row_token(key: Any, version: Any) -> str:
    """Return what the box of a row sends: its key, and its version where it has one."""
    return str(key) if version is None else f"{key}{_TOKEN}{version}"


class Selection(Part):
    """Rows that a form of a list sends."""

    @functools.cached_property
    def version_column(self) -> Column | None:
        """The column with the version of a row, where rows of this kind have one."""
        has = "version" in self.screen.model.__mapper__.columns
        return self.screen.describe("version") if has else None

    def ids(self) -> list[str]:
        """Return the keys that a form sends, each once; see ``seen_versions``.

        Raises:
            BadRequest: there are too many.
        """
        texts = (text.partition(_TOKEN)[0] for text in request.form.getlist("row"))
        keys = (self.screen.datamodel.parse_key(text) for text in texts)
        ids = list(dict.fromkeys(str(key or 0) for key in keys))
        if len(ids) > BULK_MOST:
            abort(400, description=gettext("At most %(most)s rows at once.", most=BULK_MOST))
        return ids

    def seen_versions(self, ids: Sequence[str]) -> dict[int, int | None]:
        """Return the versions of rows that the person had before their eyes, by key.

        The boxes of a list send ``key:version``; a preview sends a field for each row.

        Args:
            ids: keys as ``ids`` returns them.
        """
        sent = {key: version for key, _, version in (
            text.partition(_TOKEN) for text in request.form.getlist("row"))}
        return {
            int(key): whole_number(request.form.get(f"version-{key}", sent.get(key)))
            for key in ids
        }

    @staticmethod
    def tokens() -> list[str]:
        """Return the rows that a form sends, to send them again."""
        return list(dict.fromkeys(request.form.getlist("row")))[:BULK_MOST]

    @staticmethod
    def every_text(count: Count) -> str:
        """Return the text of the button that selects all rows which match."""
        if count.capped or count.value > BULK_MOST:
            return gettext("Select the first %(num)s that match", num=BULK_MOST)
        return gettext("Select all %(num)s that match", num=count.value)
