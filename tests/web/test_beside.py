"""The command line beside a running server that is never idle: every writing command waits its turn and is done, or says in one sentence why not."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from conftest import Program
from platform_server import Server

from gep.cli import main
from gep.office.database import Office
from gep.office.journal import find_break
from gep.store.keeper import Keeper
from gep.store.store import Store
from gep.store.turns import find_mark, is_asked_for

FACTS = "inputs/jiangxi-transfers-example/basin_pool.csv"
READING = {
    "show",
    "list",
    "rank",
    "neighbours",
    "trace",
    "report",
    "history",
    "diff",
    "compare",
    "certificate",
    "verify",
    "uncertainty",
    "scenario",
    "review",
    "export",
    "query",
    "products alerts",
    "encumber list",
    "assets extent",
    "assets lots",
    "assets table",
    "assets value",
    "carbon flow",
    "scheme registered",
    "scheme show",
    "user list",
    "map",
}
NO_STORE = {
    "new",
    "check",
    "assets vep",
    "assets condition",
    "assets verify",
    "carbon change",
    "carbon project",
    "carbon stock",
    "damage equivalency",
    "damage settle",
    "damage treatment",
    "products acknowledge",
    "products form",
    "standards check",
    "standards diff",
    "standards new",
    "standards show",
    "rules",
    "coefficients",
    "variables",
    "scheme check",
    "scheme list",
    "scheme new",
    "indicators",
    "extract",
    "transitions",
    "cover",
    "erodibility",
    "nutrients",
    "sediment",
    "erosivity",
    "terrain",
    "serve",
    "restore",
}
"""Commands that open no store, or none that is there."""


@pytest.fixture
def server(kept_site: Path, tmp_path: Path) -> Iterator[tuple[Server, Path]]:
    for file in kept_site.glob("gep.*"):
        shutil.copy(file, tmp_path)
    made = Server(tmp_path / "gep.duckdb")
    yield made, tmp_path / "gep.duckdb"
    made.kill()


def list_writing(folder: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Return every command that writes, in an order in which each can be done; the first words are its name."""
    sign = ("361027", "2022", "--by")
    paper = ("--party", "甲公司", "--document", "合同")
    parcel = ("--county", "361027", "--parcel", "361027-1", "--from", "2025-01-01")
    carbon = {
        "project": "试点",
        "scheme": "ccer",
        "methodology": "CCER-14-001-V01",
        "vintage": 2024,
        "removal": "900 t_CO2",
        "baseline": "100 t_CO2",
        "leakage": "20 t_CO2",
        "buffer": "5 %",
        "additionality": "无补贴难以实施",
        "source": "核算报告",
    }
    (folder / "project.yaml").write_text(yaml.safe_dump(carbon, allow_unicode=True), "utf-8")
    files = {
        "form.csv": "product,kind,place,amount,unit,quality,season,department,evidence\n蜜桔,material,琉璃乡,1200,t,绿色食品,10-12,农业农村局,调查表 3\n",
        "series.csv": "variable,place,time,value,unit,source\ncodmn,金临渡,2023-05,6.4,mg/L,月报\n",
        "limits.yaml": "author: 局\nthresholds:\n- {id: level, variable: codmn, when: level > 6, unit: mg/L, basis: III 类}\n",
    }
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    limits = (str(folder / "series.csv"), "--thresholds", str(folder / "limits.yaml"), "--on", "2023-06-10")
    kept = ("--keep", "--by", "王五", "--county", "361027")
    return [
        ("run", ("inputs/361027-2022", "--reason", "改正")),
        ("standards choose", ("ndrc-2022",)),
        ("submit", (*sign, "张三", "--note", "数据齐全的部分先行提交")),
        ("return", (*sign, "李四", "--note", "请补充")),
        ("submit", (*sign, "张三", "--note", "已说明")),
        ("approve", (*sign, "李四", "--note", "已核对")),
        ("scheme register", ("jx-basin-pool", "--by", "钱七")),
        ("compensate", ("jx-basin-pool", "2016", "--inputs", FACTS, "--post", "--by", "钱七")),
        ("transfers", ("--confirm", "1", "--by", "孙八")),
        ("encumber add", ("pledged", *parcel, *paper)),
        ("encumber release", ("1", "--on", "2025-06-01", *paper)),
        ("carbon register", (str(folder / "project.yaml"), "sold", "--tonnes", "1-700", "--from", "2025-03-01", *paper)),
        ("products catalogue", (str(folder / "form.csv"), "--year", "2023", *kept)),
        ("products series", (str(folder / "series.csv"), *kept)),
        ("products watch", (*limits, *kept)),
        ("products seen", ("ALERT", "--by", "李四", "--note", "已核查")),
        ("user add", ("neu", "--role", "viewer", "--shown", "新人", "--place", "360000")),
        ("user reset", ("neu",)),
        ("user close", ("neu",)),
        ("backup", (str(folder / "backups"),)),
    ]


SAME_WAY = {"assets register", "assets sales", "assets quota"}
"""They enter the register as `encumber add` does, by the same function."""


def list_commands(group: click.Group, before: str = "") -> Iterator[str]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from list_commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def test_every_writing_command_is_done_beside_a_server_that_is_never_idle(
    server: tuple[Server, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, store = server
    monkeypatch.setenv("GEP_WAIT", "120")
    writing = list_writing(tmp_path)
    known = {name for name, _ in writing} | SAME_WAY | READING | NO_STORE
    assert sorted(set(list_commands(main)) ^ known) == []
    session = real.log_in("zhao")
    ends, failed = threading.Event(), []

    def read() -> None:
        while not ends.wait(0.02):
            status, _, _ = real.ask("GET", "/361027/2022/result", Cookie=session["Cookie"])
            if status != 200:
                failed.append(status)

    reader = threading.Thread(target=read)
    reader.start()
    gep = Program(str(store))
    try:
        for name, words in writing:
            given = words
            if name == "products seen":
                (alert,) = json.loads(gep("products", "alerts", "--store", str(store), "--format", "json").stdout)
                given = (alert["alert"], *words[1:])
            done = gep.try_out(*name.split(), *given, "--store", str(store), "--lang", "en")
            assert done.returncode == 0, (name, done.stdout, done.stderr)
        refused = gep("restore", str(next((tmp_path / "backups").iterdir())), "--store", str(store), "--lang", "en", code=2)
        assert "something stands here already" in refused.stderr
    finally:
        ends.set()
        reader.join()
    assert not failed
    with Store(store) as opened:
        assert opened.account("361027", 2022).head.state == "approved"
    office = Office(store)
    assert find_break(office) is None
    office.close()
    gep("verify", "--store", str(store))


def test_a_command_that_waits_too_long_says_so_in_one_sentence(
    jinxi: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEP_WAIT", "1")
    store = Path(shutil.copy(jinxi, tmp_path / "gep.duckdb"))
    keeper = Keeper(store)
    try:
        with keeper.read():
            gep = Program(str(store), process=True)
            done = gep("submit", "361027", "2022", "--by", "张三", "--note", "x", "--store", str(store), "--lang", "en", code=2)
    finally:
        keeper.close()
    assert "has held the store for 1 seconds" in done.stderr


def test_who_waits_for_a_busy_server_is_let_in_by_its_mark_and_leaves_none(
    jinxi: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gep.store.keeper.TURN", 1000.0)
    monkeypatch.setenv("GEP_WAIT", "120")
    store = Path(shutil.copy(jinxi, tmp_path / "gep.duckdb"))
    keeper, ends = Keeper(store), threading.Event()

    def keep_busy() -> None:
        while not ends.wait(0.005):
            keeper.store().head()

    busy = threading.Thread(target=keep_busy)
    busy.start()
    try:
        gep = Program(str(store), process=True)
        gep("submit", "361027", "2022", "--by", "张三", "--note", "x", "--store", str(store), "--lang", "en")
    finally:
        ends.set()
        busy.join()
        keeper.close()
    assert not find_mark(store).exists()


def test_a_mark_of_a_program_that_was_stopped_is_not_heeded(tmp_path: Path) -> None:
    mark = find_mark(tmp_path / "gep.duckdb")
    mark.touch()
    assert is_asked_for(tmp_path / "gep.duckdb")
    os.utime(mark, (0, 0))
    assert not is_asked_for(tmp_path / "gep.duckdb")
    assert not mark.exists()
