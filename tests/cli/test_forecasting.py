"""Forecasts from the command line: sealed once, in time, and scored."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from detente.cli import main
from detente.forecast import read_chain
from detente.talks import Signs, meeting_odds

#: A meeting without a measure on the table: nothing has to be priced.
CASE = """
schema = 2
name = "quiet"
title = "A quiet meeting"
world = "icio-2022-small"
[[measure]]
id = "cars"
kind = "tariff"
by = "USA"
on = "CHN"
sectors = ["motor_vehicles"]
rate = "+10 pp"
source = "an example"
[talks]
date = 2099-03-01
parties = "us-china"
level = "minister"
dated = 0.5
tone = { USA = -2, CHN = 1 }
my_odds = [0.05, 0.25, 0.5, 0.15, 0.05]
"""
LAST = "2099-03-02"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quiet.toml").write_text(CASE)
    return tmp_path


def test_a_forecast_is_sealed_and_scored(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forecast", "quiet.toml", "--ends", LAST, "-q"]) == 0
    said = capsys.readouterr().out
    assert "How does A quiet meeting end by 2 March 2099?" in said
    assert "base rates" in said
    (sealed,) = read_chain("forecasts")
    odds = meeting_odds(
        Signs.of(level="minister", dated=0.5, tone=-0.5), own=[0.05, 0.25, 0.5, 0.15, 0.05]
    )
    assert sealed.id == f"{LAST}-quiet"
    assert sealed.forecast.odds["blend"] == odds.blend
    assert sealed.forecast.odds["own"] == odds.own
    assert sealed.forecast.made == dt.date.today()
    for value in (sealed.forecast.case_hash, sealed.forecast.world_hash):
        assert len(value) == 64
    assert main(["forecast", "quiet.toml", "--ends", LAST, "-q"]) == 2
    assert "sealed forecast of this question already" in capsys.readouterr().err

    assert main(["score"]) == 0
    assert f"Waiting: {LAST}-quiet" in capsys.readouterr().out
    (place / "forecasts/outcomes.toml").write_text(
        f'[[outcome]]\nforecast = "{LAST}-quiet"\ndate = {dt.date.today().isoformat()}\n'
        'endings = ["keep_talking", "partial_deal"]\nsource = "an example"\n'
    )
    assert main(["score"]) == 0
    said = capsys.readouterr().out
    assert "1 sealed, 1 settled; the chain is whole." in said
    assert "running product is 1.00" in said
    assert main(["score", "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert values["settled"] == [f"{LAST}-quiet"]
    assert {row["row"] for row in values["scores"]} == {"record", "case", "blend", "base_rates"}


def test_a_changed_byte_stops_the_score(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forecast", "quiet.toml", "--ends", LAST, "-q", "--json"]) == 0
    path = Path(json.loads(capsys.readouterr().out)["file"])
    path.write_bytes(path.read_bytes().replace(b"escalation = 0.2", b"escalation = 0.3"))
    assert main(["score"]) == 2
    assert "its content is not what was sealed" in capsys.readouterr().err
    assert main(["forecast", "quiet.toml", "--ends", "2099-04-01"]) == 2
    assert "never edited" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["forecast", "quiet.toml", "--ends", "2020-01-01"], "too late"),
        (["forecast", "quiet.toml", "--ends", "soon"], "is not a date"),
        (["forecast", "qiet", "--ends", LAST], "Unknown case"),
        (["forecast", "liberation-day-2025", "--ends", LAST], "no [talks] section"),
        (["score", "--folder", "nowhere"], "no forecast here"),
    ],
)
def test_refusals(
    place: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(arguments) == 2
    assert said in capsys.readouterr().err
    assert not (place / "forecasts").exists()
