"""The register of what is sold, pledged or compensated: nothing twice at a time. Entries are added and never changed; decimals are exact.

A parcel is held as a whole, a tonne of carbon by its serial number within project and vintage, and of an ecosystem service
the sum of what is held at any time may not exceed the physical quantity in the county's account of the year. Carbon tonnes
come from what was issued to a project, never from the carbon of an account: the two are different series.
"""
