"""Lines that count only where a standard names them, and usual ways where it names none."""

from __future__ import annotations

from pathlib import Path

import pytest
from languages import check_both

from gep.messages.problems import Problems
from gep.rules.catalogue import SERVICES
from gep.standards.plan import make_plan
from gep.standards.standard import list_shipped_standards, load_standard

HEAD = "id: mine\ntitle: {zh: 我, en: mine}\nsource: this-project\nmark: V\nservices:\n"


def refused(text: str, folder: Path) -> str:
    """What is said of a standard, which is whole in both languages."""
    path = folder / "mine.yaml"
    path.write_text(HEAD + text, "utf-8")
    with pytest.raises(Problems) as caught:
        load_standard(str(path))
    check_both(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", list_shipped_standards())
def test_no_shipped_standard_counts_a_second_way_to_value_a_thing(name: str) -> None:
    counted = {line.id for part in make_plan(load_standard(name)).counted.values() for line in part.lines}
    named = {line.id for service in SERVICES.values() for line in service.lines if line.named_only}
    assert len(named) > 8
    assert not counted & named


@pytest.mark.parametrize(
    ("service", "lines"),
    [
        ("hydropower", "hydropower.generation, hydropower.rent"),
        ("soil_retention", "soil_retention.silt, soil_retention.nitrogen, soil_retention.nitrogen_fertiliser"),
        ("climate_regulation", "climate_regulation.evaporation, climate_regulation.cooling"),
    ],
)
def test_a_standard_that_counts_one_thing_in_two_ways_is_refused(service: str, lines: str, tmp_path: Path) -> None:
    text = f"  {service}:\n    mark: V\n    lines: [{lines}]\n"
    first, second = lines.rsplit(", ", 1)
    said = refused(text, tmp_path)
    assert f"mine.yaml:8: {service} counts one thing twice: {second} and {first.rsplit(', ', 1)[-1]}" in said


def test_a_service_whose_lines_must_be_named_is_refused_without_any(tmp_path: Path) -> None:
    assert "mine.yaml:6: other_material has no line of its own to count" in refused("  other_material: {mark: V}\n", tmp_path)


def test_runoff_goes_by_measurement_or_coefficient_unless_a_standard_says_otherwise() -> None:
    assert load_standard("ndrc-2022").variant_of("water_conservation.runoff") == "measured_or_coefficient"
