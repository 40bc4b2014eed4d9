"""What a list can be filtered by but not show: relations to several rows, hybrid properties."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.hybrid import hybrid_property

from app.records.values import relation_of
from app.screens.columns.columns import Column, kind_of, label_for


def describe_filters(
    model: type[Any], names: Sequence[str], labels: Mapping[str, Any] | None
) -> dict[str, Column]:
    """Return those of several names that a list can be filtered by but not show.

    They are relations to several rows, and hybrid properties, which are never empty.

    Args:
        model: mapped class.
        names: names of columns and relations.
        labels: labels given by the view, by name.
    """
    relations = {name: relation_of(model, name) for name in names}
    hybrids = {
        name: getattr(model, name) for name in names
        if isinstance(model.__mapper__.all_orm_descriptors.get(name), hybrid_property)
    }
    return {
        name: Column(name, kind_of(found.expression), found.expression, None,
                     label_for(name, labels), sortable=False, nullable=False)
        for name, found in hybrids.items()
    } | {
        name: Column(
            name=name, kind="relation", attribute=getattr(model, name), shown=None,
            label=label_for(name, labels, relation.info), sortable=False, nullable=True,
            target=relation.mapper.class_,
        )
        for name, relation in relations.items() if relation is not None and relation.uselist
    }
