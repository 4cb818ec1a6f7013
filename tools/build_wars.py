"""What would trade wars and deals of the shipped world come to, and how sure is that?

Writes ``docs/_tables/wars.csv`` (a long table: central values, and quantiles over draws of the
trade elasticities) and the figures of the page ``docs/real-world-wars.md``. Draws are kept in a
working folder, so an interrupted build goes on where it stopped.

    python tools/build_wars.py [--draws 12] [--work build/wars]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from detente.errors import ConvergenceError, InfeasibleError
from detente.games import (
    Arena,
    Objective,
    Player,
    Strategy,
    best_reply,
    coalition_game,
    enforce,
    equal_gain,
    revealed_weights,
    threat_point,
    trade_war,
)
from detente.games.rows import median_of
from detente.uncertainty import draw_parameters
from detente.world import World, load_world

ROOT = Path(__file__).resolve().parents[1]
TABLES = ROOT / "docs" / "_tables"
FIGURES = ROOT / "docs" / "_static" / "wars"
SEED = 1
QUANTILES = (0.05, 0.5, 0.95)
EU = ("DEU", "FRA", "ITA", "REU")
PARTNERS = {"JPN": ("JPN",), "KOR": ("KOR",), "EU27": EU}
ALLIES = ("USA", "JPN", "KOR", "TWN", *EU)
COVERAGES = (0.25, 0.5, 0.75, 1.0)
CHIPS = ("electronics",)

#: One number: scenario, metric, economy, sector, value, unit.
Number = tuple[str, str, str, str, float, str]
Welfare = Callable[[str, Any], None]


def numbers(world: World, is_central: bool) -> list[Number]:
    """Everything the page shows, for one set of trade elasticities."""
    arena = Arena(world)
    names = world.economies
    rows: list[Number] = []

    def add(scenario: str, metric: str, economy: str, value: float, unit: str = "%") -> None:
        rows.append((scenario, metric, economy, "", float(value), unit))

    def welfare(scenario: str, hat: Any) -> None:
        for code, value in zip(names, hat, strict=True):
            add(scenario, "welfare_pct", code, 100 * (value - 1))
        add(scenario, "welfare_pct", "world", 100 * (np.average(hat, weights=world.income) - 1))

    for code in ("USA", "CHN"):
        reply = best_reply(arena, code, thorough=False)
        name = f"best reply of {code}"
        welfare(name, reply.welfare_hat)
        add(name, "median_rate", code, 100 * median_of(reply.levels))
        add(name, "mean_rate", code, 100 * reply.player.space.mean_level(reply.x))
        add(name, "present_mean_rate", code,
            100 * reply.player.space.mean_level(reply.player.space.start))  # fmt: skip

    pair = (("USA", "CHN"), ("CHN", "USA"))
    two = [Player.of(arena, a, [Strategy(partners=(b,))]) for a, b in pair]
    for player, (code, other) in zip(two, pair, strict=True):
        reply = best_reply(arena, player, thorough=False)
        name = f"best reply of {code} to {other} alone"
        welfare(name, reply.welfare_hat)
        add(name, "mean_rate", code, 100 * player.space.mean_level(reply.x))
        add(name, "present_mean_rate", code, 100 * player.space.mean_level(player.space.start))
    war = trade_war(arena, two)
    welfare("war between USA and CHN on each other", war.welfare_hat)
    for p, x in zip(two, war.x, strict=True):
        add("war between USA and CHN on each other", "mean_rate", p.name,
            100 * p.space.mean_level(x))  # fmt: skip
        add("war between USA and CHN on each other", "regret_pct", p.name, 100 * max(war.regret))
    wide = [Player.of(arena, code) for code in ("USA", "CHN")]
    both = trade_war(arena, wide, regret_starts=2)
    welfare("war of USA and CHN on everyone", both.welfare_hat)
    for p, x in zip(wide, both.x, strict=True):
        add("war of USA and CHN on everyone", "mean_rate", p.name, 100 * p.space.mean_level(x))

    everyone = [Player.of(arena, code) for code in names]
    world_war = trade_war(arena, everyone, regret_starts=2 if is_central else 1)
    welfare("world war", world_war.welfare_hat)
    for p, x in zip(everyone, world_war.x, strict=True):
        add("world war", "median_rate", p.name, 100 * median_of(p.space.levels(x)))
        add("world war", "mean_rate", p.name, 100 * p.space.mean_level(x))
    add("world war", "regret_pct", "world", 100 * max(world_war.regret))

    table = [Player.of(arena, a, [Strategy(partners=(b,), bounds=(-0.5, 10.0))]) for a, b in pair]
    for name, threat in (
        ("deal over the status quo", threat_point(arena, table)),
        ("deal over the war", threat_point(arena, table, war)),
    ):
        deal = equal_gain(arena, table, threat=threat)
        welfare(name, deal.welfare_hat)
        for p, x, gain in zip(table, deal.x, deal.gain_pct, strict=True):
            add(name, "gain_pct", p.name, gain)
            add(name, "mean_rate", p.name, 100 * p.space.mean_level(x))
    again = trade_war(arena, table, start=[p.space.read(war.policies) for p in table])
    held = enforce(arena, again, deal)
    for code, value in zip(held.names, held.critical, strict=True):
        add("deal over the war", "critical_discount_factor", code, value, "ratio")
    free = enforce(arena, again, "free trade")
    welfare("free trade between USA and CHN", arena.welfare_hat(free.policies))
    for code, value in zip(free.names, free.critical, strict=True):
        add("free trade between USA and CHN", "critical_discount_factor", code, value, "ratio")

    game = coalition_game(arena, "USA", PARTNERS, strategies=[Strategy(partners=("CHN",))])
    for composition in game.compositions:
        name = "coalition of " + "+".join(("USA", *composition.blocs)) + " on CHN"
        welfare(name, composition.welfare_hat)
        add(name, "median_rate", "USA", 100 * composition.median_rate)
        for bloc in ("USA", *PARTNERS):
            add(name, "bloc_welfare_pct", bloc, 100 * (game.worth(bloc, composition) - 1))
        add(name, "is_stable", "USA", float(composition in game.stable), "yes or no")

    for who, banners in (("USA", ("USA",)), ("allies", ALLIES)):
        for share in COVERAGES:
            ban = np.zeros(world.sales.shape)
            j = [world.sector_index(s) for s in CHIPS]
            for code in banners:
                ban[world.economy_index("CHN"), world.economy_index(code), j] = share
            policies = arena.in_force._replace(ban=ban)
            welfare(f"chip ban by {who}, {share:.0%} covered", arena.welfare_hat(policies))
    ban_player = Player.of(arena, "USA", [Strategy("export_ban", partners=("CHN",), sectors=CHIPS)])
    chosen = best_reply(arena, ban_player, thorough=False)
    add("chip ban chosen for real income", "coverage", "USA", 100 * float(chosen.levels[0]))
    # what would have to be gained elsewhere: harm to China per dollar of harm to oneself
    rival = Player(
        ban_player.space, Objective.outcome(world, "USA", f"production abroad:CHN:{CHIPS[0]}")
    )
    hard = best_reply(arena, rival, thorough=False)
    add("chip ban chosen to hold Chinese electronics down", "coverage", "USA",
        100 * float(hard.levels[0]))  # fmt: skip
    add("chip ban chosen to hold Chinese electronics down", "rival_sales_pct", "CHN",
        100 * (1 - hard.value))  # fmt: skip

    services = [s for s in world.sectors if s not in world.goods]
    for code in ("USA", "CHN"):
        seen = revealed_weights(
            arena, Player.of(arena, code, [Strategy(by="sector")]).space, pooled=[services]
        )
        add("revealed weights", "unexplained", code, 100 * seen.unexplained)
        for sector, weight in zip(seen.sectors, seen.weight, strict=True):
            rows.append(("revealed weights", "political_weight", code, sector, weight, "ratio"))
    return rows


def built(draws: int, work: Path) -> tuple[list[Number], list[list[Number]], int]:
    """Central numbers, those of every draw that was solved, and how many were not."""
    work.mkdir(parents=True, exist_ok=True)
    world = load_world("icio-2022")
    drawn = draw_parameters(world, draws, SEED)
    out: list[list[Number]] = []
    failed = 0
    for k in range(-1, draws):
        file = work / f"draw-{k}.json"
        if file.exists():
            found = [tuple(r) for r in json.loads(file.read_text(encoding="utf-8"))]
        else:
            here = world if k < 0 else drawn.world(world, k)
            try:
                found = list(numbers(here, k < 0))
            except (ConvergenceError, InfeasibleError) as problem:
                if k < 0:
                    raise
                print(f"draw {k}: {problem}", flush=True)
                found = []
            file.write_text(json.dumps(found), encoding="utf-8")
        print(f"draw {k} of {draws}: {len(found)} numbers", flush=True)
        if found:
            out.append(found)  # type: ignore[arg-type]
        else:
            failed += 1
    return out[0], out[1:], failed


def long_table(central: list[Number], draws: list[list[Number]]) -> Any:
    """The page's numbers as one long table."""
    import pandas as pd

    known = [{(r[0], r[1], r[2], r[3]): r[4] for r in draw} for draw in draws]
    rows = []
    for scenario, metric, economy, sector, value, unit in central:
        base = {
            "scenario": scenario,
            "compared_with": "tariffs in force in 2022",
            "metric": metric,
            "economy": economy,
            "sector": sector,
            "unit": unit,
        }
        rows.append(base | {"quantile": np.nan, "value": value})
        seen = [d[scenario, metric, economy, sector] for d in known]
        if seen and metric != "is_stable":
            for q in QUANTILES:
                rows.append(base | {"quantile": q, "value": float(np.quantile(seen, q))})
        elif seen:
            rows.append(base | {"quantile": 0.5, "value": float(np.mean(seen))})
    columns = [
        "scenario", "compared_with", "metric", "economy", "sector", "quantile", "value", "unit",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def main() -> None:
    """Build table and figures."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--draws", type=int, default=12)
    asked.add_argument("--work", type=Path, default=ROOT / "build" / "wars")
    options = asked.parse_args()
    central, draws, failed = built(options.draws, options.work)
    table = long_table(central, draws)
    TABLES.mkdir(parents=True, exist_ok=True)
    table.to_csv(TABLES / "wars.csv", index=False, float_format="%.6g", lineterminator="\n")
    print(f"{len(draws)} draws, {failed} failed")
    draw_figures(table)


def draw_figures(table: Any) -> None:
    """Three figures of the page as SVG."""
    from detente.report.charts import dots, theme

    FIGURES.mkdir(parents=True, exist_ok=True)
    names = load_world("icio-2022").economy_names

    def welfare(scenario: str) -> Any:
        rows = table[
            (table["scenario"] == scenario)
            & (table["metric"] == "welfare_pct")
            & (table["economy"] != "world")
        ]
        wide = rows[rows["quantile"].isna()][["economy", "value"]].copy()
        for column, q in (("low", 0.05), ("high", 0.95)):
            at = rows[(rows["quantile"] - q).abs() < 1e-9].set_index("economy")["value"]
            wide[column] = wide["economy"].map(at)
        wide["code"] = wide["economy"]
        wide["label"] = [names.get(c, c) for c in wide["economy"]]
        return wide.sort_values("value", ascending=False)

    for file, scenario in (
        ("world-war", "world war"),
        ("two-player", "war of USA and CHN on everyone"),
        ("bilateral", "war between USA and CHN on each other"),
    ):
        spec = dots.ranged_dots(welfare(scenario), 720, "percent of real income")
        (FIGURES / f"{file}.svg").write_text(theme.to_svg(spec), encoding="utf-8")


if __name__ == "__main__":
    main()
