"""Measures how often the knowledge base finds the right answer among the first three.

    python -m scripts.benchmark_knowledge

reads ``enquiries_banking77_dev.csv`` from the folder of CARELINE_DATA_DIR: customers' questions,
each with one of 77 intents. By a hash of the text one half of them is the base: questions that an
article of their intent answered before. Each question of the other half is asked, and the figure
is the share of those whose intent is among the first three articles, overall and for each intent.
The same half is asked of a plain ``LIKE`` search over the same texts: articles by how many words
of the question one of their questions holds. Nothing is downloaded; the database is a file in a
temporary folder.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from config import Settings
from plugins.knowledge.finding import documents
from plugins.knowledge.finding.models import ArticleDocument, ArticlePosting

FILE = "enquiries_banking77_dev.csv"
FIRST = 3
_WORD = re.compile(r"[a-z0-9]+")
Asked = tuple[str, int]


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; return 0."""
    parser = argparse.ArgumentParser(description="Measures the answers of the knowledge base.")
    parser.add_argument("--questions", type=int, default=0, help="ask only so many; 0: all")
    options = parser.parse_args(arguments)
    base, asked, names = _halves(Settings.from_environment().data_dir / FILE)
    asked = asked[: options.questions or None]
    print(f"{len(base):,} questions as base, {len(asked):,} asked, {len(names)} intents")
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'knowledge.sqlite'}")
        for model in (ArticleDocument, ArticlePosting):
            model.metadata.create_all(engine, tables=[model.metadata.tables[model.__tablename__]])
        with Session(engine) as session:
            # Documents refer to articles, of which nothing but the key is needed here.
            session.execute(text("CREATE TABLE knowledge_article (id INTEGER PRIMARY KEY)"))
            session.execute(text("INSERT INTO knowledge_article VALUES (:key)"),
                            [{"key": key} for key in range(len(names))])
            documents.put_questions(session, ((intent, question) for question, intent in base))
            session.execute(text("CREATE TABLE plain (intent INTEGER, question TEXT)"))
            session.execute(text("INSERT INTO plain VALUES (:intent, :question)"), [
                {"intent": intent, "question": question} for question, intent in base])
            session.commit()
            _report("knowledge base", asked, names, lambda question: [
                one.root for one in documents.ranked(session, question)[:FIRST]])
            _report("plain LIKE", asked, names, lambda question: _like(session, question))
        engine.dispose()
    return 0


def _halves(file: Path) -> tuple[list[Asked], list[Asked], list[str]]:
    """Return the base, what is asked, and the names of intents by their number."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [(row["text"], row["category"]) for row in csv.DictReader(lines)]
    names = sorted({name for _, name in rows})
    numbers = {name: number for number, name in enumerate(names)}
    halves: tuple[list[Asked], list[Asked]] = ([], [])
    for question, name in rows:
        halves[hashlib.sha256(question.encode()).digest()[0] & 1].append((question, numbers[name]))
    return *halves, names


def _like(session: Session, question: str) -> list[int]:
    """Return intents by the words that one of their questions holds, as ``LIKE`` finds them."""
    words = list(dict.fromkeys(_WORD.findall(question.lower())))
    if not words:
        return []
    score = " + ".join(f"(question LIKE :w{place})" for place in range(len(words)))
    found = session.execute(
        text(f"SELECT intent, max({score}) AS score FROM plain GROUP BY intent "
             "ORDER BY score DESC, intent LIMIT 3"),
        {f"w{place}": f"%{word}%" for place, word in enumerate(words)})
    return [row.intent for row in found]


def _report(
    name: str, asked: Sequence[Asked], names: Sequence[str], find: Callable[[str], Iterable[int]]
) -> None:
    hits, first, totals, times = Counter[int](), 0, Counter[int](), list[float]()
    for question, intent in asked:
        begun = time.perf_counter()
        found = list(find(question))
        times.append((time.perf_counter() - begun) * 1000)
        totals[intent] += 1
        hits[intent] += intent in found
        first += found[:1] == [intent]
    shares = {intent: hits[intent] / number for intent, number in totals.items()}
    good = sum(share >= 0.8 for share in shares.values())
    worst = sorted(shares, key=lambda intent: shares[intent])[:3]
    print(f"{name}: among the first three {sum(hits.values()) / len(asked):.1%}, "
          f"first {first / len(asked):.1%}; {good} of {len(shares)} intents reach 80 %; "
          f"median {statistics.median(times):.1f} ms, slowest {max(times):.0f} ms; worst: "
          + ", ".join(f"{names[intent]} {shares[intent]:.0%}" for intent in worst))


if __name__ == "__main__":
    sys.exit(main())
