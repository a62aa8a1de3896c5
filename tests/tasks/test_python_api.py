"""The names that `import gep` gives: the page that describes them runs as it stands, and asking for none loads nothing."""

from __future__ import annotations

import doctest
import json
import re
import subprocess
import sys
import threading
from contextlib import chdir
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import ROOT

import gep
from gep.store.accounts import AccountHead
from gep.store.store import Store

PAGE = (ROOT / "docs" / "python.md").read_text("utf-8")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the code of the page leaves behind, run in a folder that has the inputs of the project."""
    folder = tmp_path_factory.mktemp("page")
    (folder / "inputs").symlink_to(ROOT / "inputs")
    names: dict[str, Any] = {"folder": folder}
    with chdir(folder):
        for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
            exec(compile(block, "docs/python.md", "exec"), names)
    return names


def test_the_page_runs_and_an_account_is_tables(page: dict[str, Any]) -> None:
    one, account = page["one"], page["account"]
    assert one.head.county == "361027"
    assert one.state == "draft"
    for table in (account.services, one.services, one.lines, one.inputs, one.used, page["pool"].parties):
        assert isinstance(table, pd.DataFrame)
        assert len(table)
    stored = one.services.set_index("service")["value"]
    computed = account.services.set_index("service")["value"]
    assert stored.dropna().to_dict() == computed.dropna().to_dict()
    assert set(one.inputs["address"].str.partition("/")[0]) == {"inputs"}
    assert page["why"].steps[0].value == pytest.approx(stored["water_conservation"], rel=1e-12)
    assert page["answer"].as_dicts() == [{"county": "361027", "gep": one.head.gep}]
    assert (page["folder"] / "outputs" / "report.html").read_text("utf-8").startswith("<!doctype html>")
    assert page["pool"].parties["received"].sum() > 0
    assert len(page["pool"].steps) == len(page["pool"].result.steps)


def test_what_is_wrong_is_raised_as_problems(page: dict[str, Any]) -> None:
    assert set(page["found"][0]) >= {"where", "found", "expected", "hint"}
    with pytest.raises(gep.Problems) as caught, chdir(page["folder"]):
        page["store"].account("金溪县", 1999)
    assert caught.value.as_dict() == {"problems": [one.as_dict() for one in caught.value.problems]}
    assert json.dumps(caught.value.as_dict())


def test_a_certificate_is_verified(page: dict[str, Any], tmp_path: Path) -> None:
    from gep.certificate.certificate import make_certificate, write_certificate_text

    with chdir(page["folder"]), page["store"] as store:
        text = write_certificate_text(make_certificate(store, page["one"].key))
    (tmp_path / "one.json").write_text(text, "utf-8")
    assert gep.verify(tmp_path / "one.json").differences == ()


def test_a_dict_of_an_account_has_what_its_columns_have(page: dict[str, Any]) -> None:
    with chdir(page["folder"]):
        head, shown = page["store"].accounts()[0], page["one"].as_dict()
        view = page["store"].ask("SELECT * FROM gep_account").as_dicts()[0]
    assert isinstance(head, AccountHead)
    assert view.items() <= head.as_dict().items()
    assert {"services", "roll_ups", "notices", "kept_from"} <= set(shown)
    assert "kept_from" not in head.as_dict()


def test_every_name_is_there_once_with_an_example(page: dict[str, Any]) -> None:
    assert set(gep.__all__) <= set(dir(gep))
    for name in gep.__all__:
        assert f"`{name}" in PAGE
        if name != "Problems":
            assert doctest.DocTestParser().get_examples(getattr(gep, name).__doc__), name
    with pytest.raises(AttributeError, match="no attribute 'nope'"):
        gep.nope  # noqa: B018 - the name alone must raise
    assert page["gep"] is gep


@pytest.mark.process
def test_nothing_heavy_is_loaded_before_it_is_asked_for() -> None:
    code = "import sys, gep; print([name for name in ('pandas', 'duckdb', 'numpy', 'click', 'pint') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_many_read_and_one_writes_in_threads_of_one_program(page: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / "gep.duckdb"
    runs, failures = [Store(path).save(page["account"]).run], []

    def read() -> None:
        try:
            for _ in range(10):
                assert len(Store(path).accounts()) == 1
        except Exception as error:  # noqa: BLE001 - told in the test's own thread
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for one in readers:
        one.start()
    runs += [Store(path).save(page["account"], "again").run for _ in range(2)]
    for one in readers:
        one.join()
    assert failures == []
    assert runs == [1, 2, 3]


def test_a_store_that_is_held_open_may_be_written_by_who_holds_it(page: dict[str, Any], tmp_path: Path) -> None:
    store = Store(tmp_path / "gep.duckdb")
    assert not store.exists
    store.save(page["account"])
    with store:
        assert store.accounts()[0].run == 1
        store.save(page["account"], "again")
        assert store.accounts()[0].run == 2
    with pytest.raises(RuntimeError, match="with store"):
        store.execute("SELECT 1")


def test_what_is_refused_inside_a_transaction_is_undone(page: dict[str, Any], tmp_path: Path) -> None:
    store = Store(tmp_path / "gep.duckdb")
    store.save(page["account"])
    key = store.find("361027", 2022)

    def sign_alone() -> None:
        with store.changing():
            store.sign(key, "submitted", "张三", "数据已核")
            store.sign(key, "approved", "张三", "自己批自己的")

    with pytest.raises(gep.Problems):
        sign_alone()
    assert store.account("361027", 2022).state == "draft"
