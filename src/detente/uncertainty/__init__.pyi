from .cluster import cluster_executor as cluster_executor
from .ensemble import QUANTILES as QUANTILES, Ensemble as Ensemble, ensemble as ensemble
from .parameters import ParameterDraws as ParameterDraws, draw_parameters as draw_parameters
from .sensitivity import Driver as Driver, drivers as drivers, drivers_table as drivers_table
