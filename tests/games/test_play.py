"""From the [game] section of a case to results, tables, figures and the terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from detente.case import load_case, parse_case
from detente.cli.app import run_command_line
from detente.games import Arena
from detente.games.game import Game
from detente.games.payoff_map import payoff_map
from detente.games.play import deals, players_of, war
from detente.games.trade_war import TradeWar
from detente.quantities import COLUMNS, quantity
from detente.world import World, load_world

CASE = """
schema = 2
name = "small-war"
title = "A small war"
world = "icio-2022-small"
[game]
question = "Who would do what?"
threat = "trade war"
moves = 4
points = 3
[[game.player]]
who = "USA"
[[game.player]]
who = "CHN"
weights = { "all goods" = 1.2 }
[[game.strategy]]
on = "players"
by = "sector"
[[game.deal_strategy]]
on = "players"
by = "sector"
lowest = "-50 %"
highest = "1000 %"
"""


MEASURE = """
[[measure]]
id = "cars"
kind = "tariff"
by = "USA"
on = "CHN"
sectors = ["{sector}"]
rate = "+10 pp"
source = "an example"
"""


@pytest.fixture(scope="module")
def world() -> World:
    return load_world("icio-2022-small")


def game_in(text: str, world: World) -> Game:
    section = parse_case(text).game
    assert section is not None
    return section.game(world)


@pytest.fixture(scope="module")
def played(world: World) -> Any:
    return war(Arena(world), game_in(CASE, world))


def test_the_war_of_a_case(world: World, played: Any) -> None:
    assert played.names == ("USA", "CHN")
    assert max(played.end.regret) < 1e-6
    table = played.table()
    assert tuple(table.columns) == COLUMNS
    for metric in table["metric"].unique():
        assert quantity(metric)
    assert {"best reply of USA", "best reply of CHN", "move 0", "trade war"} <= set(
        table["scenario"]
    )
    # at the war, each intensity is its own best reply
    first, second = played.map.best_replies()
    k = len(played.map.intensity) // 2
    assert played.map.intensity[k] == pytest.approx(1.0)
    assert first[k] == pytest.approx(1.0, abs=0.1)
    assert second[k] == pytest.approx(1.0, abs=0.1)


def test_the_deals_of_a_case(world: World, played: Any) -> None:
    found = deals(Arena(world), game_in(CASE, world), found=played)
    assert found.threat.name == "trade war"
    assert set(found.agreements) == {"equal-gain", "Nash", "Kalai-Smorodinsky", "utilitarian"}
    assert min(found.agreements["equal-gain"].gain_pct) > 0
    assert len(found.frontier) == 3
    assert found.enforcement[0].package == "free trade"
    for metric in found.table()["metric"].unique():
        assert quantity(metric)


def test_players_and_threats_of_a_case(world: World) -> None:
    text = CASE.replace('threat = "trade war"', "threat = { USA = -1.0, CHN = -2.0 }")
    game = game_in(text, world)
    arena = Arena(world)
    fighters, table = players_of(arena, game), players_of(arena, game, at_the_table=True)
    assert (fighters[0].space.lower == 0).all()
    assert (table[0].space.lower < 0).all()
    assert game.threat == {"USA": -1.0, "CHN": -2.0}
    with pytest.raises(Exception, match="needs a war of two players"):
        payoff_map(arena, _war_of_one())


def _war_of_one() -> TradeWar:
    war = object.__new__(TradeWar)
    object.__setattr__(war, "players", (None,))
    return war


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = tmp_path / "case.toml"
    case.write_text(CASE, encoding="utf-8")
    out = tmp_path / "out"
    assert run_command_line(["war", str(case), "--out", str(out), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert max(said["trade_war"]["regret_pct"].values()) < 1e-4
    assert (out / "tables" / "war.csv").read_text(encoding="utf-8").startswith("scenario,")
    assert run_command_line(["deals", str(case), "--out", str(out), "-q"]) == 0
    text = capsys.readouterr().out
    assert "equal-gain" in text
    assert "Discount factor" in text
    files = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert {by: list(own) for by, own in files.items()} == {
        "war": ["tables/war.csv"],
        "deals": ["tables/deals.csv"],
    }
    plain = tmp_path / "plain.toml"
    plain.write_text(CASE.split("[game]")[0], encoding="utf-8")
    assert run_command_line(["war", str(plain)]) == 2
    assert "has no [game] section" in capsys.readouterr().err


@pytest.mark.slow
def test_war_run_and_deals_share_the_folder_of_the_case(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = CASE.replace("[game]", MEASURE.format(sector=world.goods[0]) + "[game]", 1)
    Path("case.toml").write_text(text, encoding="utf-8")
    place = Path("out", "small-war")
    for command in ("war", "run", "deals", "war", "run"):
        options = ["--no-ranges"] if command == "run" else []
        assert run_command_line([command, "case.toml", "-q", *options]) == 0
        assert (place / "tables" / f"{command if command != 'run' else 'war'}.csv").is_file()
    files = json.loads((place / "manifest.json").read_text(encoding="utf-8"))["files"]
    assert list(files) == ["run"], "the tables of war and deals are the last run's"
    assert (place / "report.html").is_file()


def test_the_report_tells_the_game(world: World) -> None:
    from detente.run.run import run_case

    text = CASE.replace("[game]", MEASURE.format(sector=world.goods[0]) + "[game]", 1)
    done = run_case(parse_case(text), ranges=False)
    assert done.results.war is not None
    assert done.results.deals is not None
    from detente.report.figures.games import game_figures
    from detente.report.tables.games import deals_table, deals_tables, war_tables
    from detente.report.words.games import deals_footing, game_words, war_footing

    figures = {f.id: f for f in game_figures(done.results)}
    assert set(figures) == {"staircase", "payoffs", "frontier"}
    for figure in figures.values():
        assert figure.svg().startswith("<svg")
        assert figure.alt
        assert len(figure.data)
    assert any("regret" in w or "deviation" in w for w in game_words(done.results))
    assert len(deals_table(done.results).rows) == 5
    war, bargain = done.results.war, done.results.deals
    tables = [*war_tables(war), *deals_tables(bargain)]
    assert len({table.caption for table in tables}) == 6
    for table in tables:
        assert {len(cells) for cells in table.rows} == {len(table.head)}
        assert not any(cell.startswith("-") for cells in table.rows for cell in cells)
    assert [line.partition(" ")[0] for line in war_footing(war)] == ["Real", "Certified:"]
    assert all(line.endswith(".") for line in deals_footing(bargain))


@pytest.mark.parametrize("name", ["beijing-2024", "trade-war-2018"])
def test_shipped_games_are_of_the_two_sides_on_each_other(name: str) -> None:
    section = load_case(name).game
    assert section is not None
    world = load_world("icio-2022")
    players = players_of(Arena(world), section.game(world))
    assert tuple(p.name for p in players) == ("USA", "CHN")
    for player, other in zip(players, ("CHN", "USA"), strict=True):
        assert {(r.instrument, r.partner) for r in player.space.rates} == {("tariff", other)}
        assert player.space.levels(player.space.lower)[player.space.identified].max() == 0.0
