"""A standard of the user's own never passes for a shipped one: ids are kept, its hash is in its key, marks are the user's."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from conftest import Program

HEADER = "county,year,variable,ecosystem,pollutant,product,value,unit,source\n"
TEXT = "id: {id}\ntitle: {{zh: 本县规范, en: own}}\nnumber: {number}\nsource: {source}\nmark: V\nextends: ndrc-2022\nservices: {{}}\n"


def write(folder: Path, identity: str = "own", number: str = "X 1", source: str = "this-project", more: str = "") -> str:
    path = folder / "own.yaml"
    path.write_text(TEXT.format(id=identity, number=number, source=source) + more, "utf-8")
    return str(path)


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "in.csv"
    path.write_text(HEADER + "361027,2022,agricultural_output_value,,,,5,亿元,s\n", "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"identity": "ndr\u0441-2022"}, "id is ndrc-2022, which is kept for the standard that comes with the program"),
        ({"identity": "tea-c\u043eunty"}, "the id holds U+043E CYRILLIC SMALL LETTER O, which looks like o"),
        ({"identity": "ndrc-2022"}, "id is ndrc-2022, which is kept for the standard that comes with the program"),
        ({"identity": "NDRC_2022"}, "id is ndrc-2022, which is kept"),
        ({"identity": "mee-2020"}, "id is mee-2020, which is kept"),
        ({"number": "DB36/T 1402-2021"}, "number is DB36/T 1402-2021, which is kept"),
        ({"number": "db36/t1402—2021"}, "number is DB36/T 1402-2021, which is kept"),
        ({"identity": "own+0123456789ab"}, "id is 'own+0123456789ab'"),
        ({"source": "nowhere"}, "source is 'nowhere', and nothing says what that is"),
    ],
)
def test_what_passes_for_another_is_refused(change: dict[str, str], said: str, table: str, gep: Program, tmp_path: Path) -> None:
    done = gep("run", table, "--standard", write(tmp_path, **change), "--store", gep.store, code=2)
    assert said in done.stderr
    assert not Path(gep.store).exists()


def test_its_hash_is_in_its_key_its_list_and_its_report(table: str, gep: Program, tmp_path: Path) -> None:
    mine = write(tmp_path, source="office", more="sources: {office: {title: 本县核算办法, number: 县发 3 号}}\n")
    sha256 = hashlib.sha256(Path(mine).read_bytes()).hexdigest()
    key = f"own+{sha256[:12]}"
    account = json.loads(gep("run", table, "--standard", mine, "--store", gep.store, "--format", "json").stdout)["accounts"][0]
    assert account["standard"] == key
    told = next(one["text_en"] for one in account["notices"] if one["code"] == "own standard")
    assert sha256 in told
    assert "the user's statements, not verified" in told
    assert key in gep("list", "--store", gep.store).stdout
    page = tmp_path / "r.html"
    for named in (mine, "own", key):
        gep("report", "361027", "2022", "--standard", named, "-o", str(page), "--store", gep.store)
        for command in (
            ("show", "361027", "2022"),
            ("rank", "361000", "2022"),
            ("neighbours", "361027", "2022"),
            ("list", "--matrix"),
        ):
            assert key in gep(*command, "--standard", named, "--store", gep.store, "--format", "json").stdout
    text = page.read_text("utf-8")
    assert key in text
    assert sha256 in text
    assert "V (自定 own)" in text
    assert "本县核算办法" in text
    Path(mine).write_text(Path(mine).read_text("utf-8") + "notes: [改]\n", "utf-8")
    gep("run", table, "--standard", mine, "--store", gep.store)
    assert len(json.loads(gep("list", "--store", gep.store, "--format", "json").stdout)) == 2
    assert "is several" in gep("show", "361027", "2022", "--standard", "own", "--store", gep.store, code=2).stderr


def test_what_extends_it_is_beside_it_and_never_itself(table: str, gep: Program, tmp_path: Path) -> None:
    folder = tmp_path / "standards"
    folder.mkdir()
    write(folder)
    (folder / "more.yaml").write_text(
        TEXT.format(id="more", number="Y 2", source="this-project").replace("ndrc-2022", "own.yaml"), "utf-8"
    )
    gep("run", table, "--standard", str(folder / "more.yaml"), "--store", gep.store)
    (folder / "own.yaml").write_text((folder / "own.yaml").read_text("utf-8").replace("ndrc-2022", "more.yaml"), "utf-8")
    done = gep("run", table, "--standard", str(folder / "more.yaml"), "--store", gep.store, code=2)
    assert "extend each other in a circle" in done.stderr
