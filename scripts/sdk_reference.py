"""Writes docs/reference: what plugins may import, one page for each module of ``app.sdk``.

    python -m scripts.sdk_reference

Signatures and docstrings are read from the source, examples from the tutorial and from shipped
plugins, whose tests run them. A test compares the pages with the code, so a change of a signature
is seen in the change of a page.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Collection, Iterator
from importlib import import_module
from typing import Any

import griffe
from griffe import DocstringSectionKind as Section

from config import ROOT
from scripts.hook_reference import hooks_page
from scripts.sdk_examples import Example, examples

FOLDER = ROOT / "docs" / "reference"
SDK = "app.sdk"
_INTRODUCTION = """\
# Reference of the sdk

What a plugin may import: `app.sdk` and its modules, nothing else of `app`. `python -m
scripts.sdk_reference` writes these pages from signatures and docstrings.
[plugin-authors.md](../plugin-authors.md) tells how the parts work together and lists the versions
of the contract; [hooks.md](hooks.md) lists every hook, [screens.md](../screens.md) what a screen
declares.

`session` is a session of SQLAlchemy; what writes wants one without unsaved changes, or one within
a write. `actor` is who acts or asks: their rights and their row scope hold. Examples stand in the
tutorial, in shipped plugins and in those of the tests, which run all of them.

| module | what is in it | names |
| --- | --- | ---: |
"""
_ENUMERATIONS = frozenset({"Enum", "StrEnum", "IntEnum", "IntFlag"})
# Longer names of annotations, as a reader knows them.
_ITEMS = {Section.parameters: "argument", Section.attributes: "attribute"}


def modules() -> dict[str, griffe.Module]:
    """Return the modules of the sdk by name, without private ones."""
    loader = griffe.GriffeLoader()
    loader.load("app", try_relative_path=True)
    loader.resolve_aliases(implicit=True, external=False)
    sdk = loader.modules_collection[SDK]
    return {SDK: sdk} | {f"{SDK}.{name}": sdk.modules[name] for name in sorted(sdk.modules)}


def exported(module: griffe.Module) -> Iterator[tuple[str, griffe.Object | None]]:
    """Yield the names that a module offers, each with what it stands for.

    What is assigned together with others has no definition of its own: ``None``.
    """
    for name in module.exports or []:
        yield str(name), _definition(module[str(name)])


def _definition(member: griffe.Object | griffe.Alias) -> griffe.Object | None:
    if not isinstance(member, griffe.Alias):
        return member
    try:
        return member.final_target
    except griffe.AliasResolutionError:
        return None


def _sections(item: griffe.Object) -> list[griffe.DocstringSection]:
    return item.docstring.parse("google", warnings=False) if item.docstring else []


def documented(item: griffe.Object, kind: Section) -> dict[str, str]:
    """Return the names that a docstring describes in its sections of a kind, with the texts."""
    return {
        entry.name: " ".join(entry.description.split())
        for section in _sections(item) if section.kind is kind for entry in section.value
    }


def page(name: str, module: griffe.Module, uses: dict[tuple[str, str], Example]) -> str:
    """Return the page of a module of the sdk.

    Args:
        name: its full name.
        module: the module.
        uses: an example for each pair of module and name that has one.
    """
    lines = [f"# {name}", "", _prose(module), ""]
    found = list(exported(module))
    described = {item.path for _, item in found if item is not None}
    places = Counter[str]()
    links = []
    for one, _ in found:
        # Names that differ in capitals only have numbered anchors.
        number = places[one.lower()]
        places[one.lower()] += 1
        links.append(f"[{one}](#{one.lower()}{f'-{number}' if number else ''})")
    lines += [" · ".join(links), ""]
    for one, item in found:
        lines += [f"## {one}", "", *_entry(name, one, item, described)]
        lines += _example(uses.get((name, one)))
    return "\n".join(lines).rstrip() + "\n"


def _entry(
    module: str, name: str, item: griffe.Object | None, described: Collection[str]
) -> Iterator[str]:
    if isinstance(item, griffe.Function):
        yield from _function(item, name)
    elif isinstance(item, griffe.Class):
        yield from _class(item, name, described)
    elif item is not None and item.docstring:
        yield from (_prose(item), "")
    else:
        value = getattr(import_module(module), name)
        yield from (f"A constant: `{value!r}`." if isinstance(value, str | int | tuple | frozenset)
                    else f"{type(value).__name__}.", "")


def _prose(item: griffe.Object) -> str:
    texts = [section.value for section in _sections(item) if section.kind is Section.text]
    return "\n\n".join(texts).replace("``", "`")


def _code(*lines: str) -> Iterator[str]:
    yield from ("```python", *lines, "```", "")


def _function(item: griffe.Function, name: str) -> Iterator[str]:
    yield from _code(_signature(item, name))
    yield from (_prose(item), "")
    yield from _details(item)


def _signature(item: griffe.Function, name: str) -> str:
    return _signature_of(
        name, list(item.parameters), "" if item.returns is None else f" -> {item.returns}")


def _signature_of(name: str, arguments: list[griffe.Parameter], answer: str) -> str:
    """Return a signature, over several lines where it does not fit one of 100 signs."""
    written = [text for text in _marked(arguments) if text not in ("self", "cls")]
    line = f"{name}({', '.join(written)}){answer}"
    if len(line) <= 100:
        return line
    return "\n".join([f"{name}(", *(f"    {one}," for one in written), f"){answer}"])


def _marked(parameters: list[griffe.Parameter]) -> Iterator[str]:
    """Yield parameters as they are written, with the star before those given by name only."""
    kinds = {one.kind for one in parameters}
    starred = griffe.ParameterKind.var_positional in kinds
    for one in parameters:
        if one.kind is griffe.ParameterKind.keyword_only and not starred:
            starred = True
            yield "*"
        yield _written(one)


def _written(one: griffe.Parameter) -> str:
    star = {"variadic positional": "*", "variadic keyword": "**"}.get(
        one.kind.value if one.kind else "", "")
    default = "" if star or one.default is None else str(one.default)
    if one.annotation is None:
        return f"{star}{one.name}" + (f"={default}" if default else "")
    return f"{star}{one.name}: {one.annotation}" + (f" = {default}" if default else "")


def _details(item: griffe.Object) -> Iterator[str]:
    for section in _sections(item):
        if section.kind in _ITEMS:
            yield from (f"| {_ITEMS[section.kind]} | what it is |", "| --- | --- |")
            yield from (f"| `{one.name}` | {_cell(one.description)} |" for one in section.value)
            yield ""
        elif section.kind in (Section.returns, Section.yields):
            verb = "Returns" if section.kind is Section.returns else "Yields"
            yield from (f"**{verb}** " + _cell(
                " ".join(_whole(one) for one in section.value)), "")
        elif section.kind is Section.raises:
            yield from ("**Raises**", "")
            yield from (f"- `{one.annotation}`: {_cell(one.description)}" for one in section.value)
            yield ""


def _whole(one: Any) -> str:
    # Of "Returns:" the parser takes what stands before a colon for a name or type.
    head = next((str(part) for part in (one.name, one.annotation) if part), "")
    return f"{head}: {one.description}" if head and f"{head}:" in one.description else (
        one.description)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("``", "`").replace("|", "\\|")


def _class(item: griffe.Class, name: str, described: Collection[str]) -> Iterator[str]:
    """Yield a class with its methods, but for those of bases that the page describes."""
    known = [base for base in item.mro() if base.path in described]
    yield from _code(_head(item, name))
    yield from (_prose(item), "")
    yield from _details(item)
    yield from _members(item, known)
    if known:
        yield from ("Has all that these have: " + ", ".join(
            f"[{base.name}](#{base.name.lower()})" for base in known) + ".", "")
    inherited = {base.path for base in known}
    for method in _methods(item):
        if method.parent is not None and method.parent.path in inherited:
            continue
        yield from (f"### {name}.{method.name}", "")
        if isinstance(method, griffe.Attribute):
            yield from (_prose(method), "")
        else:
            yield from _function(method, method.name)


def _members(item: griffe.Class, known: Collection[griffe.Class]) -> Iterator[str]:
    """Yield the columns of a table with their types, or the members of an enumeration.

    Columns of bases that the page describes stand there.
    """
    above = {name for base in known for name in base.members}
    columns = [
        (name, str(one.annotation)) for name, member in item.all_members.items()
        if name not in above and isinstance(one := _definition(member), griffe.Attribute)
        and str(one.annotation).startswith("Mapped[")
    ]
    if columns:
        yield from ("| column | type |", "| --- | --- |")
        yield from (f"| `{name}` | `{_cell(kind[len('Mapped['):-1])}` |" for name, kind in columns)
        yield ""
    if any(str(base).rpartition(".")[2] in _ENUMERATIONS for base in item.bases):
        names = [name for name, one in item.members.items()
                 if isinstance(one, griffe.Attribute) and not name.startswith("_")
                 and "property" not in one.labels]
        yield from ("One of: " + ", ".join(f"`{name}`" for name in names) + ".", "")


def _head(item: griffe.Class, name: str) -> str:
    """Return how an instance is made, or what a class without arguments is derived from."""
    if "dataclass" in item.labels or "__init__" in item.members:
        return _signature_of(name, list(item.parameters), "")
    bases = ", ".join(str(base) for base in item.bases)
    return f"class {name}({bases})" if bases else f"class {name}"


def _methods(item: griffe.Class) -> list[griffe.Function | griffe.Attribute]:
    """Return the documented public methods and properties, those of bases of ours included."""
    found: list[griffe.Function | griffe.Attribute] = []
    for name, member in item.all_members.items():
        method = None if name.startswith("_") else _definition(member)
        if method is None or not method.docstring or not method.path.startswith("app."):
            continue
        if isinstance(method, griffe.Function) or (
            isinstance(method, griffe.Attribute) and "property" in method.labels
        ):
            found.append(method)
    return sorted(found, key=lambda method: method.name)


def _example(example: Example | None) -> Iterator[str]:
    if example is None:
        return
    yield from (f"Used in {example.place}:", "")
    yield from _code(*example.lines)


def pages() -> dict[str, str]:
    """Return what should stand in the folder: texts by name of file."""
    found = modules()
    uses = examples()
    # Some modules offer what another one offers too.
    elsewhere = {name: example for (_, name), example in sorted(uses.items())}
    uses = {(module, name): uses.get((module, name), elsewhere[name])
            for module, offering in found.items() for name, _ in exported(offering)
            if name in elsewhere}
    texts = {f"{name.replace(SDK, 'sdk')}.md": page(name, module, uses)
             for name, module in found.items()}
    index = _INTRODUCTION + "".join(
        f"| [{name}]({name.replace(SDK, 'sdk')}.md) | {_cell(_prose(module))} "
        f"| {len(module.exports or [])} |\n"
        for name, module in found.items())
    return {"README.md": index, "hooks.md": hooks_page()} | texts


def write() -> None:
    """Write the folder anew."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
