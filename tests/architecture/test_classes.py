"""A class offers what a person can hold in mind: at most 25 public names over all its bases."""

from __future__ import annotations

import ast
import dataclasses
import enum
import importlib
import inspect
import textwrap
from collections.abc import Iterator

from app.screens.declaration import FIELDS
from app.screens.parts import DEFAULTS
from app.screens.view import RecordView
from tests.architecture.sources import files, module_of

MOST = 25
# Why a class may offer more, by its full name; a class that is below the limit leaves the list.
_OPERATIONS = (
    "The one way in to a kind of record: six of the names are data that an author declares, the "
    "others its acts and its rules, which nobody looks for anywhere else."
)
EXEMPT: dict[str, str] = {
    "app.workflow.operations.WorkflowOperations": _OPERATIONS,
    "plugins.appraisals.consequences.operations.ConsequenceOperations": _OPERATIONS,
    "plugins.appraisals.referrals.operations.ReferralOperations": _OPERATIONS,
    "plugins.appraisals.sheets.managing.ManagedSheets": _OPERATIONS,
    "plugins.appraisals.sheets.operations.SheetOperations": _OPERATIONS,
    "plugins.callbacks.operations.TaskOperations": _OPERATIONS,
    "plugins.callbacks.script_operations.ScriptOperations": _OPERATIONS,
    "plugins.complaints.operations.ComplaintOperations": _OPERATIONS,
    "plugins.enquiries.department_reply.DepartmentReplyOperations": _OPERATIONS,
    "plugins.enquiries.enquiries.operations.EnquiryOperations": _OPERATIONS,
    "plugins.enquiries.messages.operations.MessageOperations": _OPERATIONS,
    "plugins.enquiries.repairs.operations.RepairOperations": _OPERATIONS,
    "plugins.enquiries.requests.operations.RequestOperations": _OPERATIONS,
    "plugins.enquiries.shared.FromCallerOperations": _OPERATIONS,
    "plugins.enquiries.suggestions.operations.SuggestionOperations": _OPERATIONS,
    "plugins.loans.applications.operations.ApplicationOperations": _OPERATIONS,
    "plugins.loans.problems.operations.ProblemOperations": _OPERATIONS,
    "plugins.knowledge.articles.operations.ArticleOperations": _OPERATIONS,
    "plugins.training.exams.attempts.AttemptOperations": _OPERATIONS,
    "plugins.training.exams.operations.ExamOperations": _OPERATIONS,
    "plugins.training.sessions.operations.SessionOperations": _OPERATIONS,
    "plugins.work.proposals.operations.ProposalOperations": _OPERATIONS,
    "plugins.work.reports.operations.WeeklyReportOperations": _OPERATIONS,
}


def _is_ours(kind: type) -> bool:
    return kind.__module__.partition(".")[0] in ("app", "plugins")


def our_classes() -> Iterator[type]:
    """Yield every class of the product that is written in its own module."""
    for path in files("*.py", under=("app", "plugins")):
        name = module_of(path)
        ours = name.partition(".")[0] in ("app", "plugins")
        if not ours or {"migrations", "tests", "__main__"} & set(name.split(".")):
            continue
        module = importlib.import_module(name)
        for _name, kind in inspect.getmembers(module, inspect.isclass):
            if kind.__module__ == module.__name__ and not issubclass(kind, enum.Enum):
                yield kind


def _declared(kind: type) -> set[str]:
    """Return names that are data: mapped columns, fields of dataclasses, what a screen declares."""
    names = set(getattr(getattr(kind, "__mapper__", None), "all_orm_descriptors", {}).keys())
    if dataclasses.is_dataclass(kind):
        names |= {field.name for field in dataclasses.fields(kind)}
    if issubclass(kind, RecordView):
        names |= {*FIELDS, *DEFAULTS}
    return names


def _assigned(kind: type) -> Iterator[str]:
    """Yield the names that a constructor gives its object: ``self.name = …``."""
    made = vars(kind).get("__init__")
    try:
        code = ast.parse(textwrap.dedent(inspect.getsource(made)))
    except (OSError, TypeError, SyntaxError):
        return
    for node in ast.walk(code):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and (
            isinstance(node.value, ast.Name) and node.value.id == "self"
        ):
            yield node.attr


def public_names(kind: type) -> set[str]:
    """Return what a class offers by itself and by those of its bases that are ours."""
    own = {name for base in kind.__mro__ if _is_ours(base) for name in (
        *vars(base), *vars(base).get("__annotations__", {}), *_assigned(base))}
    brought = {name for base in kind.__mro__ if not _is_ours(base) for name in vars(base)}
    return {name for name in own - brought - _declared(kind) if not name.startswith("_")}


def _too_large() -> dict[str, list[str]]:
    return {
        f"{kind.__module__}.{kind.__qualname__}": sorted(names)
        for kind in our_classes() if len(names := public_names(kind)) > MOST
    }


def test_no_class_offers_more_than_a_person_can_hold_in_mind() -> None:
    found = {name: names for name, names in _too_large().items() if name not in EXEMPT}
    assert found == {}


def test_the_exemptions_are_needed() -> None:
    assert sorted(EXEMPT) == sorted(EXEMPT.keys() & _too_large().keys())
    assert all(EXEMPT.values())


def test_the_count_sees_bases_and_spares_data() -> None:
    first = type("First", (), {"one": 1, "_hidden": 2, "__module__": "app.example"})
    second = type("Second", (first, dict), {"two": 1, "get": 2, "__module__": "app.example"})
    assert public_names(second) == {"one", "two"}
    assert "list_columns" not in public_names(RecordView)
