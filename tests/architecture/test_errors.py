"""One hierarchy of errors: what people are told of derives from it."""

from __future__ import annotations

import ast
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "app"
# What is wrong with the code, the installation or a file of a plugin: no person at a screen asked
# for it, so no screen, API, command or job tells it as a refusal.
OF_AUTHORS_AND_OPERATORS = {
    "BadDeclaration": "a screen is declared wrongly",
    "BadEvent": "an event is declared or emitted wrongly",
    "CompositionError": "the parts of a screen do not fit together",
    "CountSuperseded": "somebody else counts the figures anew; the job ends",
    "DeclarationError": "the file of a new plugin is wrong; the command prints it",
    "DefinitionError": "a deadline policy is defined wrongly",
    "DuplicateView": "two screens have one name",
    "ForbiddenAddress": "the network layer refuses an address; the delivery is tried no more",
    "FontsMissing": "the installation lacks fonts",
    "FormError": "a form is defined wrongly",
    "HookFailed": "a hook of a plugin has failed; the host notes it",
    "HookReturnedNoList": "a hook of a plugin has given the wrong type",
    "JobCancelled": "ends a job from within",
    "JobFailed": "a job says how it has failed; its page shows it",
    "ManifestError": "the manifest of a plugin is wrong",
    "NoKeys": "the installation lacks keys",
    "NoWorkingTime": "a calendar never opens",
    "NotComparable": "code compares what is encrypted",
    "NotPublished": "deploy has not run",
    "PublishedFormChanged": "code writes a published version of a form",
    "StateIsGuarded": "code writes the state past the engine",
    "Superseded": "another worker has taken the job",
    "TryLater": "a job goes back to the queue",
    "UnknownCalendar": "a look-up that found nothing",
    "UnknownColumn": "a screen names a column that is not there",
    "Unreadable": "a sealed value does not open",
    "WorkerStopping": "ends a job from within",
    "WorkflowError": "a workflow is defined wrongly",
}


def classes() -> dict[str, list[str]]:
    """Return the names of the bases of every class of the core."""
    found = {}
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                found[node.name] = [base.attr if isinstance(base, ast.Attribute) else
                                    getattr(base, "id", "") for base in node.bases]
    return found


def descends(name: str, root: set[str], known: dict[str, list[str]]) -> bool:
    return name in root or any(
        base != name and descends(base, root, known) for base in known.get(name, ()))


BUILT_IN = {
    "Exception", "ValueError", "TypeError", "LookupError", "KeyError", "RuntimeError", "OSError",
    "PermissionError",
}


def test_what_people_are_told_of_derives_from_the_one_hierarchy():
    known = classes()
    errors = {name for name in known if descends(name, BUILT_IN, known) and name[0] != "_"}
    people = {name for name in errors if descends(name, {"CarelineError"}, known)}
    assert {"Invalid", "StaleRecord", "FileRefused"} <= people
    assert errors - people == set(OF_AUTHORS_AND_OPERATORS)
