"""What is judged at once, for many people at the same time, is what each cell by itself would be judged."""

from __future__ import annotations

import random

from gep.office import judging
from gep.office.drafts import Cell


def test_limits_made_together_are_those_made_one_by_one() -> None:
    together = judging.list_limits(2023)
    assert len(together) > 400
    for key in random.Random(7).sample(sorted(together), 25):
        assert together[key] == judging._find_limits(2023, *key), key


def test_a_figure_inside_its_limits_is_right_and_one_outside_is_told() -> None:
    inside = Cell("precipitation", "全县", "1600", "mm")
    outside = Cell("precipitation", "全县", "160000", "mm")
    assert not judging.judge_cells("361027", 2023, [inside])
    assert judging.judge_cells("361027", 2023, [outside])[outside.key][0].grade == "A"
