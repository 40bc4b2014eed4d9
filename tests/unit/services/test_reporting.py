"""The test report counts each test under the folder that it stands in."""

from __future__ import annotations

import pytest

from tests.services.reporting import kind_of


@pytest.mark.parametrize(
    ("nodeid", "kind"),
    [
        ("tests/unit/jobs/test_rules.py::test_a", "unit"),
        ("tests/integration/test_b.py::TestB::test_c[x/y::z]", "integration"),
        ("plugins/complaints/tests/test_case.py::test_d", "plugin"),
        ("tests/test_e.py::test_f", "other"),
    ],
)
def test_kind_of(nodeid: str, kind: str) -> None:
    assert kind_of(nodeid) == kind
