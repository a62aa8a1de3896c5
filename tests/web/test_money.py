"""Money in the browser: one computes and prepares, another confirms; supposed, turned down, reversed, asked."""

from __future__ import annotations

import html
import io
import json
import re
from pathlib import Path
from urllib.parse import unquote

import openpyxl
from approving import approve
from conftest import ROOT, Program
from platform_site import Platform, Visitor, words_of
from toy_schemes import write_water_scheme
from two_hands import post

from gep.store.store import Store
from gep.tasks.two_people import list_waiting

FACTS = ROOT / "inputs" / "jiangxi-transfers-example" / "basin_pool.csv"
SCHEME = "/money/scheme/jx-basin-pool"


def compute(visitor: Visitor, **form: str) -> str:
    answer = visitor.post(f"{SCHEME}/compute", files={"file1": ("../../basin pool.csv", FACTS.read_bytes())}, year="2016", **form)
    assert answer.status_code == 200, words_of(answer)
    return answer.text


def prepare(visitor: Visitor) -> int:
    facts = html.unescape(re.findall(r'name="facts" value="([^"]*)"', compute(visitor))[0])
    assert list(json.loads(facts)) == ["../../basin pool.csv"]
    visitor.post(f"{SCHEME}/register")
    answer = visitor.post(f"{SCHEME}/prepare", facts=facts, year="2016")
    return int(re.findall(r"/prepared/(\d+)", answer.headers["location"])[0])


def test_the_page_of_a_scheme_is_in_the_language_of_the_reader(platform: Platform) -> None:
    qian = platform.visit("qian")
    weighted = words_of(qian.get("/money/scheme/gep-weighted-pool"))
    for said in ("水质权重", "收付方 · 年"):
        assert said in weighted, said
    pool = words_of(qian.get("/money/scheme/jian-pool"))
    assert "每季每项指标未达到的扣减额（per_missed）" in pool
    for said in ("party · year", "deduction for an indicator", "REQUIRED 万元"):
        assert said not in weighted + pool, said


def test_one_prepares_another_confirms_and_only_then_it_is_booked(platform: Platform) -> None:
    store = Store(platform.office.path.with_name("gep.duckdb"))
    qian, sun = platform.visit("qian"), platform.visit("sun")
    number = prepare(qian)
    assert "没有" in words_of(qian.get("/money/matrix"))
    own = qian.post(f"/money/prepared/{number}/confirm")
    assert own.status_code == 422
    assert "不能由其复核" in words_of(own)
    page = words_of(sun.get(f"/money/prepared/{number}"))
    assert "复核并入账" in page
    assert sun.post(f"/money/prepared/{number}/confirm").status_code == 303
    assert sun.post(f"/money/prepared/{number}/confirm").status_code == 422, "a form sent twice books once"
    with platform.app.state.site.keeper.alone():
        booked = store.ask("SELECT count(*), sum(amount_fen) FROM transfer_standing").rows[0]
        done = list_waiting(store)[0]
    assert (done.decision, done.decided_by, done.postings, done.amount) == ("confirmed", "孙八", *booked)
    assert "jx-basin-pool" in words_of(qian.get("/money/matrix?year=2016"))
    assert qian.get(f"/money/prepared/{number}/notice").content.startswith(b"%PDF")
    paper = qian.get(f"/money/run/{done.run}/allocation?form=docx&number=赣财1号&unit=万元")
    assert paper.content.startswith(b"PK")
    assert qian.get(f"/money/run/{done.run}/allocation?form=odt").status_code == 422
    assert qian.get(f"/money/run/{done.run}/allocation?form=pdf&unit=亿元").status_code == 422
    assert qian.get("/money/export?year=2016").content.startswith(b"PK")
    assert platform.visit("zhang").get("/money/export").status_code == 403
    asked = qian.get("/money/answer?question=12&year=2016")
    assert asked.status_code == 200
    assert qian.get("/money/answer/workbook?question=1").content.startswith(b"PK")
    assert "预算" in words_of(qian.get("/money/answer?question=2")) or "科目" in words_of(qian.get("/money/answer?question=2"))
    back = qian.post("/money/reverse", run=str(done.run), reason="重复")
    again = int(re.findall(r"/prepared/(\d+)", back.headers["location"])[0])
    assert qian.post(f"/money/prepared/{again}/confirm").status_code == 422
    assert sun.post(f"/money/prepared/{again}/confirm").status_code == 303
    assert "没有" in words_of(qian.get("/money/matrix"))


def test_what_is_supposed_is_shown_beside_what_is_and_is_never_prepared(platform: Platform) -> None:
    qian = platform.visit("qian")
    page = words_of(platform.visit("zhou").get(SCHEME))
    assert "所需数据" in page
    constant = re.findall(r'name="suppose\.(\w+)"', qian.get(SCHEME).text)[0]
    shown = compute(qian, **{f"suppose.{constant}": "0.5"})
    assert "现行净额" in shown
    assert '/prepare"' not in shown
    assert "未登记" in words_of(qian.get(SCHEME))
    facts = html.unescape(re.findall(r'name="facts" value="([^"]*)"', shown)[0])
    answer = qian.post(f"{SCHEME}/prepare", facts=facts, year="2016", **{f"suppose.{constant}": "0.5"})
    assert answer.status_code == 422
    wrong = qian.post(f"{SCHEME}/compute", year="2016", suppose="no_such=1", facts=facts)
    assert wrong.status_code == 422
    assert "no_such" in words_of(wrong)


def test_what_cannot_be_computed_says_why_and_keeps_the_files(platform: Platform) -> None:
    qian = platform.visit("qian")
    bad = FACTS.read_text("utf-8").replace("final", "perhaps", 1).encode()
    answer = qian.post(f"{SCHEME}/compute", files={"file1": ("facts.csv", bad)}, year="2016")
    assert answer.status_code == 422
    assert "facts.csv" in words_of(answer)
    assert "/tmp" not in answer.text
    for name, content in (("x.exe", b"MZ"), ("a.yaml", b"extends: ../../../etc/passwd\nid: x"), ("b.csv", b"\xff\xfe\x00")):
        assert qian.post(f"{SCHEME}/compute", files={"file1": (name, content)}, year="2016").status_code == 422, name
    assert qian.get("/money/scheme/..%2F..%2Fx.yaml").status_code in {404, 422}
    assert qian.post("/money/scheme/x.yaml/compute", year="2016").status_code == 422
    number = prepare(qian)
    assert platform.visit("sun").post(f"/money/prepared/{number}/refuse", note="").status_code == 422
    assert platform.visit("sun").post(f"/money/prepared/{number}/refuse", note="再核").status_code == 303
    assert platform.visit("sun").post(f"/money/prepared/{number}/confirm").status_code == 422


def test_a_county_sees_its_own_money_and_payments_are_recorded_from_a_table(platform: Platform) -> None:
    qian, sun = platform.visit("qian"), platform.visit("sun")
    sun.post(f"/money/prepared/{prepare(qian)}/confirm")
    code = next(iter(re.findall(r"county=(\d{6})", qian.get("/money/matrix").text)))
    page = platform.visit("wu").get(f"/{code}/2016/money")
    voucher = re.findall(r'<td class="code">([^<]+)</td>', page.text)[0]
    table = f"posting_voucher,paid_on,amount,voucher,note\n{voucher},2017-03-01,100.00,国库-1,\n".encode()
    answer = qian.post("/money/payments", files={"payments": ("付款.csv", table)})
    number = int(re.findall(r"/prepared/(\d+)", answer.headers["location"])[0])
    assert "100.00" not in words_of(platform.visit("wu").get(f"/{code}/2016/money"))
    assert "国库-1" in words_of(sun.get(f"/money/prepared/{number}"))
    assert qian.post(f"/money/prepared/{number}/confirm").status_code == 422
    assert sun.post(f"/money/prepared/{number}/confirm").status_code == 303
    assert "100.00" in words_of(platform.visit("wu").get(f"/{code}/2016/money"))
    refused = qian.post("/money/payments", files={"payments": ("付款.csv", table.replace(b"100.00", b"-1"))})
    assert refused.status_code == 422
    assert "付款.csv:2" in refused.text
    assert "payments.csv" not in refused.text
    book = openpyxl.load_workbook(io.BytesIO(qian.get("/money/export?year=2016").content))
    sheet = book["凭证"]
    at = {str(cell.value): place for place, cell in enumerate(sheet[1], 1)}
    for line, (paid, result) in enumerate([("5.00", "成功"), ("", "已退回")], 2):
        for head, cell in (
            ("付款日期", "2017-03-02"),
            ("实付金额（元）", paid),
            ("国库凭证号", f"库{line}"),
            ("处理结果", result),
        ):
            sheet.cell(line, at[head]).value = cell
    book.save(back := io.BytesIO())
    answer = qian.post("/money/payments", files={"payments": ("回导.xlsx", back.getvalue())})
    assert answer.status_code == 303, words_of(answer)
    assert f"{sheet.cell(3, at['凭证编号']).value} 未付：已退回" in unquote(answer.headers["location"])
    assert qian.post("/money/payments").status_code == 422
    assert platform.visit("zhang").get(f"/{code}/2016/money").status_code == 403


def test_heads_of_numbers_stand_over_their_numbers(platform: Platform) -> None:
    qian = platform.visit("qian")
    platform.visit("sun").post(f"/money/prepared/{prepare(qian)}/confirm")
    page = qian.get("/money/answer?question=1").text
    heads = re.findall(r'<th scope="col"( class="r")?>(.*?)</th>', page)
    first = re.findall(r"<td( class=\"\w+\")?>", page)[: len(heads)]
    assert [bool(right) for right, _ in heads] == ['class="r"' in one for one in first]
    assert all(right for right, name in heads if "元" in name)
    assert 'class="day"' in page


def test_money_on_an_account_whose_approval_has_fallen_is_flagged_on_its_pages(
    platform: Platform, gep: Program, tmp_path: Path
) -> None:
    approve(Path(gep.store))
    post(gep, "compensate", str(write_water_scheme(tmp_path / "s.yaml", "toy")), "2022")
    pages = {"sun": ("/money", "/361027/2022/money", "/money/answer?question=10"), "wu": ("/361027/2022/review",)}
    said = "有 1 笔分录依据 金溪县（361027） 2022 年的核算结果"
    for who, addresses in pages.items():
        for address in addresses:
            assert said not in words_of(platform.visit(who).get(address)), address
    figures = ROOT / "inputs/361027-2022"
    land = (figures / "land.csv").read_text("utf-8").splitlines(keepends=True)
    less = [line for line in land if "mixed_forest" not in line and "land_area" not in line]
    (tmp_path / "land.csv").write_text("".join(less), "utf-8")
    gep("run", str(figures / "climate.csv"), str(tmp_path / "land.csv"), "--store", gep.store, "--reason", "less forest")
    for who, addresses in pages.items():
        for address in addresses:
            assert said in words_of(platform.visit(who).get(address)), address
