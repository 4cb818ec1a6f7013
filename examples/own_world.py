"""How do I bring my own data? A world in ten lines, and a tariff war in it.

Run with ``python examples/own_world.py``.
"""

import numpy as np

from detente import Shock, World, solve

# Trade at the factory gate, [importer, exporter, sector], in any currency.
sales = np.array(
    [
        [[900.0, 400.0], [60.0, 10.0], [30.0, 5.0]],
        [[40.0, 8.0], [700.0, 300.0], [50.0, 6.0]],
        [[35.0, 4.0], [45.0, 7.0], [500.0, 200.0]],
    ]
)
# What each sector (last axis) spends on each input, as a share of its sales.
inputs = np.array([[0.30, 0.10], [0.20, 0.15]])
world = World.from_arrays(
    ["NORTH", "SOUTH", "EAST"],
    ["goods", "services"],
    sales=sales,
    input_share=np.broadcast_to(inputs, (3, 2, 2)),
    trade_elasticity=[5.0, 3.0],
    tariff=0.02 * (1 - np.eye(3))[:, :, None] * [1.0, 0.0],  # 2 % on goods from abroad
    closure="fixed-transfer",
)

# NORTH and SOUTH put 20 % on each other's goods.
tariff = world.tariff.copy()
tariff[0, 1, 0] = tariff[1, 0, 0] = 0.20
war = solve(world, Shock.of(world, tariff=tariff))

for economy, change in zip(world.economies, 100 * (war.welfare_hat - 1), strict=True):
    print(f"{economy:6} {change:+.3f} %")
print(f"\n{war.certificate}")
