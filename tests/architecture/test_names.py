"""One name for one thing: a class of the core is called as no other class of the core."""

from __future__ import annotations

import ast
import collections

from tests.architecture.sources import files, module_of, tree


def _given_to_plugins() -> set[tuple[str, str]]:
    """Return module and name of what the sdk hands on; each part of it has names of its own."""
    return {
        (node.module or "", alias.name)
        for path in files("*.py", under=("app/sdk",))
        for node in ast.walk(tree(path)) if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_no_two_classes_of_the_core_have_one_name():
    given, found = _given_to_plugins(), collections.defaultdict[str, list[str]](list)
    for path in files("*.py", under=("app",)):
        module = module_of(path)
        if not module.startswith("app."):
            continue
        for node in tree(path).body:
            if not isinstance(node, ast.ClassDef) or node.name.startswith("_"):
                continue
            found[node.name].append(
                f"{module} (sdk)" if (module, node.name) in given else module)
    twice = {
        name: modules for name, modules in found.items()
        # Names of the contract with plugins stay; see docs/decisions/035-names-that-stayed.md.
        if len(modules) > 1 and sum("(sdk)" not in module for module in modules) > 0
    }
    assert twice == {}
