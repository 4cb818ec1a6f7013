"""How sure is a result? The same tariff under forty draws of the elasticities.

Run with ``python examples/ranges.py``. Forty draws keep it short; use hundreds in earnest.
"""

import numpy as np

from detente import Scenario, Tariff, compile_scenario, ensemble, load_world

world = load_world("icio-2022-small")
tariff = Tariff(by="USA", on="CHN", sectors="all goods", rate="+10 pp")
compiled = compile_scenario(world, Scenario.of([tariff], name="ten points"))

found = ensemble(world, {"ten points": compiled}, draws=40, seed=1)
print(f"{found.draws} draws, {found.failed()} failed")

low, middle, high = (found.quantile("welfare_pct", q) for q in (0.05, 0.5, 0.95))
same = found.same_sign("welfare_pct")
print("Welfare in percent: 5 %, median, 95 % of draws; share with the sign of the central value")
for k in np.argsort(middle):
    economy = world.economies[k]
    print(f"{economy:5} {low[k]:+.3f} {middle[k]:+.3f} {high[k]:+.3f}   {same[k]:.0%}")
