"""The share of changes that tests notice is read from what mutmut left behind."""

from __future__ import annotations

import json

from scripts.mutants import score_of, scores


def test_a_change_counts_when_a_test_failed_or_took_too_long():
    score = score_of("app/x.py", {"a": 1, "b": 3, "c": 36, "d": 0, "e": 33, "f": None})
    assert (score.noticed, score.made, score.waiting) == (3, 5, 1)
    assert score.share == 0.6


def test_a_module_without_any_change_has_no_share():
    assert score_of("app/x.py", {}).share == 0


def test_scores_are_found_by_module(tmp_path):
    for name, ends in (("b", {"k": 0}), ("a", {"k": 1})):
        path = tmp_path / "app" / f"{name}.py.meta"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({"exit_code_by_key": ends}))
    assert [(one.module, one.share) for one in scores(tmp_path)] == [
        ("app/a.py", 1.0), ("app/b.py", 0.0)]
