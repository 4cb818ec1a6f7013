"""What would a US tariff of 25 % on electronics from China do?

Run with ``python examples/price_one_tariff.py``.
"""

from detente import Tariff, load_world, outcomes_of, solve

world = load_world("icio-2022")
tariff = Tariff(by="USA", on="CHN", sectors="electronics", rate="+25 pp")

equilibrium = solve(world, [tariff])
table = outcomes_of(equilibrium, scenario="25 points on electronics").table()

welfare = table[table["metric"] == "welfare_pct"].sort_values("value")
print("Welfare, percent of real income; + is a gain")
print(welfare[["economy", "value"]].to_string(index=False, float_format="{:+.3f}".format))

trade = table[
    (table["metric"] == "trade_pct")
    & (table["importer"] == "USA")
    & (table["sector"] == "electronics")
]
print("\nUS imports of electronics, percent")
print(trade[["exporter", "value"]].to_string(index=False, float_format="{:+.1f}".format))
print(f"\n{equilibrium.certificate}")
