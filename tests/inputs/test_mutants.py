"""A short run of the mutants; `make fuzz` runs the long one."""

from pathlib import Path

import fuzz
import pytest
from conftest import tries
from mutants import run


def test_no_mutant_ends_in_a_traceback_or_is_read_wrongly(tmp_path: Path) -> None:
    said: list[str] = []
    counts = run(count := tries(24, 200), tmp_path, said.append)
    assert counts["wrong"] == 0, said
    assert counts["refused"] > count // 3


def test_no_mutation_that_knows_what_it_means_is_read_as_something_else(tmp_path: Path) -> None:
    counts, wrong = fuzz.run(tries(150, 3000), tries(20, 300), tmp_path)
    assert wrong == []
    assert counts["table accepted"] > counts["table refused"] // 3


FOUND: dict[str, tuple[int, ...]] = {"table": (192, 338, 33758, 50196), "workbook": (100, 20295)}
"""Mutants that once went wrong, by their numbers: all of them were faults of the trial, which took them for something they are not."""


@pytest.mark.parametrize(("kind", "number"), [(kind, number) for kind, numbers in FOUND.items() for number in numbers])
def test_what_was_found_once_is_mended(kind: str, number: int, tmp_path: Path) -> None:
    assert fuzz.try_alone(kind, number, tmp_path)[1] == []
