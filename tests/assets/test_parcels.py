"""VEP of a parcel by hand, its certificate, the quota ledger, and lots that go out and come back as sales."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
import yaml
from approving import approve
from conftest import Program
from doc_pages import run_examples
from languages import check_both

from gep.messages.problems import Problems
from gep.store.store import Store
from gep.tasks.parcels import find_ledger, find_vep, sell_plots, verify_vep

TEA = {
    "meaning": "market-value",
    "county": "360822",
    "parcel": "360822-JS-0147",
    "title": "某茶园",
    "first_year": 2024,
    "years": 4,
    "rate": "5 %",
    "timing": "year-end",
    "products": [
        {"id": "tea", "yearly": "100 万元/yr", "realisable": "60 %", "source": "产量台账"},
        {"id": "tours", "yearly": "20 万元/yr", "realisable": "100 %", "first": 2025, "source": "门票"},
    ],
    "costs": [{"id": "care", "yearly": "10 万元/yr", "source": "合同"}],
    "loan": {"principal": "100 万元", "rate": "4 %", "years": 3, "source": "意向书"},
    "author": "王五",
    "basis": "试算",
}


def write(folder: Path, **changed: object) -> Path:
    path = folder / "vep.yaml"
    path.write_text(yaml.safe_dump({**TEA, **changed}, allow_unicode=True), "utf-8")
    return path


def test_cash_flow_value_and_cover_by_hand(tmp_path: Path) -> None:
    found = find_vep(write(tmp_path))
    nets = [60 - 10, 80 - 10, 80 - 10, 80 - 10]
    assert [found.year(at)["net"] / 1e4 for at in range(4)] == pytest.approx(nets)
    assert found.vep_fen == round(sum(net / 1.05**t for t, net in enumerate(nets, 1)) * 1e6)
    instalment = 100 * 0.04 / (1 - 1.04**-3)
    assert found.year(0)["instalment"] / 1e4 == pytest.approx(instalment)
    assert found.least_cover == pytest.approx(50 / instalment)
    assert found.year(3)["cover"] is None  # repaid by then
    mid = find_vep(write(tmp_path, timing="mid-year"))
    assert mid.whole.value("vep") == pytest.approx(found.whole.value("vep") * 1.05**0.5)


def test_an_increment_leaves_out_what_would_be_there_anyway(tmp_path: Path) -> None:
    products = [{**one, "without": "5 万元/yr"} for one in TEA["products"]]  # type: ignore[attr-defined]
    found = find_vep(write(tmp_path, meaning="project-increment", products=products, loan=None))
    assert found.year(0)["income"] / 1e4 == pytest.approx(95 * 0.6)
    assert found.year(1)["income"] / 1e4 == pytest.approx(95 * 0.6 + 15)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"meaning": "value"}, "meaning"),
        ({"meaning": "project-increment"}, "without is missing"),
        ({"products": [{"id": "tea", "yearly": "1 元/yr", "source": "s"}]}, "realisable is missing"),
        ({"products": [{"id": "tea", "yearly": "1 元/yr", "realisable": "120 %", "source": "s"}]}, "realisable is '120 %'"),
        ({"products": [{"id": "tea", "yearly": "1 元/yr", "realisable": "1", "source": "s"}]}, "realisable is '1'"),
        ({"products": [{"id": "t", "yearly": "1 元/yr", "realisable": "1 %", "source": "s"} for _ in "12"]}, "t stands twice"),
        ({"products": [{"id": "t", "yearly": "1 t/yr", "realisable": "1 %", "source": "s"}]}, "unit of yearly"),
        (
            {"products": [{"id": "t", "yearly": "1 元/yr", "realisable": "1 %", "first": 2020, "source": "s"}]},
            "the flow runs from 2020",
        ),
        ({"products": []}, "products is missing"),
        ({"years": 1000}, "years is '1000'"),
        ({"loan": {"principal": "1 元", "rate": "4 %", "years": 9, "source": "s"}}, "the loan runs 9 years"),
        ({"rate": "0.05"}, "rate is '0.05'"),
        ({"basis": ""}, "basis is missing"),
        ({"county": "无此县"}, "无此县"),
        ({"first_year": 99999}, "first_year is '99999'"),
    ],
)
def test_a_vep_that_cannot_be_meant_is_refused(tmp_path: Path, changed: dict[str, object], said: str) -> None:
    with pytest.raises(Problems) as caught:
        find_vep(write(tmp_path, **changed))
    assert said in str(caught.value)
    check_both(caught.value)


def test_a_certificate_proves_itself_and_pledges_its_parcel_once(gep: Program, tmp_path: Path) -> None:
    proof = tmp_path / "proof.json"
    gep("assets", "vep", str(write(tmp_path)), "-o", str(proof))
    found = json.loads(gep("assets", "verify", str(proof), "--format", "json").stdout)
    assert found["meaning"] == "market-value"
    paper = ("--from", "2024-01-01", "--party", "某银行", "--document", "抵字1", "--store", gep.store)
    made = json.loads(gep("assets", "register", str(proof), "pledged", *paper, "--format", "json").stdout)
    assert found["sha256"] in made["note"]
    assert "already encumbered" in gep("assets", "register", str(proof), "sold", *paper, code=2).stderr
    for old, new in ((f'"vep_fen": {found["vep_fen"]}', '"vep_fen": 1'), ("100 万元/yr", "900 万元/yr")):
        text = proof.read_text("utf-8")
        assert old in text
        changed = tmp_path / "changed.json"
        changed.write_text(text.replace(old, new), "utf-8")
        with pytest.raises(Problems, match="does not have the hash") as caught:
            verify_vep(changed)
        check_both(caught.value)

    proof.write_text("{}", "utf-8")
    assert "is no VEP of this program" in gep("assets", "verify", str(proof), code=2).stderr


PLOTS = "county,plot,kind,owner,area,area_unit,grade,restored,accepted,source\n"
ROWS = "吉水县,W-1,wetland,某合作社,17,亩,二等,2022-03-01,2022-09-01,验收单 1\n吉水县,W-2,wetland,某村,3.5,hm2,一等,2023-03-01,2023-09-01,验收单 2\n吉水县,W-3,wetland,某村,2,hm2,一等,2024-03-01,,验收单 3\n"
SALES = "county,plot,area,area_unit,buyer,project,day,document\n"


def write_plots(folder: Path, rows: str = ROWS) -> Path:
    path = folder / "plots.csv"
    path.write_text(PLOTS + rows, "utf-8")
    return path


def write_sales(folder: Path, *rows: str) -> Path:
    path = folder / "sales.csv"
    path.write_text(SALES + "".join(f"{row}\n" for row in rows), "utf-8")
    return path


def test_a_plot_is_sold_once_and_only_after_it_was_accepted(gep: Program, tmp_path: Path) -> None:
    plots = write_plots(tmp_path)
    call = ("assets", "quota", str(plots), "--store", gep.store)
    first = write_sales(tmp_path, "吉水县,w-1,17,亩,某公路公司,某高速,2023-01-05,交易 1")
    sold = json.loads(gep(*call, "--sales", str(first), "--format", "json").stdout)
    assert [one["state"] for one in sold["plots"]] == ["sold", "free", "not accepted"]
    assert sold["sums"]["wetland"] == pytest.approx({"sold": 17 / 15, "free": 3.5, "not accepted": 2})
    assert sold["plots"][0]["remaining"] == 0
    both = write_sales(tmp_path, "吉水县,W-2,3.5,hm2,甲,某桥,2024-01-05,交易 2", "吉水县,W-1,17,亩,乙,某桥,2024-01-05,交易 3")
    said = gep(*call, "--sales", str(both), code=2).stderr
    assert "sales.csv:3: parcel W-1 of 360822 is already encumbered" in said
    assert "nothing was stored" in said
    assert [one["state"] for one in json.loads(gep(*call, "--format", "json").stdout)["plots"]] == [
        "sold",
        "free",
        "not accepted",
    ]
    assert "某公路公司" in gep(*call).stdout


def test_a_plot_is_sold_in_parts_and_never_more_than_is_left(gep: Program, tmp_path: Path) -> None:
    """Of 17 mu 7 and then 10 are sold: thirds of a hectare add up to the plot; a tenth of a mu more is refused."""
    plots = write_plots(tmp_path)
    call = ("assets", "quota", str(plots), "--store", gep.store)
    first = write_sales(tmp_path, "吉水县,W-1,7,亩,甲,某高速,2023-01-05,交易 1", "吉水县,W-2,3.5,hm2,甲,某桥,2024-01-05,交易 2")
    sold = json.loads(gep(*call, "--sales", str(first), "--format", "json").stdout)
    assert [one["state"] for one in sold["plots"]] == ["in part", "sold", "not accepted"]
    assert sold["plots"][0]["remaining"] == pytest.approx(10 / 15, abs=1e-8)
    assert sold["sums"]["wetland"] == pytest.approx({"sold": 7 / 15 + 3.5, "free": 10 / 15, "not accepted": 2}, abs=1e-8)
    for text in ("吉水县,W-1,10.1,亩,乙,某桥,2024-01-05,交易 3", "吉水县,W-1,17,亩,乙,某桥,2024-01-05,交易 3"):
        said = gep(*call, "--sales", str(write_sales(tmp_path, text)), code=2).stderr
        assert "already encumbered" in said
        assert "nothing was stored" in said
    rest = write_sales(tmp_path, "吉水县,W-1,10,亩,乙,某桥,2024-01-05,交易 3")
    done = json.loads(gep(*call, "--sales", str(rest), "--format", "json").stdout)["plots"][0]
    assert (done["state"], done["remaining"], [one["party"] for one in done["entries"]]) == ("sold", 0, ["甲", "乙"])
    assert re.search(r"W-1 +\d+ +0\.4667  甲 +2023-01-05", gep(*call).stdout)
    assert "部分" not in gep(*call, "--lang", "zh").stdout
    assert "0.466666666 hm^2 of parcel W-1" in gep("encumber", "list", "--store", gep.store).stdout


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("吉水县,W-3,2,hm2,甲,某桥,2024-05-01,交易", "was not accepted by then"),
        ("吉水县,W-2,3.5,hm2,甲,某桥,2023-05-01,交易", "was not accepted by then"),
        ("吉水县,W-2,3.6,hm2,甲,某桥,2024-05-01,交易", "3.6 hm2 of W-2 are sold, it has 3.5 hm2"),
        ("吉水县,W-9,1,hm2,甲,某桥,2024-05-01,交易", "there is no plot W-9"),
        ("吉水县,W-2,3.5,hm2,,某桥,2024-05-01,交易", "buyer is missing"),
        ("无此县,W-2,3.5,hm2,甲,某桥,2024-05-01,交易", "无此县"),
        ("吉水县,W-2,3.5,hm2,甲,某桥,2024-02-31,交易", "day is '2024-02-31'"),
        ("吉水县,W-2,3.5,hm2,甲,某桥,2099-02-01,交易", "a day on which it has happened"),
    ],
)
def test_a_sale_that_cannot_be_meant_is_refused(tmp_path: Path, row: str, said: str) -> None:
    store = Store(tmp_path / "gep.duckdb")
    with pytest.raises(Problems) as caught:
        sell_plots(store, write_plots(tmp_path), write_sales(tmp_path, row))
    assert said in str(caught.value)
    check_both(caught.value)
    assert not (tmp_path / "gep.duckdb").exists()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("2022-09-01", "2021-09-01", "before it was restored"),
        ("2022-09-01", "2099-09-01", "accepted is '2099-09-01'"),
        ("W-2", "W-1", "W-1 stands twice"),
        ("3.5,hm2", "3.5,m", "unit of area is 'm'"),
        ("wetland,某合作社", "meadow,某合作社", "kind is 'meadow'"),
        ("某合作社", "", "owner is missing"),
    ],
)
def test_a_plot_that_cannot_be_meant_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(Problems) as caught:
        find_ledger(Store(tmp_path / "gep.duckdb"), write_plots(tmp_path, ROWS.replace(old, new, 1)))
    assert said in str(caught.value)
    check_both(caught.value)


def test_lots_go_out_and_come_back_as_sales_and_never_more_than_is_left(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    store = tmp_path / "gep.duckdb"
    shutil.copy(jinxi, store)
    call = ("assets", "lots", "361027", "2022", "--service", "water_conservation", "--store", str(store))
    assert "is not approved" in gep(*call, code=2).stderr
    approve(store)
    offered = tmp_path / "lots.json"
    (lot,) = json.loads(gep(*call, "-o", str(offered), "--format", "json").stdout)
    assert lot["state"] == "free"
    assert lot["free"] == lot["amount"]
    assert len(lot["evidence"]["account_sha256"]) == 64
    sales = tmp_path / "sales.csv"

    def sell(*rows: str, code: int = 0) -> str:
        sales.write_text("lot,sale,buyer,quantity,unit,day,document\n" + "".join(f"{row}\n" for row in rows), "utf-8")
        done = gep("assets", "sales", str(sales), "--lots", str(offered), "--store", str(store), code=code)
        return done.stdout if code == 0 else done.stderr

    name, half = lot["sha256"][:10], str(int(float(lot["amount"]) * 0.6))
    unit = lot["unit"]
    said = sell(f"{name},P1,甲公司,{half},{unit},2024-01-01,合同 1", f"{name},P2,乙公司,{half},{unit},2024-01-02,合同 2", code=2)
    assert "sales.csv:3" in said
    assert "is not free" in said
    assert json.loads(gep("encumber", "list", "--store", str(store), "--format", "json").stdout)["entries"] == []
    assert "甲公司" in sell(f"{name},P1,甲公司,{half},{unit},2024-01-01,合同 1")
    assert "entered before" in sell(f"{name},P1,甲公司,{half},{unit},2024-01-01,合同 1", code=2)
    assert "is not free" in sell(f"{name},P3,丙公司,{half},{unit},2024-01-03,合同 3", code=2)
    assert "there is no lot" in sell(f"{'0' * 10},P3,丙公司,1,{unit},2024-01-03,合同 3", code=2)
    assert "day is '2094-01-01'" in sell(f"{name},P3,丙公司,1,{unit},2094-01-01,合同 3", code=2)
    assert "unit is" in sell(f"{name},P3,丙公司,1,t,2024-01-03,合同 3", code=2)
    (left,) = json.loads(gep(*call, "--format", "json").stdout)
    assert left["state"] == "partly held"
    assert float(left["free"]) == pytest.approx(float(lot["amount"]) - float(half))
    offered.write_text(offered.read_text("utf-8").replace("free", "held", 1), "utf-8")
    assert "does not have the hash" in sell(f"{name},P4,丁,1,{unit},2024-01-03,合同", code=2)


def test_the_examples_of_the_page_are_what_the_program_prints(gep: Program, jinxi: Path, tmp_path: Path) -> None:
    store = Path(shutil.copy(jinxi, tmp_path / "gep.duckdb"))
    approve(store)
    assert run_examples(gep, "parcels.md", tmp_path, store) >= 4
