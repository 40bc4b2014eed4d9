"""Enquiries of public data sets as a file of a department, read in through the import.

banking77 (Casanueva et al. 2020, CC BY 4.0) and CrossWOZ (Zhu et al. 2020, Apache-2.0); both are
read where the setting of the data folder says that they lie.
"""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.sdk.demo import DemoContext, Story
from app.sdk.importing import ALL, SKIP, Import, Table, importers, suggest
from app.sdk.people import local_today, local_zone

HEADER = ("External number", "Date", "Question in detail", "How it was solved")
_ENQUIRIES, _DIALOGUES = "enquiries_banking77_dev.csv", "zh_dialogues_crosswoz_dev.csv"
_IMPORTER = "records.enquiries.Enquiry"
_OF_EACH = 60
_DAYS_AGO = 40
_TOLD, _SATISFIED = "Told on the telephone.", "Satisfied"


def public_rows(folder: Path, of_each: int, day: dt.date) -> list[tuple[str, ...]]:
    """Return enquiries in English, and the first words of dialogues in Chinese with the answer.

    Args:
        folder: where the data sets lie.
        of_each: how many of each.
        day: day of all of them.
    """
    asked, turns = _rows(folder / _ENQUIRIES), _rows(folder / _DIALOGUES)
    moment = f"{day:%Y-%m-%d} 10:00"
    english = [(f"B-{place}", moment, row["text"], "")
               for place, row in enumerate(asked[::len(asked) // of_each][:of_each])]
    chinese = [(f"C-{turn['dialogue_id']}", moment, turn["text"], answer["text"])
               for turn, answer in itertools.pairwise(turns)
               if turn["turn"] == "0" and turn["role"] == "customer"]
    return [*english, *chinese[:of_each]]


def write_rows(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> Path:
    """Write a file as a department keeps it, and return its path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(header)
        out.writerows(rows)
    return path


def load(context: DemoContext, story: Story) -> int:
    """Read some enquiries of the public data sets in, where they are there.

    Args:
        context: what the generator was given.
        story: whose people act.

    Returns:
        How many came in.
    """
    folder = context.settings.data_dir
    if not all((folder / name).is_file() for name in (_ENQUIRIES, _DIALOGUES)):
        return 0
    day = local_today() - dt.timedelta(days=_DAYS_AGO)
    # They are over: nobody has to answer them in the demonstration.
    rows = [(*row[:3], row[3] or _TOLD, _SATISFIED)
            for row in public_rows(folder, _OF_EACH, day)]
    with tempfile.TemporaryDirectory() as temporary:
        path = write_rows(
            Path(temporary) / "enquiries.csv", (*HEADER, "Satisfaction"), rows)
        table, importer = Table.open(path), importers()[_IMPORTER]
        report = Import(
            table=table, importer=importer, mapping=suggest(importer, table.header), mode=ALL,
            on_existing=SKIP, rejects=path.with_suffix(".bad.csv"), zone=local_zone(),
            file_name=path.name).run(context.session, story.actor("supervisor"))
    return report.created


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
