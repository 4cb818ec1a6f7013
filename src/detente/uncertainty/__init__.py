"""How sure are we?"""

from detente.uncertainty.cluster import cluster_executor
from detente.uncertainty.ensemble import QUANTILES, Ensemble, ensemble
from detente.uncertainty.headlines import HEADLINES
from detente.uncertainty.parameters import (
    ParameterDraws,
    between_study_correlation,
    draw_parameters,
)
from detente.uncertainty.sensitivity import Driver, drivers, drivers_table

__all__ = [
    "HEADLINES",
    "QUANTILES",
    "Driver",
    "Ensemble",
    "ParameterDraws",
    "between_study_correlation",
    "cluster_executor",
    "draw_parameters",
    "drivers",
    "drivers_table",
    "ensemble",
]
