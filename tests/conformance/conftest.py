"""An installation with the plugin of the tutorial, which implements every hook."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from app.database import db
from app.host.host import Host, current_host
from app.testing.plugin_fixtures import House
from plugins.complaints.models import Complaint
from scripts.translations import Part
from tests.browser.conftest import axe, signed_in
from tests.browser.conftest import visit as browse
from tests.conformance.installing import EXAMPLE, deployed, settings_for

# A browser is the same here as in the tests of the screens.
__all__ = ["axe", "browse", "signed_in"]
# Tables of complaints must be known before any application reads them.
assert Complaint.__tablename__
# The folder of the example is a second part of the package ``plugins``.
sys.path.append(str(EXAMPLE.parent))


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A running house with the plugin of showroom visits, on SQLite."""
    Part(EXAMPLE / "visits").compile()
    folder = tmp_path_factory.mktemp("visits")
    app = deployed(settings_for(folder, f"sqlite:///{folder / 'visits.sqlite'}", EXAMPLE))
    with app.app_context():
        yield House(app, db.session)


@pytest.fixture
def host(visits: House) -> Host:
    """The host that loaded the plugin."""
    return current_host()


@pytest.fixture
def visit(visits: House):
    """A visit that an agent has registered a moment ago."""
    from plugins.visits.models import Purpose, Visit

    from app.records.services import create

    purpose = visits.session.query(Purpose).filter_by(code="buy").one()
    return create(visits.session, visits.actor("agent"), Visit,
                    {"visitor": "王小明", "phone": "13812345678", "purpose_id": purpose.id})
