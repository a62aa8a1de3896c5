"""Records are frozen dataclasses as Python makes them: the same fields, equality, hash, print, refusals and copies."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import dataclass, field
from typing import Any

import pytest

from gep.records import make_frozen


class Base:
    """Figures of every kind that a record has."""

    name: str
    price: float = 1.5
    rows: list[int] = field(default_factory=list)
    shown: int = field(default=3, compare=False, repr=False)

    @property
    def twice(self) -> float:
        return 2 * self.price


class Single:
    value: float


class Bare:
    pass


def copy_class(kind: type) -> type:
    body = {name: one for name, one in vars(kind).items() if name not in {"__dict__", "__weakref__"}}
    return type(kind.__name__, kind.__bases__, body)


Ours: Any = make_frozen(copy_class(Base), eq=True)
Theirs: Any = dataclass(frozen=True)(copy_class(Base))


class Below(Ours):  # type: ignore[misc]
    more: int = 0

    def __post_init__(self) -> None:
        self.rows.append(self.more)

    def __repr__(self) -> str:
        return "below"

    def __hash__(self) -> int:
        return 7


make_frozen(Below, eq=True)


def test_a_record_is_what_python_makes_of_the_same_class() -> None:
    assert [(one.name, one.type) for one in dataclasses.fields(Ours)] == [
        (one.name, one.type) for one in dataclasses.fields(Theirs)
    ]
    for given, named in ((("a",), {}), (("a", 2.0, [1], 5), {}), ((), {"name": "b", "shown": 9})):
        ours, theirs = Ours(*given, **named), Theirs(*given, **named)
        assert vars(ours) == vars(theirs)
        assert (repr(ours), dataclasses.asdict(ours), ours.twice) == (repr(theirs), dataclasses.asdict(theirs), theirs.twice)
        assert ours == Ours(*given, **named) == dataclasses.replace(ours, shown=8) == copy.deepcopy(ours)
        assert ours != dataclasses.replace(ours, name="c")
        assert ours != theirs
    assert Ours("a").rows is not Ours("a").rows
    assert Ours.__match_args__ == Theirs.__match_args__
    assert (Ours.price, hasattr(Ours, "rows")) == (Theirs.price, hasattr(Theirs, "rows"))


@pytest.mark.parametrize("kind", [Single, Bare])
def test_records_of_one_figure_or_none_are_equal_and_hashed_as_those_of_many(kind: type) -> None:
    ours: Any = make_frozen(copy_class(kind), eq=True)
    theirs: Any = dataclass(frozen=True)(copy_class(kind))
    given = (float("nan"),) if kind is Single else ()
    assert ours(*given) == ours(*given), "a figure is equal to itself, as in a tuple"
    assert hash(ours(*given)) == hash(theirs(*given))
    assert repr(ours(*given)) == repr(theirs(*given))
    alone = make_frozen(copy_class(kind), eq=False)
    assert alone(*given) != alone(*given)


def test_a_record_is_changed_by_nobody_and_wrong_figures_are_refused_by_their_names() -> None:
    one = Ours("a")
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'name'"):
        one.name = "b"
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'other'"):
        one.other = 1
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'name'"):
        del one.name
    with pytest.raises(TypeError, match=r"Base.__init__\(\) missing 1 required positional argument: 'name'"):
        Ours()
    with pytest.raises(TypeError, match="unexpected keyword argument 'nothing'"):
        Ours("a", nothing=1)


def test_what_a_class_says_itself_stays_and_a_record_may_stand_on_another() -> None:
    below = Below("a", more=4)
    assert (repr(below), hash(below), below.rows, below.twice) == ("below", 7, [4], 3.0)
    assert below != Ours("a", 1.5, [4])
    assert vars(pickle.loads(pickle.dumps(below))) == vars(below)


def test_fields_beyond_it_are_refused_when_the_class_is_made() -> None:
    class Odd:
        made: int = field(init=False)

    with pytest.raises(TypeError, match="Odd: a field like made"):
        make_frozen(Odd, eq=True)
