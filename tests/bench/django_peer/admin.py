"""The admin of the peer, tuned as its documentation and those who run it advise."""

from __future__ import annotations

import time

from django.contrib import admin
from django.core.paginator import Paginator

from tests.bench.django_peer.models import Complaint

_COUNTED_SECONDS = 60


class CountingPaginator(Paginator):
    """A paginator that counts all rows once a minute, which a million of them make necessary."""

    _counted: dict[str, tuple[float, int]] = {}

    @property
    def count(self) -> int:
        """How many rows there are."""
        asked = str(self.object_list.query)
        at, number = self._counted.get(asked, (0.0, 0))
        if time.monotonic() - at > _COUNTED_SECONDS:
            number = self.object_list.count()
            self._counted[asked] = (time.monotonic(), number)
        return number


@admin.register(Complaint)
class ComplaintAdmin(admin.ModelAdmin):
    """The list and the form."""

    list_display = ("number", "subject", "customer_name", "state", "received_at", "due_at")
    list_per_page = 25
    show_full_result_count = False
    ordering = ("-received_at", "-id")
    search_fields = ("number", "subject", "customer_name")
    paginator = CountingPaginator
    readonly_fields = ("number", "state", "is_open", "received_at", "due_at")
