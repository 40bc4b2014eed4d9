"""Rows of complaints with what they offer by themselves: taking over, and what comes next."""

from __future__ import annotations

import pytest

from plugins.complaints.tests.helpers import assessed, put, registered
from tests.services.rows import compared_rows

__all__ = ["compared_rows"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_offers_of_a_row_are_those_of_the_template(house, compared_rows, language):
    put(house, registered(house), owner_id=None)
    registered(house, reason="<b>迟到</b> & 'late'")
    assessed(house)
    for username in ("agent", "supervisor", "admin"):
        client = house.client(username)
        for address in ("/complaints/list/?all=1", "/complaints/list/?view=mine"):
            assert client.get(
                address, follow_redirects=True, headers={"Accept-Language": language}
            ).status_code == 200
    written = "".join(compared_rows)
    assert "data-row-step=" in written
    assert 'hx-get="' in written
    assert 'formaction="' in written
    assert ('aria-label="Select ' in written) == (language == "en")
