"""The classes of the land survey as ecosystem types: by hand."""

from __future__ import annotations

from fractions import Fraction

from gep.reference.crosswalk import read_crosswalk
from gep.reference.survey_types import SURVEY, turn_into_types


def test_classes_add_up_to_types_and_wholes_are_counted_once() -> None:
    areas = {"01": "30.5", "0101": "20.25", "0103": "10.25", "0201": "1", "0202": "2.5", "0307K": "4", "99": "7"}
    found = turn_into_types(read_crosswalk(SURVEY), {code: Fraction(area) for code, area in areas.items()})
    assert {one.ecosystem: str(float(one.area)) for one in found.types} == {
        "paddy": "20.25",
        "dry_cropland": "10.25",
        "orchard": "3.5",
        "sparse_forest": "4.0",
    }
    assert [(one.code, one.area, one.parts) for one in found.wholes] == [("01", Fraction("30.5"), Fraction("30.5"))]
    assert found.unknown == ("99",)


def test_a_class_with_a_type_keeps_what_is_not_below_it() -> None:
    crosswalk = read_crosswalk(SURVEY)
    found = turn_into_types(crosswalk, {"0810": Fraction(5), "0810A": Fraction(2)})
    assert {one.ecosystem: one.area for one in found.types} == {"urban_green": 3, "residential": 2}
    assert not found.wholes
    found = turn_into_types(crosswalk, {"0810": Fraction(2), "0810A": Fraction(3)})
    assert [(one.code, one.area, one.parts) for one in found.wholes] == [("0810", Fraction(2), Fraction(3))]
