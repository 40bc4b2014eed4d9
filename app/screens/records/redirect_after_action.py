"""Where a page leads after an act that took the record out of the person's sight."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import flash
from flask_babel import gettext


class LeavingPages:
    """What a person gave away is not followed to a page that they may not see any more."""

    def onward_from(self, record: Any, target: str) -> str:
        """Return where to go after an act, and say so if the record is out of sight by now.

        Args:
            record: the record, after the act was committed.
            target: path to go to while the record can be seen.

        Returns:
            ``target``, or the list where that is a page of a record out of sight.
        """
        if self.datamodel.get(record.id) is not None:
            return target
        flash(gettext("You no longer see this record: it is with others now."), "info")
        own = {self.url(page, pk=record.id) for page in ("show", "edit")}
        return self.list_of_origin() if urlsplit(target).path in own else target
