"""Several rankings made into one."""

from __future__ import annotations

import pytest

from local.search.fusion import fused


def test_places_add_up() -> None:
    scores = fused([([7, 8], 1.0), ([8, 9], 1.0)])
    assert scores == pytest.approx({7: 1 / 60, 8: 1 / 61 + 1 / 60, 9: 1 / 61})


def test_a_weight_multiplies_the_places_of_its_ranking() -> None:
    scores = fused([([1], 2.0), ([2], 0.5)])
    assert scores == pytest.approx({1: 2 / 60, 2: 0.5 / 60})


def test_two_middle_places_can_beat_one_first() -> None:
    scores = fused([([1, 2], 1.0), ([3, 2], 1.0)])
    assert max(scores, key=lambda number: scores[number]) == 2


def test_nothing_fuses_to_nothing() -> None:
    assert fused([([], 1.0)]) == {}
