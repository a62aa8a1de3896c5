"""A folder belongs to one run: everything or nothing, whoever is killed when; stale files go, others' files stay."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import ROOT

from gep.files.run_folder import write_run_folder
from gep.files.writing import describe_unwritable
from gep.messages.problems import Problems

SLOW = """
import sys, time
from pathlib import Path
from gep.files.run_folder import write_run_folder
with write_run_folder(Path(sys.argv[1]), ["a.tif"], "maps") as folder:
    (folder / "a.tif").write_text("new")
    print("begun", flush=True)
    time.sleep(60)
"""


def write(folder: Path, **files: str) -> None:
    names = [f"{name}.csv" for name in files]
    with write_run_folder(folder, names, "maps") as place:
        for name, text in files.items():
            (place / f"{name}.csv").write_text(text, "utf-8")


def test_files_of_the_run_before_go_and_others_stay(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "out"
    write(folder, a="1", b="2")
    (folder / "mine.txt").write_text("mine", "utf-8")
    write(folder, a="3")
    assert {one.name: one.read_text("utf-8") for one in folder.iterdir() if one.suffix != ".json"} == {
        "a.csv": "3",
        "mine.txt": "mine",
    }
    assert json.loads((folder / "map.json").read_text("utf-8")) == {"files": ["a.csv"]}


def test_a_stale_file_that_somebody_changed_stays(tmp_path: Path) -> None:
    write(tmp_path, a="1", b="2")
    (tmp_path / "b.csv").write_text("changed", "utf-8")
    write(tmp_path, a="3")
    assert (tmp_path / "b.csv").read_text("utf-8") == "changed"


def test_a_run_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    write(tmp_path / "out", a="1")
    with pytest.raises(TypeError):
        write(tmp_path / "out", a="2", b=None)  # type: ignore[arg-type]
    assert (tmp_path / "out" / "a.csv").read_text("utf-8") == "1"
    assert sorted(one.name for one in (tmp_path / "out").iterdir()) == ["a.csv", "map.json"]
    with pytest.raises(TypeError):
        write(tmp_path / "new", b=None)  # type: ignore[arg-type]
    assert not (tmp_path / "new").exists()


def test_a_file_of_somebody_else_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("mine", "utf-8")
    with pytest.raises(Problems, match="was not made by this command"):
        write(tmp_path, a="1")
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]


def started(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "begun\n"
    return process


def wait_until_tidy(folder: Path) -> list[str]:
    for _ in range(200):
        found = sorted(one.name for one in folder.iterdir())
        if not any("unfinished" in name for name in found):
            return found
        time.sleep(0.05)
    return found


def test_a_full_disk_names_the_file_and_not_the_folder_it_is_made_in(tmp_path: Path) -> None:
    with pytest.raises(Problems) as caught, write_run_folder(tmp_path / "out", ["a.csv"], "maps") as folder:
        raise describe_unwritable(folder / "a.csv", "table", "No space left on device")
    assert f"{tmp_path}/out/a.csv: the table cannot be written: No space left on device" in str(caught.value)
    assert not (tmp_path / "out" / "a.csv").exists()


def test_two_runs_never_write_into_one_folder_and_a_killed_one_leaves_nothing(tmp_path: Path) -> None:
    write(tmp_path, a="1")
    process = started(tmp_path)
    with pytest.raises(Problems, match="another run is writing into this folder"):
        write(tmp_path, a="2")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()
    assert wait_until_tidy(tmp_path) == ["a.csv", "map.json"]
    assert (tmp_path / "a.csv").read_text("utf-8") == "1"
    write(tmp_path, a="2")
    assert (tmp_path / "a.csv").read_text("utf-8") == "2"


def test_what_was_whole_when_a_run_was_killed_takes_its_names(tmp_path: Path) -> None:
    write(tmp_path, a="1", old="1")
    left = tmp_path / "unfinished-x"
    left.mkdir()
    (left / "a.csv").write_text("2", "utf-8")
    (left / "ready").write_text("old.csv", "utf-8")
    write(tmp_path, b="3")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.csv", "b.csv", "map.json"]
