"""Do the searches find what Ossa (2014) published, and what was computed from his data?"""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

from detente.games import (
    Objective,
    Player,
    Strategy,
    best_reply,
    equal_gain,
    threat_point,
    trade_war,
)

MFN = [Strategy("tariff", by="sector")]
#: A deal may also subsidise imports.
MFN_DEAL = [Strategy("tariff", by="sector", bounds=(-0.9, 10.0))]
#: Reference results: welfare in percent, from another optimiser.
WELFARE = 1e-8
#: Government welfare may fall short of the author's stored optimum by this.
STORED = 1e-8


def lobbied(ossa: Any, code: str, strategies: list[Strategy] = MFN) -> Player:
    return Player.of(
        ossa.arena, code, strategies, Objective.political(ossa.world, code, ossa.weights)
    )


@pytest.mark.parametrize("code", ["China", "EU", "Japan", "US"])
def test_optimal_tariffs_without_lobbying(ossa: Any, code: str) -> None:
    reply = best_reply(ossa.arena, code, strategies=MFN)
    expected = ossa.optimal[code]
    assert np.abs(100 * (reply.welfare_hat - 1) - expected["W_pct"]).max() < WELFARE
    assert reply.median_rate == pytest.approx(expected["median_tariff"], abs=1e-8)
    assert reply.is_maximum


def test_government_welfare_reproduces_the_counterfactuals(ossa: Any) -> None:
    for name, hats in ossa.counterfactuals.items():
        if name not in ossa.tariffs or "autarky" in name:
            continue
        tariff = np.log1p(ossa.tariffs[name].transpose(1, 0, 2))
        policies = ossa.arena.in_force._replace(tariff=jnp.asarray(tariff))
        objectives = [
            Objective.political(ossa.world, code, ossa.weights) for code in ossa.world.economies
        ]
        found = ossa.arena.values(policies, objectives)
        # the author's identity case carries 2e-11 of his own solver
        assert np.abs(found - hats["Ghat_lambdapol"]).max() < 5e-11
        assert np.abs(ossa.arena.welfare_hat(policies) - hats["What"]).max() < 5e-11


@pytest.fixture(scope="module")
def replies(ossa: Any) -> dict[str, Any]:
    return {code: best_reply(ossa.arena, lobbied(ossa, code)) for code in ossa.world.economies}


def test_optimal_tariffs_with_lobbying_are_at_least_the_authors(
    ossa: Any, replies: dict[str, Any]
) -> None:
    for k, (code, reply) in enumerate(replies.items()):
        player = reply.player
        his = player.space.apply(ossa.arena.in_force, player.space.from_levels(ossa.stored[:, k]))
        assert reply.value >= ossa.arena.evaluate(his, player.objective)[0] - STORED, code


def test_headlines_of_optimal_tariffs(ossa: Any, replies: dict[str, Any]) -> None:
    published = ossa.published["optimal_tariff_avg_pct"]
    # his stored optimum: the mean over regions of median tariffs
    assert round(100 * np.median(ossa.stored, axis=0).mean()) == published
    # ours differs where his optimiser stopped early (Japan's median 0.761 against 0.778): the
    # mean is 62.7, the median over regions still prints as published
    medians = [100 * r.median_rate for r in replies.values()]
    assert np.mean(medians) == pytest.approx(published, abs=0.7)
    assert round(float(np.median(medians))) == published
    own, others = [], []
    objectives = [r.player.objective for r in replies.values()]
    for k, reply in enumerate(replies.values()):
        government = 100 * (ossa.arena.values(reply.policies, objectives) - 1)
        own.append(government[k])
        others.append(np.delete(government, k).mean())
    assert round(float(np.mean(own)), 1) == 1.9
    assert round(float(np.mean(others)), 1) == -0.7


def test_headlines_of_war_and_deal(ossa: Any) -> None:
    published = ossa.published
    players = [lobbied(ossa, code) for code in ossa.world.economies]
    war = trade_war(ossa.arena, players)
    assert round(100 * float(np.mean(list(war.median_rates.values())))) == published["nash_avg_pct"]
    loss = 100 * (float(np.mean(war.value)) - 1)
    assert round(loss, 1) == published["nash_gov_welfare_avg_pct"]
    assert max(war.regret) < 1e-6
    assert war.equilibrium.certificate.residual < 1e-10
    table = [lobbied(ossa, code, MFN_DEAL) for code in ossa.world.economies]
    deal = equal_gain(ossa.arena, table)
    assert np.ptp(deal.gain_pct) < 1e-8
    assert round(deal.gain_pct[0], 1) == published["coop_from_factual_avg_pct"]
    # the deal in place of the war has to undo the losses of the war first
    peace = equal_gain(ossa.arena, table, threat=threat_point(ossa.arena, table, war))
    assert 3.6 <= peace.gain_pct[0] < 3.7
    # the same hill from no duties at all is higher: Japan's rice duty of 788 % goes as well
    wider = equal_gain(ossa.arena, table, starts=2)
    assert wider.gain_pct[0] > deal.gain_pct[0] + 0.04
