"""How do I write a case of my own, and what happens when it has a mistake?

Run with ``python examples/own_case.py``. The same file works on the command line:
``detente validate my-case.toml``, ``detente run my-case.toml``.
"""

import tempfile
from pathlib import Path

from detente import DetenteError, compile_scenario, load_case, load_world, outcomes_of, solve

CASE = """
schema = 2
name = "electronics"
title = "A tariff on electronics and its mirror"
question = "What does a tariff on Chinese electronics cost, and what if China answers in kind?"
world = "icio-2022-small"
compared_with = "world"
headline = "tariff"

[[measure]]
id = "us-tariff"
title = "US tariff on electronics from China"
kind = "tariff"
by = "USA"
on = "CHN"
sectors = ["electronics"]
rate = "+25 pp"
status = "hypothetical"
source = "an example, not a proposal of anybody"

[[measure]]
id = "answer"
title = "China answers at the same rate"
kind = "tariff"
by = "CHN"
on = "USA"
sectors = ["electronics"]
rate = "+25 pp"
status = "hypothetical"
source = "an example, not a proposal of anybody"

[[package]]
id = "tariff"
title = "The tariff alone"
measures = ["us-tariff"]

[[package]]
id = "war"
title = "Tariff and answer"
measures = ["us-tariff", "answer"]
"""

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "electronics.toml"

    path.write_text(CASE.replace('"CHN"\nsectors', '"CHM"\nsectors'), encoding="utf-8")
    try:
        load_case(path)
    except DetenteError as mistake:
        print("With a slip of the pen:", str(mistake).replace(folder, "."), sep="\n")

    path.write_text(CASE, encoding="utf-8")
    case = load_case(path)

world = load_world(case.world)
for package in case.scenarios:
    equilibrium = solve(world, compile_scenario(world, package))
    result = outcomes_of(equilibrium, scenario=package.name)
    usa, chn = (result.welfare_pct[world.economy_index(code)] for code in ("USA", "CHN"))
    print(f"\n{package.title}: welfare USA {usa:+.3f} %, China {chn:+.3f} %")
