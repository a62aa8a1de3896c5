"""VEP of a project parcel: which of its two meanings, products with what can be realised of them, cash flow, loan cover.

No text prescribes a formula or a rate. So the meaning, the rate, the years and the shares are the user's, stated and printed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from gep.files.no_source import names_no_source
from gep.files.schema import Part
from gep.files.yaml_lines import name_key, read_typed_document, validate_document
from gep.formula.nodes import Constant, Total
from gep.messages.problems import Problems
from gep.messages.texts import say
from gep.messages.title import Title
from gep.reference.regions import look_up_division
from gep.units.money import round_to_fen
from gep.worked.calculation import Calculation, Figure, Given, describe, give_members, give_one, make_leaf, make_rule
from gep.worked.written import Reader, Written

if TYPE_CHECKING:
    from pathlib import Path

    from gep.files.yaml_lines import Document
    from gep.formula.nodes import Node, Rule

MARKET, INCREMENT = "market-value", "project-increment"
MEANINGS = {
    MARKET: Title("特定地域单元生态产品的市场价值", "market value of the products of the area"),
    INCREMENT: Title("项目带来的增量（项目级 GEP 增量）", "increment that the project brings"),
}
TIMINGS = {"year-end": ("0", 0.0), "mid-year": ("1/2", 0.5)}
MOST_YEARS = 100
FIRST_YEAR, LAST_YEAR = 1990, 2100
KEYS = "meaning, county, parcel, title, first_year, years, rate, timing, products, costs, author, basis"
_make = partial(make_rule, source="this-project", clause="cash flow of a parcel", mark="D")
ONE = Constant(1.0, "1", "1")


class _Flow(Part):
    id: str
    yearly: Written
    source: str
    title: str = ""
    realisable: Written | None = None
    without: Written | None = None
    first: int | None = None
    last: int | None = None


class _Loan(Part):
    principal: Written
    rate: Written
    years: int
    source: str


class _Document(Part):
    meaning: Literal["market-value", "project-increment"]
    county: str
    parcel: str
    title: str
    first_year: int
    years: int
    rate: Written
    timing: Literal["year-end", "mid-year"]
    products: tuple[_Flow, ...]
    costs: tuple[_Flow, ...]
    author: str
    basis: str
    loan: _Loan | None = None


@dataclass(frozen=True)
class Parcel:
    """A parcel's VEP, computed: cash flow by year, its present value, and how often it covers a loan's instalments.

    Attributes
    ----------
    text  : the document as read
    yearly : cases are the years; rules `income`, `expense`, `net`, and with a loan `instalment` and `cover`
    whole  : rule `vep`, and with a loan `loan_to_value`; yuan
    """

    text: str
    meaning: str
    county: str
    number: str
    title: str
    author: str
    basis: str
    rate: str
    timing: str
    years: tuple[int, ...]
    products: tuple[str, ...]
    yearly: Calculation
    whole: Calculation

    @property
    def has_loan(self) -> bool:
        """Whether the document asks what a loan is covered by."""
        return "cover" in self.yearly.evaluation.results

    @property
    def vep_fen(self) -> int:
        """The present value, whole fen."""
        return round_to_fen(self.whole.value("vep"))

    def year(self, case: int) -> dict[str, Any]:
        """Return a year's cash flow as plain values; yuan."""
        found = self.yearly
        names = ("income", "expense", "net", *(("instalment", "cover") if self.has_loan else ()))
        return {"year": self.years[case], **{name: found.known(name, case) for name in names}}

    @property
    def least_cover(self) -> float | None:
        """How often the poorest year with an instalment covers it; None without a loan."""
        covers = [value for case in range(len(self.years)) if (value := self.year(case).get("cover")) is not None]
        return min(covers) if covers else None

    @property
    def loan_to_value(self) -> float | None:
        """The loan over the present value; None without a loan, or where nothing is left to lend on."""
        return self.whole.known("loan_to_value") if self.has_loan and self.vep_fen > 0 else None

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values; money in yuan, the present value in fen too."""
        return {
            "kind": "VEP",
            "meaning": self.meaning,
            "meaning_zh": MEANINGS[self.meaning].zh,
            "meaning_en": MEANINGS[self.meaning].en,
            "county": self.county,
            "parcel": self.number,
            "title": self.title,
            "author": self.author,
            "basis": self.basis,
            "rate": self.rate,
            "timing": self.timing,
            "products": list(self.products),
            "cash_flow": [self.year(case) for case in range(len(self.years))],
            "vep_fen": self.vep_fen,
            "least_cover": self.least_cover,
            "loan_to_value": self.loan_to_value,
            "explained": [*describe(self.whole.explain("vep")), *describe(self.yearly.explain("net", 0))],
        }


def read_parcel(path: Path) -> Parcel:
    """Return the VEP of a YAML document, computed.

    Raises
    ------
    Problems : a meaning that is not stated, products without a realisable share, an increment without what would be there
               anyway, years beyond the horizon, a loan longer than the cash flow
    """
    document = read_typed_document(path, say("the file holds no VEP"), say("a map with {keys}", keys=KEYS))
    return make_parcel(document)


def make_parcel(document: Document) -> Parcel:
    """Return the VEP of a document, computed.

    Raises
    ------
    Problems : as `read_parcel`
    """
    model = validate_document(_Document, document)
    reader = Reader()
    for key in ("county", "parcel", "title", "author", "basis"):
        if not getattr(model, key).strip():
            reader.tell(document.file, document.line((key,)), say("{key} is missing", key=key), say("a text"))
    if model.county.strip():
        try:
            look_up_division(model.county, f"{document.file}:{document.line(('county',))}")
        except Problems as error:
            reader.problems += error.problems
    if not FIRST_YEAR <= model.first_year <= LAST_YEAR:
        expected = say("a whole number from {least} to {most}", least=FIRST_YEAR, most=LAST_YEAR)
        reader.tell(
            document.file,
            document.line(("first_year",)),
            say("{name} is {text!r}", name="first_year", text=str(model.first_year)),
            expected,
        )
    if not 1 <= model.years <= MOST_YEARS:
        expected = say("a whole number from {least} to {most}", least=1, most=MOST_YEARS)
        reader.tell(
            document.file, document.line(("years",)), say("{name} is {text!r}", name="years", text=str(model.years)), expected
        )
    if not model.products:
        reader.tell(document.file, document.line(("products",)), say("{key} is missing", key="products"), say("at least one"))
    for side in ("products", "costs"):
        ids = [one.id for one in getattr(model, side)]
        for at, name in enumerate(ids):
            if name in ids[:at]:
                expected = say("each product and cost once")
                reader.tell(document.file, document.line((side, str(at), "id")), say("{what} stands twice", what=name), expected)
    rate = _read_share(reader, document, ("rate",), model.rate)
    years = tuple(range(model.first_year, model.first_year + min(max(model.years, 1), MOST_YEARS)))
    flows = {
        side: [_read_flow(reader, document, model, side, at, years) for at in range(len(getattr(model, side)))]
        for side in ("products", "costs")
    }
    loan = None if model.loan is None else _read_loan(reader, document, model.loan, years)
    reader.refuse()
    if rate is None:
        raise AssertionError
    yearly = _make_yearly(model, years, flows["products"], flows["costs"], loan)
    whole = _make_whole(model, document, years, rate.from_(model.basis), yearly, loan)
    return Parcel(
        document.text,
        model.meaning,
        model.county,
        model.parcel.strip(),
        model.title,
        model.author,
        model.basis,
        model.rate,
        model.timing,
        years,
        tuple(one.title or one.id for one in model.products),
        yearly,
        whole,
    )


def _read_share(reader: Reader, document: Document, path: tuple[str, ...], text: str) -> Figure | None:
    if "%" not in text and "％" not in text:
        found = say("{name} is {text!r}", name=name_key(path, document.content), text=text)
        reader.tell(document.file, document.line(path), found, say("a percentage with its sign, such as 3 %"))
        return None
    return reader.amount(document.file, document.line(path), name_key(path, document.content), text, "1", most=1)


@dataclass(frozen=True)
class _Read:
    yearly: Figure
    realisable: Figure
    without: Figure
    first: int
    last: int


def _read_flow(reader: Reader, document: Document, model: _Document, side: str, at: int, years: tuple[int, ...]) -> _Read | None:
    one: _Flow = getattr(model, side)[at]
    path = (side, str(at))
    line = document.line(path)
    yearly = reader.amount(document.file, line, "yearly", one.yearly, "CNY/yr")
    whole, nothing = Figure(1.0, "100 %", ""), Figure(0.0, "0 CNY/yr", "")
    realisable: Figure | None = whole
    without: Figure | None = nothing
    if names_no_source(one.source):
        reader.tell(document.file, line, say("{key} is missing", key="source"), say("where the figure is from"))
    if side == "products":
        if one.realisable is None:
            found = say("{key} is missing", key="realisable")
            reader.tell(document.file, line, found, say("the share of the product that can be sold, 100 % where all of it can"))
        else:
            realisable = _read_share(reader, document, (*path, "realisable"), one.realisable)
        if model.meaning == INCREMENT and one.without is None:
            found = say("{key} is missing", key="without")
            reader.tell(document.file, line, found, say("what the parcel would yield without the project, 0 where nothing"))
        elif model.meaning == MARKET and one.without is not None:
            found = say("{name} is {text!r}", name="without", text=one.without)
            reader.tell(document.file, line, found, say("no such key: a market value is no increment"))
        elif one.without is not None:
            without = reader.amount(document.file, line, "without", one.without, "CNY/yr")
    first, last = one.first or years[0], one.last or years[-1]
    if not years[0] <= first <= last <= years[-1]:
        found = say("the flow runs from {first} to {last}", first=first, last=last)
        reader.tell(document.file, line, found, say("years from {first} to {last}", first=years[0], last=years[-1]))
    if yearly is None or realisable is None or without is None:
        return None
    origin = "-" if names_no_source(one.source) else one.source
    return _Read(
        yearly.from_(origin),
        realisable.from_(origin) if realisable.address else realisable,
        without.from_(origin) if without.address else without,
        first,
        last,
    )


def _read_loan(reader: Reader, document: Document, loan: _Loan, years: tuple[int, ...]) -> tuple[Figure, Figure, int] | None:
    line = document.line(("loan",))
    principal = reader.amount(document.file, line, "principal", loan.principal, "CNY", above=0, least=None)
    rate = _read_share(reader, document, ("loan", "rate"), loan.rate)
    if not 1 <= loan.years <= len(years):
        found = say("the loan runs {years} years, the cash flow {count}", years=loan.years, count=len(years))
        reader.tell(document.file, line, found, say("a loan that ends with the cash flow"))
    if names_no_source(loan.source):
        reader.tell(document.file, line, say("{key} is missing", key="loan.source"), say("a text"))
    if principal is None or rate is None:
        return None
    return principal.from_(loan.source), rate.from_(loan.source), loan.years


def _make_yearly(
    model: _Document,
    years: tuple[int, ...],
    products: list[_Read | None],
    costs: list[_Read | None],
    loan: tuple[Figure, Figure, int] | None,
) -> Calculation:
    yearly = make_leaf("yearly", "v", "CNY/yr", "年收益", "income a year", ("product",))
    share = make_leaf("realisable", "w", "1", "可变现比例", "share that can be sold", ("product",))
    without = make_leaf("without", "v0", "CNY/yr", "无项目年收益", "income without the project", ("product",))
    cost = make_leaf("cost", "e", "CNY/yr", "年成本", "cost a year", ("cost",))
    income = _make(
        "income", "I", "CNY/yr", "可变现收益", "income that can be realised", Total((yearly - without) * share, "product")
    )
    expense = _make(
        "expense", "E", "CNY/yr", "保护、修复与利用成本", "cost of protection, restoration and use", Total(cost, "cost")
    )
    net = _make("net", "N", "CNY/yr", "净现金流", "net cash flow", income - expense)
    rules: list[Rule] = [income, expense, net]
    nothing = Figure(0.0, "0 CNY/yr", "")

    def in_years(flows: list[_Read], name: str) -> tuple[tuple[Figure, ...], ...]:
        rows = [tuple(getattr(one, name) if one.first <= year <= one.last else nothing for one in flows) for year in years]
        return tuple(row or (nothing,) for row in rows)

    sold, paid = [one for one in products if one], [one for one in costs if one]
    givens: list[Given] = [
        Given(yearly, in_years(sold, "yearly")),
        Given(without, in_years(sold, "without")),
        give_members(share, [one.realisable for one in sold]),
        Given(cost, in_years(paid, "yearly")),
    ]
    if loan is not None:
        principal, rate, length = loan
        amount = make_leaf("principal", "P", "CNY", "贷款本金", "principal")
        interest = make_leaf("loan_rate", "i", "1", "贷款利率", "rate of the loan")
        span = make_leaf("loan_years", "m", "1", "贷款年数", "years of the loan")
        due = make_leaf("due", "d", "1", "当年是否还款", "whether the year has an instalment")
        formula: Node = (
            amount * interest / (ONE - (ONE + interest) ** (Constant(0.0, "1", "0") - span)) if rate.value else amount / span
        )
        instalment = _make(
            "instalment", "S", "CNY/yr", "等额年还本付息", "instalment, level", due * formula / Constant(1.0, "yr", "1")
        )
        rules += [instalment, _make("cover", "DSCR", "1", "偿债覆盖倍数", "cover of the instalment", net / instalment)]
        flags = [Figure(1.0 if at < length else 0.0, "", "") for at in range(len(years))]
        givens += [
            give_one(amount, principal),
            give_one(interest, rate),
            give_one(span, Figure(float(length), str(length), principal.address)),
        ]
        givens.append(Given(due, tuple((one,) for one in flags)))
    return Calculation(tuple(rules), tuple(givens), tuple(map(str, years)), tuple(one.id for one in model.products))


def _make_whole(
    model: _Document,
    document: Document,
    years: tuple[int, ...],
    rate: Figure,
    yearly: Calculation,
    loan: tuple[Figure, Figure, int] | None,
) -> Calculation:
    net = make_leaf("net", "N", "CNY/yr", "净现金流", "net cash flow", ("year",))
    year = make_leaf("year", "t", "1", "第几年", "year", ("year",))
    discount = make_leaf("rate", "r", "1", "折现率", "discount rate")
    text, part = TIMINGS[model.timing]
    step = Constant(1.0, "yr", "1")
    vep = _make(
        "vep",
        "VEP",
        "CNY",
        "现值",
        "present value",
        step * Total(net / (ONE + discount) ** (year - Constant(part, "1", text)), "year"),
    )
    rules: list[Rule] = [vep]
    flows = [
        Figure(yearly.value("net", at), f"N {one}", f"{document.file}:{document.line(('products',))}")
        for at, one in enumerate(years)
    ]
    givens: list[Given] = [
        give_members(net, flows),
        give_members(year, [Figure(float(at + 1), "", "") for at in range(len(years))]),
        give_one(discount, rate),
    ]
    if loan is not None:
        amount = make_leaf("principal", "P", "CNY", "贷款本金", "principal")
        rules.append(_make("loan_to_value", "LTV", "1", "贷款与现值之比", "loan to value", amount / vep))
        givens.append(give_one(amount, loan[0]))
    return Calculation(tuple(rules), tuple(givens), (model.title,), tuple(map(str, years)))
