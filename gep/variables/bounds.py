"""Bounds of what is possible: beyond them no figure of a county, city or province can lie, so that one is a slip of a unit.

A bound per variable stands in its declaration where nature sets one; the rest are bounded by their unit, ten to a hundred times
the largest known figure of a division of China, so that they never judge a figure that is only unusual. Doubtful figures within
them are findings by `coefficients/lists/plausibility.csv`. All are recalled [K], none is published as a bound.
"""

from __future__ import annotations

LARGEST = {
    "km^2": 2e6,  # Xinjiang has 1.66e6 km²
    "km^2/yr": 1e7,  # sown more than once a year
    "ha": 2e8,
    "m^2": 1e12,  # floors of the nation: some 7e10 m²
    "km": 1e6,
    "person": 3e8,  # Guangdong has 1.27e8
    "deg": 360,
    "household": 1e9,  # the nation has 4.9e8
    "CNY/yr": 5e13,  # GDP of Guangdong: 1.4e13
    "t/yr": 1e11,  # soil kept by a province: some 1e10 t
    "t_C": 1e11,
    "t_C/yr": 1e10,
    "t_CO2/yr": 1e11,
    "t_O2/yr": 1e11,
    "t_DM/yr": 1e11,
    "m^3": 1e13,
    "m^3/yr": 1e13,  # the Yangtze carries 1e12 m³
    "piece/yr": 1e12,
    "kWh/yr": 1e15,  # heat of evaporation of a province: some 1e13 kWh
    "visit/yr": 1e10,
    "h/yr": 3e8 * 8784,  # every hour of every person
    "h/visit": 8784.0,
    "CNY/h": 1e5,
    "CNY/visit": 1e6,
    "ug/m^3": 1e5,
    "ion/cm^3": 1e6,
    "min": 1e4,
    "kg/m": 1e5,
    "t/m^3": 5.0,
    "m": 1e6,
    "m/yr": 100.0,
    # units of coefficients, which counties may enter as well
    "1": 1e4,
    "1/yr": 1e3,
    "yr": 1e3,
    "t/km^2/yr": 1e6,
    "tce/t": 10.0,
    "tce/m^3": 100.0,
    "kJ/m^2/d": 1e5,
    "CNY/t": 1e9,
    "CNY/t_CO2": 1e7,
    "CNY/t_O2": 1e7,
    "CNY/m^3": 1e6,
    "CNY/m^3/yr": 1e6,
    "CNY/m^2": 1e7,
    "CNY/m^2/yr": 1e6,
    "CNY/ha": 1e9,
    "CNY/ha/yr": 1e9,
    "CNY/km": 1e11,
    "CNY/dB_A/km/yr": 1e9,
    "CNY/kWh": 1e3,
    "CNY/ion": 1.0,
    "CNY/piece": 1e7,
}
"""Unit of computation → the largest amount that is possible for any variable of it without a bound of its own."""
