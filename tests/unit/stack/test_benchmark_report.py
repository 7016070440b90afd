"""The numbers of a benchmark report, and what counts as a fault."""

from __future__ import annotations

from tests.load.report import Row, page, percentile


def test_percentiles_are_values_that_were_measured() -> None:
    values = [float(value) for value in range(100, 0, -1)]

    assert [percentile(values, share) for share in (50, 95, 99, 100)] == [50, 95, 99, 100]
    assert percentile([7.0], 95) == 7.0


def test_goal_is_met_up_to_its_limit_and_missing_it_is_no_fault() -> None:
    met, missed = (Row.of_times("a request", [taken] * 3, 60) for taken in (60.0, 60.1))

    assert (met.met, met.is_fault) == (True, False)
    assert (missed.met, missed.is_fault) == (False, False)


def test_what_must_never_happen_is_a_fault() -> None:
    assert not Row.of_count("messages lost", 0, 100).is_fault
    assert Row.of_count("messages lost", 1, 100).is_fault


def test_page_holds_every_row() -> None:
    text = page(
        {"Speed": [Row.of_times("a request", [1.0, 2.0], 60)]}, {"Speed": "How it was measured."}, load_before=0.3
    )

    assert "| a request | 1.0 ms | 2.0 ms | 2.0 ms | 2 | p95 ≤ 60 ms | yes |" in text
    assert "How it was measured." in text
    assert "- Load before: 0.3 " in text
