"""Outgrowing one machine: the same bytes from threads and Dask, killed workers, and memory that stays below its bound."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from conftest import ROOT, Program
from spaces import ALBERS, write_crosswalk, write_raster, write_zones

from gep.messages.problems import Problems
from gep.space.mapping import make_maps

SIDE = 1700


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("country")
    rng = np.random.default_rng(2)
    shape = (SIDE, SIDE)
    write_raster(folder / "land.tif", rng.integers(1, 3, shape).astype(np.uint8), nodata=255, step=30.0, tiled=True)
    for name, low in (("precipitation", 1500), ("evapotranspiration", 700)):
        write_raster(folder / f"{name}.tif", rng.uniform(low, low + 300, shape).astype(np.float32), step=30.0, tiled=True)
    wide = SIDE * 30.0
    cut = [(0, 0), (20_000, -20_001), (31_000, -wide)]
    write_zones(
        folder / "zones.gpkg",
        {"360725": shapely.Polygon([*cut, (0, -wide)]), "360724": shapely.Polygon([*cut[::-1], (wide, 0), (wide, -wide)])},
    )
    write_crosswalk(folder / "classes.csv", {1: "evergreen_broadleaf_forest", 2: "tussock"})
    return folder


def mapped(country: Path, output: Path, **more: object) -> dict[str, bytes]:
    make_maps(
        country / "land.tif",
        country / "zones.gpkg",
        ["water_conservation"],
        output,
        2022,
        classes=str(country / "classes.csv"),
        drivers=[f"{name}[mm/yr]={country / name}.tif" for name in ("precipitation", "evapotranspiration")],
        memory=768,
        pictures=False,
        **more,  # type: ignore[arg-type]
    )
    return {path.name: path.read_bytes() for path in output.iterdir()}


@pytest.fixture(scope="module")
def by_threads(country: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return mapped(country, tmp_path_factory.mktemp("threads"))


ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}


def start_worker(folder: Path) -> subprocess.Popen[bytes]:
    """A worker of the scheduler whose file lies in a folder."""
    worker = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        "--scheduler-file",
        str(folder / "scheduler.json"),
        "--nthreads",
        "1",
        "--no-nanny",
        "--no-dashboard",
        "--local-directory",
        str(folder),
    ]
    return subprocess.Popen(worker, env=ENVIRONMENT, stderr=subprocess.DEVNULL)


@contextmanager
def started_by_hand(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A Dask scheduler and workers as processes of their own on loopback, as an administrator starts them."""
    dask = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
        "--scheduler-file",
        str(folder / "scheduler.json"),
    ]
    processes = [subprocess.Popen(dask, env=ENVIRONMENT, stderr=subprocess.DEVNULL)]
    try:
        _wait(lambda: (folder / "scheduler.json").exists() and (folder / "scheduler.json").stat().st_size > 0)
        processes += [start_worker(folder) for _ in range(workers)]
        import json

        address = json.loads((folder / "scheduler.json").read_text("utf-8"))["address"]
        yield address, processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _wait(ready: object, seconds: float = 60) -> None:
    for _ in range(int(seconds * 10)):
        if ready():  # type: ignore[operator]
            return
        time.sleep(0.1)
    raise TimeoutError


def wait_for_workers(address: str, count: int) -> None:
    from distributed import Client

    with Client(address, set_as_default=False) as client:  # type: ignore[no-untyped-call]
        client.wait_for_workers(count, timeout=60)


def test_a_cluster_of_processes_gives_the_same_bytes(country: Path, by_threads: dict[str, bytes], tmp_path: Path) -> None:
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1") as cluster:  # type: ignore[no-untyped-call]
        assert mapped(country, tmp_path / "out", scheduler=cluster.scheduler_address) == by_threads
    assert len(by_threads) == 6


def test_a_worker_killed_in_the_middle_loses_and_doubles_nothing(
    country: Path, by_threads: dict[str, bytes], tmp_path: Path
) -> None:
    seen: list[str] = []
    with started_by_hand(tmp_path, 2) as (address, (_, *workers)):
        wait_for_workers(address, 2)

        def progress(stage: str) -> None:
            if stage.startswith("block"):
                seen.append(stage)
            if len(seen) == 3 and workers[0].poll() is None:
                workers[0].send_signal(signal.SIGKILL)
                workers[0].wait()

        assert mapped(country, tmp_path / "out", scheduler=address, progress=progress) == by_threads
        assert workers[0].returncode == -signal.SIGKILL
    assert seen == [f"block {at} of {len(seen)}" for at in range(1, len(seen) + 1)]
    assert len(seen) > 8


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("tcp://127.0.0.1:9", "no Dask scheduler answers at tcp://127.0.0.1:9"),
        ("http://here:1", "the address is 'http://here:1'"),
    ],
)
def test_no_scheduler_is_one_message(gep: Program, country: Path, tmp_path: Path, address: str, said: str) -> None:
    told = gep(
        "map",
        "--land-cover",
        str(country / "land.tif"),
        "--zones",
        str(country / "zones.gpkg"),
        "--classes",
        str(country / "classes.csv"),
        "--driver",
        f"precipitation[mm/yr]={country / 'precipitation.tif'}",
        "--driver",
        f"evapotranspiration[mm/yr]={country / 'evapotranspiration.tif'}",
        "--service",
        "water_conservation",
        "--year",
        "2022",
        "--scheduler",
        address,
        "-o",
        str(tmp_path / "out"),
        code=2,
    ).stderr
    assert f"--scheduler: {said}" in told
    assert "Traceback" not in told
    assert not list((tmp_path / "out").glob("*"))


def test_a_cluster_says_of_a_broken_raster_and_of_no_worker_what_threads_say(
    country: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in country.iterdir():
        shutil.copy(path, tmp_path / path.name)
    rain = tmp_path / "precipitation.tif"
    rain.write_bytes(rain.read_bytes()[: rain.stat().st_size // 2])
    said = []
    with started_by_hand(tmp_path, 1) as (address, (_, *workers)):
        wait_for_workers(address, 1)
        for scheduler in (None, address):
            with pytest.raises(Problems) as caught:
                mapped(tmp_path, tmp_path / "out", scheduler=scheduler)
            said.append(str(caught.value))
        assert "precipitation.tif: rows" in said[0]
        assert said[0] == said[1]
        assert not (tmp_path / "out").exists()
        workers[0].kill()
        workers[0].wait()
        monkeypatch.setattr("gep.space.raster.cluster.PATIENCE", 1.0)
        with pytest.raises(Problems, match="has no worker"):
            mapped(country, tmp_path / "out", scheduler=address)


def test_a_cluster_that_breaks_down_is_one_sentence_and_the_next_call_goes_on(
    country: Path, by_threads: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gep.space.raster.cluster.PATIENCE", 4.0)
    kept = tmp_path / "out.unfinished-blocks"
    with started_by_hand(tmp_path, 1) as (address, processes):
        wait_for_workers(address, 1)
        seen: list[str] = []

        def kill(which: int) -> Callable[[str], None]:
            def progress(stage: str) -> None:
                seen.append(stage)
                if stage.startswith("block 4 ") and processes[which].poll() is None:
                    processes[which].send_signal(signal.SIGKILL)
                    processes[which].wait()

            return progress

        with monkeypatch.context() as here:
            here.setattr("gep.space.raster.cluster.digest_program", lambda: "another")
            with pytest.raises(Problems, match="has another version of gep"):
                mapped(country, tmp_path / "out", scheduler=address)
        with monkeypatch.context() as here:
            here.chdir(country)  # the worker started elsewhere
            here.setattr("gep.space.raster.cluster._list_files", lambda _: {"/proc/self/cwd/land.tif"})
            with pytest.raises(Problems, match=r"does not see .*land.tif, or sees other ones"):
                mapped(country, tmp_path / "out", scheduler=address)
        with monkeypatch.context() as here:

            def change(stage: str) -> None:
                if stage.startswith("block 3 "):
                    here.setattr("gep.space.raster.cluster.digest_program", lambda: "another")

            with pytest.raises(Problems, match="has another version of gep"):  # as of one that came during the run
                mapped(country, tmp_path / "frozen", scheduler=address, progress=change)

        def freeze(stage: str) -> None:
            if stage.startswith("block 3 "):
                processes[1].send_signal(signal.SIGSTOP)

        with pytest.raises(Problems, match=r"all workers of .* are gone"):  # cut off: the scheduler lists it for minutes
            mapped(country, tmp_path / "frozen", scheduler=address, progress=freeze)
        processes[1].send_signal(signal.SIGCONT)
        with pytest.raises(Problems, match=r"all workers of .* are gone") as caught:
            mapped(country, tmp_path / "out", scheduler=address, progress=kill(1))
        done = len(list(kept.iterdir()))
        assert done >= 3
        assert f"{done} finished blocks are kept in" in str(caught.value)
        assert not (tmp_path / "out").exists()
        processes.append(start_worker(tmp_path))
        wait_for_workers(address, 1)
        assert mapped(country, tmp_path / "out", scheduler=address) == by_threads
        assert not kept.exists()
        with pytest.raises(Problems, match=r"scheduler at .* is gone"):
            mapped(country, tmp_path / "second", scheduler=address, progress=kill(0))


ALLOWED = 768
"""Megabytes of data the process may have; the layers of the raster below take 1,088."""


def test_memory_stays_below_a_limit_that_the_raster_exceeds(tmp_path: Path) -> None:
    side = 8000
    for name, dtype, value in (("land", "uint8", 1), ("precipitation", "float32", 1600), ("evapotranspiration", "float32", 800)):
        with rasterio.open(
            tmp_path / f"{name}.tif",
            "w",
            driver="GTiff",
            width=side,
            height=side,
            count=1,
            dtype=dtype,
            crs=ALBERS,
            transform=rasterio.Affine(30, 0, 0, 0, -30, 0),
            tiled=True,
            blockxsize=512,
            blockysize=512,
            compress="deflate",
        ) as file:
            strip = np.full((512, side), value, dtype=dtype)
            for row in range(0, side, 512):
                file.write(strip[: side - row], 1, window=((row, min(side, row + 512)), (0, side)))
    wide = side * 30.0
    write_zones(
        tmp_path / "zones.gpkg",
        {"360725": shapely.box(0, -wide, wide / 3 + 11, 0), "360724": shapely.box(wide / 3 + 11, -wide, wide, 0)},
    )
    write_crosswalk(tmp_path / "classes.csv", {1: "tussock"})
    assert side * side * (1 + 4 * 4) > ALLOWED * 1.4e6

    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_DATA, (ALLOWED << 20, ALLOWED << 20))

    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "gep",
            "map",
            "--land-cover",
            str(tmp_path / "land.tif"),
            "--zones",
            str(tmp_path / "zones.gpkg"),
            "--classes",
            str(tmp_path / "classes.csv"),
            "--driver",
            f"precipitation[mm/yr]={tmp_path / 'precipitation.tif'}",
            "--driver",
            f"evapotranspiration[mm/yr]={tmp_path / 'evapotranspiration.tif'}",
            "--service",
            "water_conservation",
            "--year",
            "2022",
            "--memory",
            str(ALLOWED),
            "--threads",
            "2",
            "--no-pictures",
            "-o",
            str(tmp_path / "out"),
        ],
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
        timeout=400,
    )
    assert done.returncode == 0, done.stderr
    area = side * side * 30 * 30
    volume = area * (1600 * (1 - 0.0387) - 800) / 1000
    assert f"water_conservation.volume.quantity: {volume / 1e9:,.2f} bn m³/yr" in done.stdout, done.stdout
