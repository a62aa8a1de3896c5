"""Many accounts at once: exceptions first, each account signed on its own hash, all or, with --clean, those that can be."""

from __future__ import annotations

import shutil
from pathlib import Path

from conftest import Program

JINXI = "361027"


def sign(gep: Program, *asked: str, code: int = 0) -> str:
    done = gep(*asked, "--store", gep.store, code=code)
    return done.stdout + done.stderr


def test_a_city_is_signed_with_exceptions_first(gep: Program, jinxi: Path) -> None:
    shutil.copy(jinxi, gep.store)
    stopped = sign(gep, "submit", "抚州市", "2022", "--every", "--by", "张三", "--note", "齐", code=2)
    assert "361002 2022: there is no account of 361002 2022" in stopped
    assert "nothing was stored" in stopped
    said = sign(gep, "submit", "抚州市", "2022", "--clean", "--by", "张三")
    codes = Path(gep.store).with_name("codes.csv")
    codes.write_text(f"county,sha256\n{JINXI},0000\n", "utf-8")
    assert said.startswith("left out: 10 of 11")
    assert "submitted by 张三" in said
    assert "0000" in sign(gep, "approve", str(codes), "2022", "--every", "--by", "李四", "--note", "核", code=2)
    codes.write_text(f"county\n{JINXI}\n", "utf-8")
    assert "was submitted by 张三" in sign(gep, "approve", str(codes), "2022", "--every", "--by", "张三", "--note", "核", code=2)
    done = sign(gep, "approve", str(codes), "2022", "--every", "--by", "李四", "--note", "核", "--lang", "zh")
    assert "跳过：1 个中的 0 个" in done
    assert "核算结果校验值 " in done
    assert "has no counties inside" in sign(gep, "submit", JINXI, "2022", "--every", "--by", "张三", code=2)


def test_a_county_that_stands_in_the_file_twice_is_said_to_and_not_to_be_submitted_already(gep: Program, jinxi: Path) -> None:
    shutil.copy(jinxi, gep.store)
    codes = Path(gep.store).with_name("codes.csv")
    codes.write_text(f"county\n{JINXI}\n361002\n金溪县\n", "utf-8")
    said = sign(gep, "submit", str(codes), "2022", "--clean", "--by", "张三", code=2)
    assert f"codes.csv:4: 金溪县 ({JINXI}) stands twice" in said
    assert "is submitted" not in said
    codes.write_text(f"county\n{JINXI}\n361002\n", "utf-8")
    assert "submitted by 张三" in sign(gep, "submit", str(codes), "2022", "--clean", "--by", "张三")
