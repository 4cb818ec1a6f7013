from .files import data_folder as data_folder
from .names import (
    Economy as Economy,
    Group as Group,
    Sector as Sector,
    economies as economies,
    groups as groups,
    sectors as sectors,
)
from .product_groups import (
    ProductGroup as ProductGroup,
    hs_sectors as hs_sectors,
    product_group as product_group,
    product_groups as product_groups,
)
from .tariff_history import (
    TariffRecord as TariffRecord,
    us_china_tariffs as us_china_tariffs,
    us_tariff_additions as us_tariff_additions,
    us_tariff_daily as us_tariff_daily,
)
