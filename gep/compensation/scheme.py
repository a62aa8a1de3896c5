"""The scheme as a document: what a compensation rule states, as pydantic reads it. Nothing is computed here."""

from __future__ import annotations

from datetime import date  # noqa: TC003 - pydantic needs it
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from gep.explain.wanted_figure import FromAccount  # noqa: TC001 - pydantic needs it
from gep.files.schema import BilingualTitle, Part
from gep.reference.marks import Mark  # noqa: TC001 - pydantic needs it

REQUIRED = "REQUIRED"
"""Stands where no published text gives the value; the scheme is refused until a document of one's own states it."""
HORIZONTAL = "horizontal"
SELF = "self"
UPSTREAM, DOWNSTREAM = "upstream", "downstream"
ENDS = (SELF, UPSTREAM, DOWNSTREAM)
"""Words for a payer or payee that differs from member to member, or from section to section."""
FUND = "fund:"
NEXT_YEAR = "next_year"
LARGEST_REMAINDER = "largest_remainder"

DAY = r"^(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])$|^(0[469]|11)-(0[1-9]|[12][0-9]|30)$|^02-(0[1-9]|1[0-9]|2[0-8])$"
DAY_OF_MONTH = r"^(0[1-9]|1[0-9]|2[0-8]|last)$"
FIRST_OF_MONTH = r"^(0[1-9]|1[0-2])-01$"
PLACE = r"^[\w][\w.-]{0,39}$"
CODE, NAME, ID = r"^[0-9]{6}$", r"^[a-z][a-z0-9_]*$", r"^[a-z][a-z0-9-]*$"
IN_WORDS = {
    DAY: "a day that every year has, as MM-DD",
    f"^$|{DAY}": "a day that every year has, as MM-DD",
    f"{DAY}|{DAY_OF_MONTH}": "a day that every year has, as MM-DD",
    FIRST_OF_MONTH: "the first of a month, as MM-01",
    CODE: "six digits",
    PLACE: "a code, or the id of a unit: letters, digits, points, hyphens and underscores",
    NAME: "small letters, digits and _",
    ID: "small letters, digits and -",
}
"""What texts must look like, and how that is said."""
Expression = Any
"""A formula as text (`p <= p_limit and not accident`), or in the old spelling a map; read by `formulas.read_formulas`."""


class Legal(Part):
    """A text the scheme rests on, and how far it was read: V read in a published copy, K from memory, D our own choice."""

    title: str
    number: str = ""
    issuer: str
    date: str
    locator: str
    mark: Mark


class Effective(Part):
    """From and to which day the version is in force: it rules those days, of whatever year.

    With `on` the version in force on that day rules the whole year. `part` says how money of a period counts of which only some
    days are in force: by days, by months (a month counts where its last day does), or whole; unstated it is refused.
    """

    from_: date = Field(alias="from")
    to: date | None = None
    on: str = Field(default="", pattern=f"^$|{DAY}")
    part: Literal["", "days", "months", "whole"] = ""


class Agreement(Part):
    """The seven items that a written agreement must state (生态保护补偿条例, in force 2024-06-01, art. 14-17)."""

    scope: str = Field(min_length=1)
    goals: str = Field(min_length=1)
    duties: str = Field(min_length=1)
    mode: str = Field(min_length=1)
    term: str = Field(min_length=1)
    breach: str = Field(min_length=1)
    other: str = Field(min_length=1)


@dataclass(slots=True, frozen=True, config=ConfigDict(extra="forbid"))
class Party:
    """A payer or payee outside or inside the members; `code` is the GB/T 2260 code where there is one.

    Not a `Part`, which takes five times the memory: a table may name a million.
    """

    code: str = ""
    name: str = ""


class CountiesOf(Part):
    """All counties of a province or prefecture, or the parts of a unit of somebody's own: a group, a basin."""

    counties_of: str = Field(pattern=PLACE)
    dated: Literal["yes", "no"] = "no"
    """yes: the counties of the year that is computed, also those that were merged since, whether or not a row names them."""


class Section(Part):
    """A monitoring section: the member it speaks for, and who lies above and below it.

    `party` is the one above where it is not stated. In a payment by section `from` and `to` may be `upstream` and `downstream`.
    """

    name: str
    party: str = ""
    upstream: str = ""
    downstream: str = ""

    @property
    def member(self) -> str:
        """The member it speaks for."""
        return self.party or self.upstream


class Accounts(Part):
    """Codes of the subjects money leaves from and arrives on; see coefficients/schemes/accounts.csv."""

    from_: str = Field(alias="from")
    to: str
    mark: Mark


class FromIndicators(Part):
    """What a set of indicators comes to for each member, for an input; the figures are handed in with the facts."""

    set: str
    """Id of a shipped set, or its file beside the scheme."""
    target: int
    """The target year the figures are judged against."""
    figure: Literal["score", "value", "met"] = "score"
    of: str = ""
    """An indicator of the set; empty: the score of all of them, 0 to 100."""
    common: Literal["yes", "no"] = "no"
    """yes: scored only on the indicators that are known for every place."""
    decimals: int = Field(default=6, ge=0, le=10)
    """To so many decimals the result is rounded, half to even, before it counts."""
    sha256: str = ""
    """Of the two files of the set, as the scheme was read or registered with them."""


class As(Part):
    """What the absence of a row means, and why."""

    value: str = Field(alias="as")
    because: str = Field(min_length=1)


class Input(Part):
    """A fact that is needed for every place and period."""

    indicator: str = ""
    by: Literal["party", "section", ""] = ""
    every: Literal["year", "quarter", "month", "week", "day"] = "year"
    unit: str
    range: tuple[str, str] | None = None
    missing: Literal["refuse", "skip", "carry", "REQUIRED"] | As = "refuse"
    accept: tuple[Literal["final", "restated", "provisional", "disputed"], ...] = ("final", "restated")
    group: Literal["pool", "rule", "state", "event"] = "state"
    """Where a change of it belongs in the bridge from year to year."""
    needed_if: str = ""
    """A constant: with 0 the input is switched off."""
    account: FromAccount | None = None
    indicators: FromIndicators | None = None
    title: str = ""


class Constant(Part):
    """A number the text fixes, or one for each member or each section; `REQUIRED` where no published text gives it."""

    value: str | dict[str, str]
    unit: str = "1"
    mark: Mark
    note: str = ""
    group: Literal["pool", "rule"] = "rule"


class Source(Part):
    """Where money of a fund comes from: a party, or what last year put aside."""

    from_: str = Field(default="", alias="from")
    amount: Expression = None
    carry_in: bool = False
    notice: str = ""
    accounts: Accounts | None = None


class Fund(Part):
    """Money that belongs together; at the end nothing may be left in it but by rule."""

    sources: tuple[Source, ...] = ()
    rest: str = "refuse"
    """refuse, next_year, or the party that what is left returns to."""
    residual: str = "refuse"
    """Where what separate roundings leave goes: refuse, largest_remainder, or a party."""
    title: str = ""


class Operation(Part):
    """What every money operation has."""

    name: str = Field(pattern=NAME, max_length=60)
    title: str = ""
    clause: str = ""
    when: Expression = None
    accounts: Accounts | None = None


class Allocate(Operation):
    """Shares a fund, or a part of it, out to the members by weight over a base, between floor and cap."""

    op: Literal["allocate"]
    fund: str
    by: Expression
    base: Expression = None
    floor: Expression = None
    cap: Expression = None
    amount: Expression = None


class Subpools(Operation):
    """Shares several funds out; a member in several gets only the highest, or the sum."""

    op: Literal["subpools"]
    funds: dict[str, Expression]
    overlap: Literal["highest", "sum"]


class Split(Operation):
    """Divides a fund into funds by shares that sum to 1."""

    op: Literal["split"]
    fund: str
    into: dict[str, str]


class Case(Part):
    """One way a payment may go; the first case that holds counts."""

    when: Expression = None
    from_: str = Field(alias="from")
    to: str
    amount: Expression
    reason: str = ""


class Pay(Operation):
    """Pays by the first case that holds, for every party, section and period its expressions run over."""

    op: Literal["pay"]
    cases: tuple[Case, ...] = Field(min_length=1)
    kind: Literal["payment", "award", "reclaim"] = "payment"
    within: str = ""
    """A fund that the payments may not exceed; they are scaled down to it."""
    flip: Literal["yes", "no"] = "no"
    """yes: an amount below zero goes the other way."""


class Charge(Operation):
    """Bills an amount to the members by their shares of contribution."""

    op: Literal["charge"]
    amount: Expression
    by: Expression
    to: str


class Deduct(Operation):
    """Takes back part of what operations gave a member and sends exactly that to where the scheme says."""

    op: Literal["deduct"]
    taken_from: tuple[str, ...] = Field(min_length=1)
    rate: Expression = None
    amount: Expression = None
    cap: Expression = None
    to: str | dict[str, str]
    """A party, self's counterparty, `fund:NAME`, `fund:NAME:next_year`, or parties with their shares."""


class Contract(Operation):
    """A price for a quantity, or a total, paid in instalments that close; the last takes what does not divide."""

    op: Literal["contract"]
    from_: str = Field(alias="from")
    to: str
    total: Expression = None
    quantity: Expression = None
    unit_price: Expression = None
    floor_price: Expression = None
    first_year: int
    instalments: int = Field(ge=1)


class Clear(Operation):
    """Settles amounts that sum to zero through a clearing party: who is below zero pays, who is above receives."""

    op: Literal["clear"]
    amount: Expression
    through: str
    residual: str = ""
    """The party whose amount takes up what roundings of the figures miss; empty: they must sum to zero exactly."""


AnyOperation = Annotated[Allocate | Subpools | Split | Pay | Charge | Deduct | Contract | Clear, Field(discriminator="op")]


class Due(Part):
    """When a part of what is settled is due.

    Of a year: `day` as MM-DD, in the year in which it ends (`year` 0) or a later one. Of a quarter or month: `day` as DD or
    `last`, so many `months` after its last month.
    """

    day: str = Field(pattern=f"{DAY}|{DAY_OF_MONTH}")
    year: int = Field(default=0, ge=0, le=5)
    months: int = Field(default=0, ge=0, le=24)


class WorkingDays(Part):
    """Where a due day goes that is no working day: Saturdays, Sundays and `holidays` are none, `workdays` are."""

    move: Literal["next", "previous"]
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()


class Settlement(Part):
    """How often is computed, how often is settled, how is netted, in how many parts is paid and when.

    What is settled by the quarter or month is netted within it and due after it; what is settled by the year and due on several
    days is paid in equal parts, or, where the first day lies within the year, each month on the first due day after it.
    """

    compute: Literal["month", "quarter", "year"]
    settle: Literal["year", "quarter", "month", ""] = ""
    netting: Literal["gross", "net", "all"]
    """net: within an operation, between two parties; all: across operations."""
    due: tuple[Due, ...] = Field(min_length=1)
    year_begins: str = Field(default="01-01", pattern=FIRST_OF_MONTH)
    """First day of a contract year."""
    working_days: WorkingDays | None = None
    mark: Mark


class Late(Part):
    """Interest on what is paid late: a share of it for each day (滞纳金)."""

    rate: str
    mark: Mark


class Register(Part):
    """The input whose figure of an account enters the register of encumbrances as compensated when the run is booked."""

    input: str


class Rounding(Part):
    """The one rounding step: unit, method and the order of equal claims."""

    unit: Literal["fen", "yuan", "100 yuan", "10000 yuan"]
    method: Literal["largest_remainder"]
    tie_break: tuple[Literal["remainder_desc", "weight_desc", "party_code_asc", "party_code_desc"], ...] = Field(min_length=1)
    mark: Mark


class Invariant(Part):
    """What must hold, checked at every computation; exactly one of the fields."""

    sum_is_one: tuple[str, ...] = ()
    zero_sum: str = ""
    fund_is_spent: str = ""
    equal: tuple[Expression, ...] = ()
    text: str = ""
    """What it means when it does not hold."""


class Scheme(Part):
    """A version of a scheme."""

    id: str = Field(pattern=ID, max_length=60)
    version: str = Field(min_length=1, max_length=40)
    title: BilingualTitle
    kind: Literal["vertical", "horizontal", "market"]
    mark: Mark
    extends: str = ""
    legal: tuple[Legal, ...] = Field(min_length=1)
    effective: Effective
    supersedes: tuple[str, ...] = ()
    agreement: Agreement | None = None
    parties: dict[str, Party] = Field(min_length=1)
    members: CountiesOf | tuple[str, ...]
    sections: dict[str, Section] = Field(default_factory=dict)
    accounts: Accounts
    funds: dict[str, Fund] = Field(default_factory=dict)
    inputs: dict[str, Input] = Field(default_factory=dict)
    constants: dict[str, Constant] = Field(default_factory=dict)
    values: dict[str, Expression] = Field(default_factory=dict)
    titles: dict[str, str | BilingualTitle] = Field(default_factory=dict)
    """Value or constant → what it is called on paper: in Chinese, or in both languages."""
    rule: tuple[AnyOperation, ...] = Field(min_length=1)
    settlement: Settlement
    late: Late | None = None
    register_: Register | None = Field(default=None, alias="register")
    rounding: Rounding
    invariants: tuple[Invariant, ...] = ()
    notes: dict[str, str] = Field(default_factory=dict)
    """Value without axes → what to say with every result in which it is not zero."""
    unknown: tuple[str, ...] = ()
    """What the published texts do not settle, and how the document decides; told with every result."""


UNITS = {"fen": 1, "yuan": 100, "100 yuan": 10_000, "10000 yuan": 1_000_000}
"""Rounding unit → fen."""
