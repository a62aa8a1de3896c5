"""Rules on pixels: each pixel an account of its own, whose leaves are looked up by zone and class.

The rule trees, their evaluation and the choice of coefficients are those of the county account; nothing of a formula is
written here. A pixel has one ecosystem type, so the ecosystem axis has length 1 and a sum over it is the pixel itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gep.formula.evaluate import UNKNOWN, Evaluation, EvaluationInputs, Step
from gep.formula.nodes import ECOSYSTEM, POLLUTANT, RANK, Coefficient, Fold, Node, Observed, Rule, Total
from gep.formula.show import show_equation
from gep.formula.walk import list_leaves, list_rules_named, walk_parts
from gep.messages.problems import Problem, Problems, refuse, refuse_one
from gep.messages.texts import Joined, Name, join_list, name_id, say
from gep.reference.members import WHOLE
from gep.reference.services import SERVICE_TITLES
from gep.rules.catalogue import RULES
from gep.rules.gep import make_service_value
from gep.rules.service import STATED
from gep.space.drivers.reading import name_leaf
from gep.space.maps.degree import AREA, NotPerArea, find_area_degree, find_missing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from gep.account.binding import Binding
    from gep.formula.evaluate import Flags, Floats
    from gep.messages.title import Title
    from gep.rules.service import Line
    from gep.standards.plan import Counted, Plan


@dataclass(frozen=True)
class Layer:
    """A raster to be made: a rule or a sum of lines in `unit`, one band a pollutant where it varies by pollutant.

    `counted` says of each ecosystem type, and `applies` of each zone, whether the service counts there; `leaves` are all
    variables and coefficients below it.
    """

    id: str
    service: str
    kind: str
    title: Title
    unit: str
    node: Node
    rule: str
    variant: str
    equation: str
    bands: tuple[str, ...]
    places: tuple[int, ...]
    counted: Flags
    applies: Flags
    leaves: frozenset[str]


def make_unit_per_area(unit: str) -> str:
    """Return the unit of an amount over km²: m^3/yr becomes m^3/km^2/yr."""
    return unit.replace("/yr", "/km^2/yr") if "/yr" in unit else f"{unit}/km^2"


def name_picture(layer: Layer, band: str) -> str:
    """Return the file name of a band's picture."""
    return f"{layer.id}.{band}.png" if band else f"{layer.id}.png"


@dataclass(frozen=True)
class PixelRules:
    """The steps that the layers need, and the tables their leaves are looked up in.

    Attributes
    ----------
    tables : leaf id → floats of shape (zone or 1, ecosystem or 1, pollutant or 1, 1)
    counted : flags over pollutants, by service
    ecosystems : the members of the tables' ecosystem axis
    """

    steps: tuple[Step, ...]
    tables: Mapping[str, Floats]
    counted: Mapping[tuple[str, str], Flags]
    ecosystems: tuple[str, ...]
    layers: tuple[Layer, ...]

    def evaluate(
        self, zone: NDArray[np.integer], ecosystem: NDArray[np.integer], area: Floats, drivers: Mapping[str, Floats]
    ) -> list[Floats]:
        """Return each layer's values at some pixels, in the layer's unit, shape (pixels, bands); NaN where a figure is missing.

        Parameters
        ----------
        zone, ecosystem : positions in the tables; `zone` has length 1 where all pixels lie in one
        area    : km²
        drivers : leaf id → values in the leaf's unit
        """
        arrays = {name: _one_a_pixel(values) for name, values in drivers.items()}
        arrays[AREA] = _one_a_pixel(area)
        for name, table in self.tables.items():
            if name not in arrays:
                arrays[name] = _looked_up(table, zone, ecosystem)
        evaluation = Evaluation(self.steps, EvaluationInputs(len(area), arrays, {}, self.counted))
        evaluation.run()
        found = []
        for layer in self.layers:
            values = evaluation.value(layer.node, layer.service)
            values = np.broadcast_to(values, (len(area), 1, values.shape[2], 1))[:, 0, :, 0]
            found.append(values[:, list(layer.places)] if layer.places else values[:, :1])
        return found


def _one_a_pixel(values: Floats) -> Floats:
    return values.reshape(-1, *(1,) * (RANK - 1))


def _looked_up(table: Floats, zone: NDArray[np.integer], ecosystem: NDArray[np.integer]) -> Floats:
    """Return a table's values at pixels; one that varies over neither axis is left as it is."""
    zones, types = table.shape[:2]
    if zones == 1 and types == 1:
        return table
    if types == 1:
        return np.take(table[:, 0], zone, axis=0)[:, None]
    key = ecosystem if zones == 1 else zone * types + ecosystem
    return np.take(table.reshape(zones * types, *table.shape[2:]), key, axis=0)[:, None]


def make_pixel_rules(
    plan: Plan, binding: Binding, drivers: Iterable[str], services: Sequence[str], also: Sequence[str] = ()
) -> tuple[PixelRules, list[str]]:
    """Return the rules of some services on pixels, and sentences about lines that cannot be mapped.

    Parameters
    ----------
    binding : of accounts that list every ecosystem type, one account a zone
    drivers : leaves that come from rasters
    also    : further rules to write, such as soil_retention.amount

    Raises
    ------
    Problems : a service the standard does not count, that is no sum over area, or that lacks a figure
    """
    maker = _Maker(plan, binding, frozenset(drivers))
    layers: list[Layer] = []
    problems: list[Problem] = []
    for service in services:
        part = plan.counted.get(service)
        if part is None:
            problems.append(
                Problem(
                    "--service",
                    0,
                    say("{standard} does not count {service!r}", standard=plan.standard.id, service=service),
                    say("one of {names}", names=join_list(plan.counted)),
                )
            )
            continue
        try:
            layers += maker.layers_of(service, part)
        except Problems as error:
            problems += error.problems
    for name in also:
        if any(layer.rule == name and layer.kind == "quantity" for layer in layers):
            continue  # a line of a service that is mapped
        try:
            layers.append(maker.layer_of_rule(name))
        except Problems as error:
            problems += error.problems
    unused = sorted(maker.drivers - {leaf for layer in layers for leaf in maker.leaves_of(layer.node)})
    if layers:
        problems += [
            Problem(
                "--driver",
                0,
                say(
                    "{variable} is used by no rule of {services} in {standard}",
                    variable=name_leaf(name),
                    services=join_list(map(_service, services)),
                    standard=plan.standard.id,
                ),
                "a driver that a rule asks for",
                say(
                    "the rules ask for {variables}",
                    variables=join_list(
                        map(name_leaf, sorted({leaf for layer in layers for leaf in maker.leaves_of(layer.node)} - {AREA}))
                    ),
                ),
            )
            for name in unused
        ]
    refuse(problems)
    return maker.rules(layers), maker.told


_OF_COUNTY = "(county)"
"""After the id of a rule: its figure of the county."""


class _Maker:
    """Collects layers, the steps below them and the tables they need."""

    def __init__(self, plan: Plan, binding: Binding, drivers: frozenset[str]) -> None:
        self.plan, self.binding, self.drivers = plan, binding, drivers
        self.steps = {step.rule.id: step for step in plan.steps}
        self.told: list[str] = []
        self.known = {AREA, *drivers} | {
            name
            for name, array in binding.bound.arrays.items()
            if not np.isnan(array).all() and not _is_extent(plan, name) and array.shape[3] == 1
        }
        self.of_counties = self._take_counties()
        self.known |= set(self.of_counties)

    def _take_counties(self) -> dict[str, Floats]:
        """Return the results of rules that add up members a county lists, as rain day by day, where no raster has a part in them.

        Such a rule has one figure a county or type, on every pixel; its step becomes that figure.
        """
        listing = [step for step in self.steps.values() if self._adds_up_members(step)]
        if not listing:
            return {}
        evaluation = Evaluation(self.plan.steps, self.binding.bound)
        evaluation.run()
        found = {}
        for step in listing:
            result = evaluation.results[step.rule.id]
            if result.shape[3] == 1 and not np.isnan(result).all():
                rule = step.rule
                figure = Coefficient(f"{rule.id} {_OF_COUNTY}", rule.symbol, rule.unit, rule.axes, rule.title)
                self.steps[rule.id] = replace(step, formula=figure, factor=1.0)
                found[figure.id] = result
        return found

    def _adds_up_members(self, step: Step) -> bool:
        parts = list(walk_parts(step.formula))
        over = {part.over for part in parts if isinstance(part, Total | Fold)} - {ECOSYSTEM, POLLUTANT}
        return bool(over) and not self.leaves_of(step.formula) & {AREA, *self.drivers}

    def layers_of(self, service: str, part: Counted) -> list[Layer]:
        """Return the quantities and the value of a service as layers, one each.

        Raises
        ------
        Problems : the service is no sum over area, or lacks a figure
        """
        if part.value.id in self.steps and self.steps[part.value.id].variant == STATED:
            raise _cannot(_service(service), say("its value is taken over from elsewhere"), "")
        reasons, lines = [], []
        for line in part.lines:
            why = self._why_not(line)
            if why:
                reasons.append(say("{code}: {found}", code=name_id(line.id, {line.id: line}), found=why))
            else:
                lines.append(line)
        if not lines:
            raise _cannot(_service(service), Joined(reasons, "; ", "；") if reasons else say("it has no line"), self._hint(part))
        self.told += [say("not mapped: {reason}", reason=reason) for reason in reasons]
        found = [self._layer(rule, service, "quantity", f"{rule.id}") for line in lines for rule in line.quantities]
        lacking = sorted({leaf for line in lines for leaf in find_missing(line.value, self.steps, self.known)})
        if self.plan.standard.physical:
            return found
        if lacking:
            self.told.append(
                say(
                    "no value of {service}: {lacking} is not known; quantities only",
                    service=_service(service),
                    lacking=join_list(map(name_leaf, lacking)),
                )
            )
        else:
            found.append(self._value(service, part, lines))
        return found

    def layer_of_rule(self, name: str) -> Layer:
        """Return a rule as a layer, in the rule's unit.

        Raises
        ------
        Problems : the standard computes no such rule, it is no sum over area, or lacks a figure
        """
        step = self.steps.get(name)
        if step is None:
            refuse_one(
                "--also",
                say("{name!r} is not a rule that the standard computes", name=name),
                say("one of {names}", names=join_list(self.steps)),
            )
        why = self._why_not_rule(step.rule)
        if why:
            raise _cannot(name_id(name, RULES), why, "")
        return self._layer(step.rule, step.scope, "quantity", name)

    def _why_not(self, line: Line) -> str:
        whys = [self._why_not_rule(rule) for rule in line.quantities]
        return next((why for why in whys if why), "" if line.quantities else say("it has no quantity"))

    def _why_not_rule(self, rule: Rule) -> str:
        try:
            degree = find_area_degree(rule, self.steps, self.known)
        except NotPerArea as error:
            return say("by {variant} it is not a sum over area ({why})", variant=self.steps[rule.id].variant, why=error.args[0])
        if degree != 1:
            return say("by {variant} it is a total of the county, not an amount per area", variant=self.steps[rule.id].variant)
        lacking = find_missing(rule, self.steps, self.known)
        if lacking:
            refuse_one(
                "--driver",
                say("{rule} needs {lacking}", rule=name_id(rule.id, RULES), lacking=join_list(map(name_leaf, sorted(lacking)))),
                "a raster (--driver ID=FILE) or rows of a table (--inputs)",
                say(
                    "by {variant}: {equation}",
                    variant=self.steps[rule.id].variant,
                    equation=show_equation(rule, self.steps[rule.id].formula),
                ),
            )
        return ""

    def _hint(self, part: Counted) -> str:
        options = []
        for line in part.lines:
            for rule in line.quantities:
                for name, variant in RULES[rule.id].variants.items():
                    try:
                        if find_area_degree(variant.expression, self.steps, None) == 1:
                            options.append(f"{rule.id}: {name}")
                    except (NotPerArea, KeyError):
                        continue
        return say("a standard of your own may choose {options}", options=Joined(options, " or ", " 或 ")) if options else ""

    def _layer(self, rule: Rule, service: str, kind: str, identity: str) -> Layer:
        step = self.steps[rule.id]
        names, places = self._bands(rule, service)
        return Layer(
            f"{identity}.{kind}",
            service,
            kind,
            rule.title,
            rule.unit,
            rule,
            rule.id,
            step.variant,
            show_equation(rule, step.formula),
            names,
            places,
            self._counted(service),
            self._applies(service),
            frozenset(self.leaves_of(rule)),
        )

    def _value(self, service: str, part: Counted, lines: list[Line]) -> Layer:
        rule = make_service_value(part.service, {line.id for line in lines})
        formula = rule.variants["lines"].expression
        return Layer(
            f"{service}.value",
            service,
            "value",
            rule.title,
            rule.unit,
            formula,
            rule.id,
            "lines",
            show_equation(rule, formula),
            ("",),
            (),
            self._counted(service),
            self._applies(service),
            frozenset(self.leaves_of(formula)),
        )

    def _bands(self, rule: Rule, service: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
        if POLLUTANT not in rule.axes:
            return ("",), ()
        kinds = self.plan.standard.choices[service].pollutants
        pairs = [(name, at) for at, name in enumerate(self.binding.labels.pollutant) if name in kinds]
        return tuple(name for name, _ in pairs), tuple(at for _, at in pairs)

    def _counted(self, service: str) -> Flags:
        types = self.binding.labels.ecosystem
        flags = self.binding.bound.counted.get((service, ECOSYSTEM))
        found = np.ones(len(types), dtype=bool) if flags is None else flags[0, :, 0, 0].copy()
        found[[at for at, name in enumerate(types) if name in {WHOLE, "\0", "unclassified"}]] = False
        return found

    def _applies(self, service: str) -> Flags:
        flags = self.binding.bound.inapplicable.get(service)
        every = np.ones(self.binding.bound.accounts, dtype=bool)
        return every if flags is None else ~np.broadcast_to(flags, (len(every), 1, 1, 1))[:, 0, 0, 0]

    def _needed(self, node: Node) -> dict[str, Step]:
        """Return the steps below a node, each after those it names."""
        found: dict[str, Step] = {}
        for rule in [node] if isinstance(node, Rule) else list_rules_named(node):
            step = self.steps[rule.id]
            found |= self._needed(step.formula)
            found[rule.id] = step
        return found

    def leaves_of(self, node: Node) -> set[str]:
        return {leaf.id for part in [node, *(step.formula for step in self._needed(node).values())] for leaf in list_leaves(part)}

    def rules(self, layers: list[Layer]) -> PixelRules:
        steps: dict[str, Step] = {}
        for layer in layers:
            steps |= self._needed(layer.node)
        wanted = {leaf.id for step in steps.values() for leaf in list_leaves(step.formula)} & self.known - self.drivers - {AREA}
        tables = {name: self.of_counties.get(name, self.binding.bound.arrays.get(name, UNKNOWN)) for name in sorted(wanted)}
        counted = {key: flags for key, flags in self.binding.bound.counted.items() if key[1] == POLLUTANT}
        return PixelRules(tuple(steps.values()), tables, counted, self.binding.labels.ecosystem, tuple(layers))


def _is_extent(plan: Plan, name: str) -> bool:
    leaf = plan.observed.get(name)
    return isinstance(leaf, Observed) and leaf.extent


def _service(name: str) -> str:
    return Name(name, f"{SERVICE_TITLES[name][1].zh}（{name}）") if name in SERVICE_TITLES else name


def _cannot(what: str, why: str, hint: str) -> Problems:
    return Problems(
        [Problem("--service", 0, say("{what} cannot be mapped: {why}", what=what, why=why), "an amount per area", hint)]
    )
