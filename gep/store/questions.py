# ruff: noqa: S608 - the queries are put together from our own words only
"""The questions of finance staff (1 to 19): each a named query on the store, with the column that holds the county."""

from __future__ import annotations

from gep.records import dataclass
from gep.store.settled import OPEN, SETTLED


@dataclass(frozen=True)
class Question:
    """A named query: its number, what it answers in two languages, SQL, and the columns that a county filters."""

    number: int
    name: str
    zh: str
    en: str
    sql: str
    county: tuple[str, ...] = ("county",)


def _yuan(column: str, name: str) -> str:
    return f"CAST({column} AS DECIMAL(20, 0)) * 0.01 AS {name}"


QUESTIONS: tuple[Question, ...] = (
    Question(
        1,
        "transfers-received",
        "某县某年得多少、付多少：按办法、科目、凭证；已付、到期未付、扣减",
        "what a county gets and owes, by scheme, account and voucher; paid, due, withheld",
        f"""WITH RECURSIVE {SETTLED},
sides AS (
  SELECT payee AS county, payee_name AS county_name, 1 AS sign, account_to AS account_code, * EXCLUDE (payee, payee_name, account_to) FROM owed
  UNION ALL BY NAME
  SELECT payer AS county, payer_name AS county_name, -1 AS sign, account_from AS account_code, * EXCLUDE (payer, payer_name, account_from) FROM owed)
SELECT county, county_name, year, scheme, scheme_version, operation, reason, account_code, voucher,
  {_yuan("sign * amount_fen", "amount")}, {_yuan("sign * coalesce(paid.fen, 0)", "paid")},
  {_yuan("CASE WHEN posting_kind = 'deduction' THEN 0 ELSE sign * (amount_fen - coalesce(paid.fen, 0) - coalesce(held_fen, 0)) END", "unpaid")},
  {_yuan("CASE WHEN posting_kind = 'deduction' AND sign < 0 THEN amount_fen ELSE 0 END", "withheld")}, due_on
FROM sides LEFT JOIN paid USING (posting) LEFT JOIN held USING (posting) WHERE county NOT LIKE 'fund:%' ORDER BY county, year, scheme, posting, sign""",
    ),
    Question(
        2,
        "transfers-accounts",
        "从哪个科目到哪个科目",
        "from which account into which",
        f"""SELECT year, scheme, payer, payer_name, account_from, payee, payee_name, account_to, fund_notice, {_yuan("sum(amount_fen)", "amount")}
FROM transfer_standing GROUP BY ALL ORDER BY ALL""",
        ("payer", "payee"),
    ),
    Question(
        3,
        "transfers-steps",
        "为什么是这个数：输入、得分、权重、份额、取整、扣减",
        "why this amount: the step table",
        """SELECT coalesce(c.county, s.place) AS county, c.section_name, r.year, r.scheme, r.scheme_version, s.step, s.stage, s.operation, s.period, s.step_name, s.value_exact, s.unit, s.note
FROM transfer_step s JOIN transfer_standing_run r USING (transfer_run)
LEFT JOIN transfer_section c ON c.transfer_run = s.transfer_run AND c.section = s.place ORDER BY r.scheme, r.year, s.step""",
    ),
    Question(
        4,
        "transfers-bridge",
        "比上年为什么变：资金池、规则、自身、他县、事件、取整，逐分可加",
        "what changed from last year, additive to the fen",
        f"""SELECT b.party AS county, r.year, r.scheme, b.bridge_part, {_yuan("b.amount_fen", "amount")}, {_yuan("b.before_fen", "year_before")}, {_yuan("b.after_fen", "this_year")}
FROM transfer_bridge b JOIN transfer_standing_run r USING (transfer_run)
ORDER BY county, year, scheme, list_position(['pool', 'rule', 'own inputs', 'others'' inputs', 'own and others'' inputs', 'events', 'rounding'], b.bridge_part)""",
    ),
    Question(
        5,
        "transfers-what-if",
        "断面好一类值多少等模拟（模拟，不入账）",
        "simulations that were kept: what one class better is worth (never booked)",
        f"""SELECT party AS county, party_name, year, scheme, scheme_version, simulation, supposed, {_yuan("before_fen", "as_it_is")}, {_yuan("after_fen", "simulated")}, {_yuan("amount_fen", "difference")}
FROM transfer_simulation ORDER BY simulation, county""",
    ),
    Question(
        6,
        "transfers-matrix",
        "谁付给谁，合计与净额",
        "who pays whom: gross, the other way, and net",
        f"""WITH gross AS (SELECT year, payer, any_value(payer_name) AS payer_name, payee, any_value(payee_name) AS payee_name, sum(amount_fen) AS fen FROM transfer_standing GROUP BY year, payer, payee)
SELECT g.year, g.payer, g.payer_name, g.payee, g.payee_name, {_yuan("g.fen", "gross")}, {_yuan("coalesce(o.fen, 0)", "other_way")}, {_yuan("g.fen - coalesce(o.fen, 0)", "net")}
FROM gross g LEFT JOIN gross o ON o.year = g.year AND o.payer = g.payee AND o.payee = g.payer ORDER BY ALL""",
        ("payer", "payee"),
    ),
    Question(
        7,
        "transfers-failed",
        "哪些月份、哪个指标未达标",
        "which months or quarters failed, and which test",
        """SELECT coalesce(c.county, s.place) AS county, c.section_name, r.year, r.scheme, s.period, s.step_name AS test, f.indicator, f.value_given, f.unit_given, f.source
FROM transfer_step s JOIN transfer_standing_run r USING (transfer_run)
LEFT JOIN transfer_section c ON c.transfer_run = s.transfer_run AND c.section = s.place
LEFT JOIN transfer_fact f ON f.transfer_run = s.transfer_run AND f.place = s.place AND (f.period = r.year || '-' || s.period OR f.period = r.year || s.period)
WHERE s.stage = 'value' AND s.unit = 'true or false' AND s.value_exact = '0' AND s.period <> '' ORDER BY ALL""",
    ),
    Question(
        8,
        "transfers-not-final",
        "哪些输入尚为暂定、有争议或重述，涉及多少钱",
        "inputs that are provisional, disputed or restated, with the amount at stake",
        f"""SELECT f.place AS county, r.year, r.scheme, f.indicator, f.period, f.fact_status, f.value_given, f.unit_given, f.source, f.address,
  (SELECT {_yuan("coalesce(sum(amount_fen), 0)", "x")} FROM transfer_standing p WHERE p.transfer_run = r.transfer_run AND f.place IN (p.payer, p.payee)) AS at_stake
FROM transfer_fact f JOIN transfer_standing_run r USING (transfer_run) WHERE f.fact_status <> 'final' ORDER BY ALL""",
    ),
    Question(
        9,
        "transfers-deductions",
        "扣了什么、依据哪条、钱去了哪里",
        "what was deducted, under which clause, and where it went",
        f"""SELECT payer AS county, payer_name, year, scheme, operation, clause, reason, payee AS went_to, {_yuan("amount_fen", "amount")}, voucher
FROM transfer_standing WHERE posting_kind = 'deduction' ORDER BY ALL""",
    ),
    Question(
        10,
        "transfers-reconcile",
        "与资金文件是否分毫不差",
        "does the sum equal the fund notice, to the fen",
        f"""WITH moves AS (
  SELECT payee AS fund, payer AS other, amount_fen AS paid_in, 0 AS paid_out, fund_notice FROM transfer_standing WHERE payee LIKE 'fund:%'
  UNION ALL SELECT payer, payee, 0, amount_fen, '' FROM transfer_standing WHERE payer LIKE 'fund:%')
SELECT CAST(split_part(fund, ':', 3) AS INTEGER) AS year, split_part(fund, ':', 2) AS scheme, split_part(fund, ':', 4) AS fund,
  coalesce(string_agg(DISTINCT nullif(fund_notice, ''), ' '), '') AS notices, {_yuan("sum(paid_in)", "came_in")}, {_yuan("sum(paid_out)", "went_out")},
  {_yuan("sum(paid_in) - sum(paid_out)", "still_in_the_fund")} FROM moves GROUP BY moves.fund ORDER BY ALL""",
        (),
    ),
    Question(
        11,
        "transfers-reclaimed",
        "收回哪些、收回哪年",
        "what is clawed back, and for which years",
        f"""SELECT payer AS county, payer_name, year, scheme, clause, reason, {_yuan("amount_fen", "amount")}, year - 1 AS of_year, voucher
FROM transfer_standing WHERE posting_kind = 'reclaim' ORDER BY ALL""",
    ),
    Question(
        12,
        "transfers-law",
        "适用哪个文本",
        "which text and version applied",
        """SELECT r.year, r.scheme, r.scheme_version, l.law_title, l.law_number, l.issuer, l.issued, l.locator, l.mark, l.in_force_from, l.in_force_to, r.transfer_run
FROM transfer_law l JOIN transfer_standing_run r USING (transfer_run) ORDER BY ALL""",
        (),
    ),
    Question(
        13,
        "transfers-gains",
        "若系数为 c，谁增谁减（模拟，合计为零）",
        "if a coefficient were c: who gains and who loses (simulation)",
        f"""SELECT simulation, scheme, year, supposed, count(*) FILTER (amount_fen > 0) AS gain, count(*) FILTER (amount_fen < 0) AS lose,
  {_yuan("sum(greatest(amount_fen, 0))", "gained")}, {_yuan("sum(least(amount_fen, 0))", "lost")}, {_yuan("sum(amount_fen)", "sum_of_all")}
FROM transfer_simulation GROUP BY ALL ORDER BY ALL""",
        (),
    ),
    Question(
        14,
        "transfers-gep-weight",
        "若给 GEP 一个权重，及核算误差的区间（模拟）",
        "what if GEP got a weight, and the range if a county's own figure is off (simulation)",
        f"""SELECT party AS county, party_name, year, scheme, supposed, {_yuan("before_fen", "as_it_is")}, {_yuan("after_fen", "simulated")}, {_yuan("amount_fen", "difference")},
  off_by, {_yuan("low_fen", "low")}, {_yuan("high_fen", "high")}
FROM transfer_simulation LEFT JOIN transfer_simulation_band USING (simulation, party) WHERE supposed LIKE '%w_gep%' ORDER BY ALL""",
    ),
    Question(
        15,
        "transfers-overlap",
        "多类重叠是否只付一次",
        "overlapping classes: which claim was taken",
        """SELECT s.place AS county, r.year, r.scheme, s.step_name, s.value_exact, s.unit, s.note FROM transfer_step s JOIN transfer_standing_run r USING (transfer_run)
WHERE s.stage = 'overlap' ORDER BY ALL""",
    ),
    Question(
        16,
        "transfers-open",
        "哪些未付、逾期、分期",
        "what is unpaid, late or in instalments",
        f"""WITH RECURSIVE {SETTLED}
SELECT CASE WHEN payee LIKE 'fund:%' THEN '' ELSE payee END AS county, payer, payer_name, payee_name, year, scheme, voucher, part, parts, due_on,
  {_yuan("amount_fen", "amount")}, {_yuan("coalesce(fen, 0)", "paid")},
  {_yuan("coalesce(held_fen, 0)", "withheld")},
  {_yuan("amount_fen - coalesce(fen, 0) - coalesce(held_fen, 0)", "unpaid")}, greatest(CAST(current_date AS DATE) - due_on, 0) AS days_late
FROM owed LEFT JOIN paid USING (posting) LEFT JOIN held USING (posting)
WHERE amount_fen <> coalesce(fen, 0) + coalesce(held_fen, 0) AND {OPEN} ORDER BY due_on, posting""",
        ("county", "payer"),
    ),
    Question(
        17,
        "transfers-compare",
        "与另一县逐步比较",
        "step tables of counties side by side",
        """SELECT coalesce(c.county, s.place) AS county, c.section_name, r.year, r.scheme, s.stage, s.operation, s.step_name, s.period, s.value_exact, s.unit FROM transfer_step s JOIN transfer_standing_run r USING (transfer_run)
LEFT JOIN transfer_section c ON c.transfer_run = s.transfer_run AND c.section = s.place
WHERE s.place <> '' ORDER BY r.year, r.scheme, s.operation, s.step_name, s.period, s.place""",
    ),
    Question(
        18,
        "transfers-as-of",
        "某日审计看到什么：全部分录含冲销",
        "every posting with the time it was booked, reversals included",
        f"""SELECT p.posting, p.transfer_run, r.made_at AS booked_at, r.year, r.scheme, r.scheme_version, p.voucher, p.payer, p.payee, {_yuan("p.amount_fen", "amount")}, p.posting_kind, p.reverses,
  r.reason AS run_reason, r.results_sha256 FROM transfer_posting p JOIN transfer_run r USING (transfer_run) ORDER BY p.posting""",
        ("payer", "payee"),
    ),
    Question(
        19,
        "transfers-run-off",
        "协议不续签还要付什么",
        "what is still due if the agreement is not renewed",
        f"""SELECT f.payer, f.payee, r.scheme, f.operation, f.due_year AS year, {_yuan("f.amount_fen", "amount")} FROM transfer_future f JOIN transfer_standing_run r USING (transfer_run)
WHERE r.year = (SELECT max(year) FROM transfer_standing_run m WHERE m.scheme = r.scheme) ORDER BY ALL""",
        ("payer", "payee"),
    ),
)
"""Question 20, what is already pledged, sold or counted, is answered by the encumbrance register."""

NAMED = {question.name: (f"{question.number}. {question.en}", question.sql) for question in QUESTIONS}
