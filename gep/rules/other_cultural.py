"""Other cultural services: holds the lines that a standard of one's own declares and that are none of the other services."""

from gep.reference.services import CULTURAL
from gep.rules.service import Service

SERVICE = Service("other_cultural", CULTURAL, (), seea="other")
