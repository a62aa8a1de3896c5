"""After a run, what its pages will show is there before anybody asks; what is read while another writes is never kept as the new state."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from platform_site import Platform

from gep.store.keeper import Keeper
from gep.store.kept import Kept
from gep.store.newest import read_newest
from gep.store.signing import SUBMITTED
from gep.web.app import ROUTES
from gep.web.warming import open_pages


def cells(*several: tuple[str, str, str, str]) -> dict[str, object]:
    fixed = {"source": "站网年报", "note": "", "version": 0}
    return {"cells": [{**dict(zip(("variable", "member", "value", "unit"), one, strict=True)), **fixed} for one in several]}


def test_what_pages_show_of_a_new_account_is_computed_beside_them(platform: Platform) -> None:
    accountant, reviewer = platform.visit("zhang"), platform.visit("wang")
    climate = cells(("precipitation", "全县", "1600", "mm"), ("evapotranspiration", "全县", "700", "mm"))
    accountant.send("/361027/2023/form/气象局/cells", climate)
    accountant.send("/361027/2023/form/自然资源局/cells", cells(("area", "常绿阔叶林", "100", "km²")))
    assert accountant.post("/361027/2023/run").status_code == 303
    site = platform.app.state.site
    store = site.keeper.store()
    before, now = (read_newest(store)["361027", year][-1].key for year in (2022, 2023))
    until = time.monotonic() + 60
    while (str(store.path), before, now, "uncertainty") not in site.kept and time.monotonic() < until:
        time.sleep(0.05)
    assert (str(store.path), before, now) in site.kept
    assert (str(store.path), before, now, "uncertainty") in site.kept
    for page in ("2023/review", "compare", "2023/uncertainty"):
        assert reviewer.get(f"/361027/{page}").status_code == 200


@pytest.mark.parametrize("there", [True, False])
def test_pages_are_opened_once_before_anybody_asks_and_change_nothing(
    platform: Platform, tmp_path: Path, caplog: pytest.LogCaptureFixture, *, there: bool
) -> None:
    site = platform.app.state.site
    if not there:
        site = replace(site, keeper=Keeper(tmp_path / "none.duckdb"))
    before = site.keeper.find_state(), site.office.rows("SELECT count(*) FROM journal")
    opened = sum(1 for _ in open_pages(site, ROUTES))
    assert opened > (30 if there else 25)
    assert not caplog.records
    assert (site.keeper.find_state(), site.office.rows("SELECT count(*) FROM journal")) == before
    assert any("rebuilt" in str(key) for key in site.keeper._large._found) == there
    if not there:
        site.keeper.close()


def test_an_answer_of_an_old_state_is_not_kept_for_the_new_one(jinxi: Path, tmp_path: Path) -> None:
    keeper = Keeper(Path(shutil.copy(jinxi, tmp_path / "gep.duckdb")))
    try:
        old, other = keeper.store(), keeper.store()
        key = read_newest(other)["361027", 2022][-1].key
        with old:
            old.find("361027", 2022)  # it sees the store as it is now
            other.sign(key, SUBMITTED, "张三", "数据齐全的部分先行提交")
            assert old.read(key).head.state == "draft"
            assert read_newest(old)["361027", 2022][-1].state == "draft"
        assert read_newest(other)["361027", 2022][-1].state == SUBMITTED
        assert keeper.store().read(key).head.state == SUBMITTED
        with other.changing() as writing:
            assert writing.read(key).head.state == SUBMITTED
    finally:
        keeper.close()


def test_what_is_prepared_waits_while_somebody_is_answered(platform: Platform) -> None:
    ahead, done, ended = platform.app.state.site.ahead, list[int](), threading.Event()

    def work() -> Iterator[None]:
        for at in range(3):
            done.append(at)
            yield
        ended.set()

    with ahead.visited():
        ahead.take(work())
        time.sleep(0.3)
        assert done == [0]
    assert ended.wait(30)
    assert done == [0, 1, 2]


def test_of_several_who_ask_for_the_same_answer_one_makes_it() -> None:
    kept, made, given = Kept(), list[int](), list[int]()

    def make() -> int:
        time.sleep(0.1)
        made.append(1)
        return 7

    threads = [threading.Thread(target=lambda: given.append(kept.find("key", make))) for _ in range(20)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert (given, len(made)) == ([7] * 20, 1)


def test_who_waits_for_an_answer_that_fails_or_takes_too_long_makes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gep.store.kept.WAITED_FOR", 0.05)
    kept, begun, ends = Kept(), threading.Event(), threading.Event()

    def fail() -> int:
        begun.set()
        ends.wait(30)
        raise ValueError("it fails")

    def ask() -> None:
        with pytest.raises(ValueError, match="it fails"):
            kept.find("key", fail)

    slow = threading.Thread(target=ask)
    slow.start()
    begun.wait(30)
    assert kept.find("key", lambda: 8) == 8
    ends.set()
    slow.join()
    assert kept.find("key", lambda: 9) == 8
