"""What is the economy before the shock?"""

from detente.world.accounts import check_accounts
from detente.world.aggregate import aggregate
from detente.world.describe import check_lines, check_world, describe_lines, describe_world
from detente.world.elasticities import ElasticityStudies, elasticity_studies, with_elasticities
from detente.world.model import (
    ACCOUNTS_TOLERANCE,
    CLOSURES,
    MARKET_STRUCTURES,
    FloatArray,
    Repair,
    World,
    check_is_consistent,
)
from detente.world.shipped import WorldLabels, list_worlds, load_world, world_labels
from detente.world.storage import load_world_from_files, save_world
from detente.world.tables import world_from_tables

__all__ = [
    "ACCOUNTS_TOLERANCE",
    "CLOSURES",
    "MARKET_STRUCTURES",
    "ElasticityStudies",
    "FloatArray",
    "Repair",
    "World",
    "WorldLabels",
    "aggregate",
    "check_accounts",
    "check_is_consistent",
    "check_lines",
    "check_world",
    "describe_lines",
    "describe_world",
    "elasticity_studies",
    "list_worlds",
    "load_world",
    "load_world_from_files",
    "save_world",
    "with_elasticities",
    "world_from_tables",
    "world_labels",
]
