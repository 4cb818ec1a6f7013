"""What do the sources say?"""

from detente.data.files import check_shipped, data_folder, read_shipped, read_table
from detente.data.names import Economy, Group, Sector, economies, groups, sectors
from detente.data.product_groups import ProductGroup, hs_sectors, product_group, product_groups
from detente.data.tariff_history import (
    TariffRecord,
    us_china_tariffs,
    us_tariff_additions,
    us_tariff_daily,
)

__all__ = [
    "Economy",
    "Group",
    "ProductGroup",
    "Sector",
    "TariffRecord",
    "check_shipped",
    "data_folder",
    "economies",
    "groups",
    "hs_sectors",
    "product_group",
    "product_groups",
    "read_shipped",
    "read_table",
    "sectors",
    "us_china_tariffs",
    "us_tariff_additions",
    "us_tariff_daily",
]
