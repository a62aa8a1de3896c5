"""Facts and payments of money that may have been cut off inside their last cell are refused, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT, Program

from gep.messages.problems import Problems
from gep.tasks.two_people import read_payments

FACTS = ROOT / "inputs" / "jiangxi-transfers-example" / "kefz.csv"
PAYMENTS = "note,posting_voucher,voucher,paid_on,amount\n首付,2023-1,国库 17,2024-01-05,12345.67"


def turn(text: str) -> str:
    """A table of facts with the figure in the last column, without an end of line."""
    rows = [line.split(",") for line in text.splitlines()]
    at = rows[0].index("value")
    return "\n".join(",".join([*row[:at], *row[at + 1 :], row[at]]) for row in rows)


def test_facts_that_end_in_a_figure_without_an_end_of_line_are_refused(gep: Program, tmp_path: Path) -> None:
    turned = turn(FACTS.read_text("utf-8"))
    facts = tmp_path / "facts.csv"
    called = ("compensate", "jx-kefz", "2023", "--inputs", str(facts), "--store", gep.store)
    for cut in (0, 1, 2):
        facts.write_text(turned[: len(turned) - cut], "utf-8")
        said = gep(*called, code=2).stderr
        assert "without an end of line: it may have been cut off there" in said
    facts.write_text(turned + "\n", "utf-8")
    assert "may have been cut off" not in gep.try_out(*called).stderr


@pytest.mark.parametrize("cut", [0, 1, 3])
def test_payments_that_end_without_an_end_of_line_are_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "paid.csv"
    path.write_text(PAYMENTS[: len(PAYMENTS) - cut], "utf-8")
    with pytest.raises(Problems, match="may have been cut off"):
        read_payments(path)
    path.write_text(PAYMENTS + "\n", "utf-8")
    assert read_payments(path)[0]["amount"] == "12345.67"
