"""The id of a shipped scheme is kept for it: a file under that id with another text is not computed or booked."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import ROOT

from gep.compensation.find import find_scheme
from gep.messages.problems import Problems

SHIPPED = ROOT / "coefficients" / "schemes" / "lushui-2019.yaml"


def test_a_copy_is_the_scheme_and_a_changed_one_is_not(tmp_path: Path) -> None:
    text = SHIPPED.read_text("utf-8")
    own = tmp_path / "own.yaml"
    own.write_text(text, "utf-8")
    assert find_scheme(str(own), 2020).scheme.id == find_scheme("lushui", 2020).scheme.id
    for changed in (text + "# changed\n", text.replace("id: lushui\n", "id: Lu-shui\n".lower())):
        own.write_text(changed, "utf-8")
        with pytest.raises(Problems, match="which is kept for the scheme that comes with the program"):
            find_scheme(str(own), 2020)
    own.write_text(text.replace("id: lushui\n", "id: own-water\n"), "utf-8")
    assert find_scheme(str(own), 2020).scheme.id == "own-water"
