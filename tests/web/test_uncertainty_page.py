"""The page of an account's band says what the command computes."""

from __future__ import annotations

from pathlib import Path

from platform_site import Platform, words_of

from gep.store.store import Store
from gep.tasks.uncertainty import find_uncertainty


def test_the_page_has_the_bands_of_the_command(platform: Platform, jinxi: Path) -> None:
    viewer = platform.visit("wu")
    answer = viewer.get("/361027/2022/uncertainty?lang=zh")
    assert answer.status_code == 200
    store = Store(jinxi)
    found = find_uncertainty(store, store.find("361027", 2022), 1000, 1)
    for share in (0.05, 0.5, 0.95):
        assert f"{found.total.quantiles[share] / 1e8:,.4f}" in words_of(answer)
    assert f"{found.numbers} 个有影响的数值中 {found.parameters} 个有已知范围" in words_of(answer)
    assert "/361027/2022/uncertainty" in viewer.get("/361027/2022/result").text
