"""Other cultural services: lines that a standard of one's own declares, and what people say they would pay."""

from gep.reference.services import CULTURAL
from gep.rules.service import Service
from gep.rules.willingness import make_willingness_line

SERVICE = Service("other_cultural", CULTURAL, (make_willingness_line("other_cultural", "oc"),), seea="other")
