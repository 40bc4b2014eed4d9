"""What a chart is drawn from: labels and series as JSON, the same figures as CSV."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from typing import Any

from flask import Response, request

from app.screens.api.write import json_response
from app.screens.lists.export import csv_parts
from app.web.texts import translated


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One row of figures.

    Attributes:
        name: text of the legend.
        values: a figure for each label of the chart.
    """

    name: Any
    values: Sequence[float | int | None]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Figures for the ``chart`` macro.

    Attributes:
        label: what the labels are, e.g. "Month"; head of the table's first column.
        labels: one text for each figure.
        series: rows of figures.
        kind: ``bar``, ``bars`` (lying), ``line`` or ``pie``.
        stacked: whether series stand on each other.
        urls: where a click on a figure leads, by label; empty texts lead nowhere.
        times: of a line, the day of each label: it then stands on an axis of time.
        name: name of the downloaded file, without ending.
    """

    label: Any
    labels: Sequence[Any]
    series: Sequence[Series]
    kind: str = "bar"
    stacked: bool = False
    urls: Sequence[str] = ()
    times: Sequence[dt.date] = ()
    name: str = "figures"


def chart_response(chart: Chart) -> Response:
    """Return a chart's figures as JSON, or as CSV where ``?format=csv`` asks for it.

    Args:
        chart: the figures; the caller has checked that the person may see them.
    """
    labels = [translated(label) for label in chart.labels]
    names = [translated(series.name) for series in chart.series]
    if request.args.get("format") == "csv":
        rows = (
            [label, *("" if s.values[place] is None else s.values[place] for s in chart.series)]
            for place, label in enumerate(labels)
        )
        response = Response(
            csv_parts([translated(chart.label), *names], rows), mimetype="text/csv; charset=utf-8"
        )
        response.headers["Content-Disposition"] = f'attachment; filename="{chart.name}.csv"'
        return response
    return json_response({
        "label": translated(chart.label),
        "labels": labels,
        "series": [
            {"name": name, "values": list(series.values)}
            for name, series in zip(names, chart.series, strict=True)
        ],
        "kind": chart.kind,
        "stacked": chart.stacked,
        "urls": list(chart.urls) or None,
        "times": [day.isoformat() for day in chart.times] or None,
    })
