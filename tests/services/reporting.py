"""The end of a test run: how many tests of each kind ran, and what was missing."""

from __future__ import annotations

import collections
import os

import pytest

KINDS = ("unit", "integration", "browser", "architecture", "conformance", "plugin")


def kind_of(nodeid: str) -> str:
    """Return the kind of a test, from where its file stands: ``tests/KIND/`` or ``plugins/``."""
    parts = nodeid.split("::")[0].split("/")
    if parts[0] == "plugins":
        return "plugin"
    if len(parts) > 1 and parts[0] == "tests" and parts[1] in KINDS:
        return parts[1]
    return "other"


def _skips(config: pytest.Config) -> list[pytest.TestReport]:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return [] if reporter is None else reporter.stats.get("skipped", [])


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a run on the build machine when a test was skipped: there, nothing may be missing."""
    if hasattr(session.config, "workerinput"):
        return
    if os.environ.get("CI") == "true" and exitstatus == 0 and _skips(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the number of tests by kind, and one line on what was skipped."""
    # A test whose teardown fails has two reports; it is still one test.
    tests = {
        report.nodeid
        for outcome in ("passed", "failed", "error", "xfailed", "xpassed", "skipped")
        for report in terminalreporter.stats.get(outcome, [])
    }
    counts = collections.Counter(kind_of(nodeid) for nodeid in tests)
    if counts:
        shown = ", ".join(f"{kind} {counts[kind]}" for kind in (*KINDS, "other") if counts[kind])
        terminalreporter.write_sep("=", f"tests by kind: {shown}", bold=True)
    budgets = [
        value
        for report in terminalreporter.stats.get("passed", [])
        for name, value in report.user_properties if name == "budget"
    ]
    if budgets:
        heads = ("task", "clicks", "at most", "fields", "at most", "loads", "at most")
        terminalreporter.write_line("| " + " | ".join(heads) + " |")
        for row in sorted(budgets):
            terminalreporter.write_line("| " + " | ".join(map(str, row)) + " |")
    skipped = _skips(config)
    if skipped:
        reasons = sorted({_reason(report) for report in skipped})
        verdict = "; CI=true: THE RUN FAILS" if os.environ.get("CI") == "true" else ""
        line = f"{len(skipped)} TESTS DID NOT RUN: {'; '.join(reasons)}{verdict}"
        terminalreporter.write_line(line, red=True, bold=True)


def _reason(report: pytest.TestReport) -> str:
    if isinstance(report.longrepr, tuple):
        return report.longrepr[2].removeprefix("Skipped: ")
    return str(report.longrepr)
