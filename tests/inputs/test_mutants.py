"""A short run of the mutants; `make fuzz` runs the long one."""

from pathlib import Path

from conftest import tries
from mutants import run


def test_no_mutant_ends_in_a_traceback_or_is_read_wrongly(tmp_path: Path) -> None:
    said: list[str] = []
    counts = run(count := tries(24, 200), tmp_path, said.append)
    assert counts["wrong"] == 0, said
    assert counts["refused"] > count // 3
