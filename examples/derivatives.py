"""Which tariff matters most at the margin? The derivative of welfare in every tariff at once.

Run with ``python examples/derivatives.py``. One solve of the adjoint equation gives all of them,
by the implicit function theorem; see the theory page.
"""

import numpy as np

from detente import gradient, load_world, solve

world = load_world("icio-2022-small")
equilibrium = solve(world)
slope = gradient(equilibrium, "welfare:USA", wedge="tariff")  # importer, exporter, sector

usa = world.economy_index("USA")
print("A tariff one point higher changes US welfare by (percent of real income):")
for who, matrix in (("on US imports", slope[usa]), ("on US exports", slope[:, usa])):
    own = np.arange(len(world.economies)) == usa
    ranked = np.where(own[:, None], 0.0, np.abs(matrix))
    for flat in np.argsort(ranked, axis=None)[::-1][:4]:
        partner, sector = np.unravel_index(flat, matrix.shape)
        # A slope is per unit of the rate: one point is 0.01, and welfare is shown in percent.
        effect = matrix[partner, sector]
        print(f"  {who} {world.economies[partner]:5} {world.sectors[sector]:22} {effect:+.5f}")
