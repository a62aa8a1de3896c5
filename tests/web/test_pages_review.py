"""Review in the browser: the queue with exceptions first, one page a county, many signed with one note each on its own hash."""

from __future__ import annotations

import re

from platform_site import Platform, words_of

HERE = "/361027/2022"


def submit(platform: Platform) -> None:
    done = platform.visit("zhang").post(f"{HERE}/submit", note="已核对")
    assert done.status_code == 303, words_of(done)


def test_the_queue_says_what_is_out_of_the_ordinary(platform: Platform) -> None:
    reviewer = platform.visit("wang")
    assert "暂无" in words_of(reviewer.get("/review")) or "没有" in words_of(reviewer.get("/review"))
    submit(platform)
    words = words_of(reviewer.get("/review"))
    assert "共 1 项待审，其中 1 项有异常" in words
    assert "17 项服务只核算了 5 项" in words
    assert "361027" not in words_of(reviewer.get("/review?place=360100"))
    assert "only 5 of 17 services" in words_of(reviewer.get("/review?lang=en"))


def test_the_page_of_a_county_has_everything_that_review_says(platform: Platform) -> None:
    for lang, expected in (
        ("zh", ("未核实的参数", "估算的填报值", "相邻县", "总值依赖的参数")),
        ("en", ("Unverified parameters", "Neighbour")),
    ):
        words = words_of(platform.visit("wu").get(f"{HERE}/review?lang={lang}"))
        for text in expected:
            assert text in words, (lang, text)
    assert 'name="step"' not in platform.visit("wu").get(f"{HERE}/review").text


def test_many_are_approved_with_one_note_each_on_its_own_hash(platform: Platform) -> None:
    submit(platform)
    reviewer = platform.visit("wang")
    pick = re.findall(r'name="(pick:[^"]+)"', reviewer.get("/review").text)
    looked = reviewer.post("/review/look", **{pick[0]: "on"})
    assert "17 项服务只核算了 5 项" in words_of(looked)
    wrong = pick[0][:-4] + "0000"
    refused = reviewer.post("/review/many", **{wrong: "on", "step": "approved", "note": "同意"})
    assert refused.status_code == 422
    assert "已签署 0 项" in words_of(refused)
    assert reviewer.post("/review/many", step="approved", note="同意").status_code == 422
    done = reviewer.post("/review/many", **{pick[0]: "on", "step": "approved", "note": "同意"})
    assert done.status_code == 303, words_of(done)
    assert "王五" in words_of(reviewer.get(f"{HERE}/result"))
    assert "approved" in reviewer.get(f"{HERE}/result").text


def test_nobody_signs_beyond_the_own_place(platform: Platform) -> None:
    submit(platform)
    name = re.findall(r'name="(pick:[^"]+)"', platform.visit("wang").get("/review").text)[0]
    for person in ("zhang", "wu", "zhou", "qian"):
        assert platform.visit(person).post("/review/many", **{name: "on", "step": "approved", "note": "x"}).status_code == 403
    elsewhere = name.replace("361027", "360121")
    assert platform.visit("wang").post("/review/many", **{elsewhere: "on", "step": "approved", "note": "x"}).status_code == 422


def test_one_is_returned_with_a_note(platform: Platform) -> None:
    submit(platform)
    reviewer = platform.visit("wang")
    form = reviewer.get(f"{HERE}/review").text
    digest = re.findall(r'name="hash" value="([0-9a-f]{16})"', form)[0]
    assert reviewer.post(f"{HERE}/review", hash="0" * 16, step="returned", note="x").status_code == 422
    assert reviewer.post(f"{HERE}/review", hash=digest, step="returned", note="降水量请核实").status_code == 303
    assert "降水量请核实" in words_of(platform.visit("zhang").get(f"{HERE}/result"))
