"""A platform on a store of an older program: the first page that is asked for brings it up to date."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT
from platform_site import Platform, make_site, words_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("version", [1, 11])
def test_pages_of_an_older_store_open(version: int, tmp_path: Path) -> None:
    old = tmp_path / "old.duckdb"
    old.write_bytes(gzip.decompress((ROOT / f"tests/kept/stores/version-{version}.duckdb.gz").read_bytes()))
    platform = Platform(make_site(old, tmp_path))
    viewer = platform.visit("zhou")
    for url in ("/", "/review", "/province/360000", "/money", "/361027/2022"):
        answer = viewer.get(url)
        assert answer.status_code == 200, (url, words_of(answer))
    platform.close()
