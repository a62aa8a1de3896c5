"""Schemes that must be refused, each with the exact message; a message is an interface."""

from __future__ import annotations

import os

import pytest
from click.testing import CliRunner
from conftest import ROOT, Program
from languages import HAN, left_in_english

from gep.cli import main

WRONG = ROOT / "tests" / "wrong_schemes"
NAMES = sorted(path.name for path in WRONG.iterdir() if path.is_dir())


def test_there_are_forty_kinds() -> None:
    assert len(NAMES) >= 40


@pytest.mark.parametrize("name", NAMES)
def test_wrong_scheme_gets_its_message(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    files = sorted(path.relative_to(ROOT).as_posix() for path in (WRONG / name).glob("*.yaml"))
    done = CliRunner().invoke(main, ["scheme", "check", *files])
    assert done.exit_code == 2, done.output
    message = WRONG / name / "message.txt"
    if os.environ.get("REWRITE_MESSAGES"):
        message.write_text(done.stderr, "utf-8")
    assert done.stderr == message.read_text("utf-8")
    assert done.stdout == ""
    monkeypatch.setenv("GEP_LANG", "zh")
    chinese = CliRunner().invoke(main, ["scheme", "check", *files]).stderr
    assert left_in_english(chinese) == []
    assert len(HAN.findall(chinese)) > 6


def test_the_program_refuses_all_files_at_once(gep: Program) -> None:
    done = gep(
        "scheme", "check", "tests/wrong_schemes/negative_pool/scheme.yaml", "tests/wrong_schemes/not_yaml/scheme.yaml", code=2
    )
    assert "negative_pool/scheme.yaml:18" in done.stderr
    assert "not_yaml/scheme.yaml:14" in done.stderr
    assert done.stderr.endswith("2 problems\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("compensate", "nope", "2016"), "补偿办法：没有补偿办法“nope”\n  应为  下列之一："),
        (("compensate", "jx-basin-pool", "1999"), "jx-basin-pool 没有适用于 1999 年的版本\n  应为  其各版本施行的年份："),
        (("compensate", "jx-basin-pool", "2016", "--what-if", "w"), "--what-if: “w”不是假设\n  应为  名称=数值（小数）"),
        (("scheme", "show", "nope"), "没有补偿办法“nope”"),
        (("transfers", "-q", "99"), "--question: 没有问题“99”\n  应为  1 至 19，或名称"),
    ],
)
def test_questions_of_schemes_are_refused_in_chinese(
    arguments: tuple[str, ...], said: str, gep: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEP_LANG", "zh")
    refused = gep(*arguments, code=2).stderr
    assert said in refused
    assert left_in_english(refused) == []
