"""Schemes that must be refused, each with the exact message; a message is an interface."""

from __future__ import annotations

import os

import pytest
from click.testing import CliRunner
from conftest import ROOT, Program

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


def test_the_program_refuses_all_files_at_once(gep: Program) -> None:
    done = gep(
        "scheme", "check", "tests/wrong_schemes/negative_pool/scheme.yaml", "tests/wrong_schemes/not_yaml/scheme.yaml", code=2
    )
    assert "negative_pool/scheme.yaml:18" in done.stderr
    assert "not_yaml/scheme.yaml:14" in done.stderr
    assert done.stderr.endswith("2 problems\n")
