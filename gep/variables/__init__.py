"""The glossary: every quantity observed in a county, with its symbol, unit, axes and the department that has it."""

from gep.formula.nodes import Observed
from gep.variables import base, cultural, material, regulating, stated

VARIABLES: dict[str, Observed] = {
    leaf.id: leaf for module in (base, material, regulating, cultural, stated) for leaf in module.ALL
}
"""All variables by id, in the order of the report."""
