"""Every way to compute a service against the arithmetic of an auditor, on an invented county, through the public path."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import pytest
import yaml
from by_hand import COUNTY, HAND, ROWS, YEAR

from gep.rules.catalogue import SERVICES, rules_of
from gep.tasks.run import run_account

COLUMNS = ("county", "year", "variable", "ecosystem", "pollutant", "product", "value", "unit", "source", "note")


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("hand") / "inputs.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for variable, ecosystem, pollutant, product, value, unit in ROWS:
            writer.writerow((COUNTY, YEAR, variable, ecosystem, pollutant, product, value, unit, "invented", ""))
    return path


@cache
def _standard(folder: Path, at: int) -> Path:
    service, variants, more, _ = HAND[at]
    of_service = {rule.id for rule in rules_of(SERVICES[service])}
    said = {"mark": "K", "variants": variants, **{name: list(members) for name, members in more.items()}}
    text = {
        "id": f"hand-{at}",
        "title": {"zh": "手算", "en": "By hand"},
        "source": "this-project",
        "mark": "K",
        "services": {service: said},
    }
    assert set(variants) <= of_service
    path = folder / f"{at}.yaml"
    path.write_text(yaml.safe_dump(text, allow_unicode=True), "utf-8")
    return path


@pytest.mark.parametrize("at", range(len(HAND)), ids=[f"{one[0]}-{'-'.join(one[1].values())}" for one in HAND])
def test_a_service_is_worth_what_paper_says(figures: Path, at: int) -> None:
    service, _, _, expected = HAND[at]
    found = run_account([figures], str(_standard(figures.parent, at))).services
    row = found[found["service"] == service].iloc[0]
    assert row["status"] == "accounted", row["missing"]
    assert row["value"] == pytest.approx(expected, rel=1e-9)
