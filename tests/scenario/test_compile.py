"""Does a compiled scenario hit the flows that its measures name, with the levels that they mean?"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.against.random_worlds import random_world

from detente.errors import InputError, MeasureError, UnknownNameError
from detente.measures import (
    AntiDumpingDuty,
    ContentRule,
    ExportBan,
    ExportSubsidy,
    ExportTax,
    ImportBan,
    Instrument,
    LabourChange,
    NonTariffBarrier,
    ProductionSubsidy,
    ProductivityChange,
    PurchaseCommitment,
    PurchaseSubsidy,
    Quota,
    SafeguardDuty,
    Tariff,
    TransferChange,
    VoluntaryRestraint,
)
from detente.measures.coverage import final_use_share, user_share
from detente.scenario import CompiledScenario, Scenario, compile_scenario
from detente.wording import Note
from detente.world import World, load_world

#: A few operations in double precision.
EXACT = 1e-12

few = settings(max_examples=20, deadline=None)


@functools.cache
def world() -> World:
    """Four economies and three sectors without any symmetry, every wedge in force."""
    plain = random_world(20, 4, 3)
    return plain.with_(
        economies=("USA", "CHN", "DEU", "FRA"),
        sectors=("cars", "chips", "talk"),
        goods=("cars", "chips"),
        groups={"EU2": ("DEU", "FRA")},
        currency="USD million",
    )


def on_cars(cls: type[Instrument], **more: Any) -> Instrument:
    return cls(**{"by": "USA", "on": "CHN", "sectors": "cars", **more})


def put_together(*measures: Instrument) -> CompiledScenario:
    return compile_scenario(world(), measures)


def level_of(compiled: CompiledScenario, wedge: str, flow: tuple[str, str, str], **at: Any) -> list:
    """(share, level) of every part of a flow: importer, exporter, sector."""
    p = compiled.shock(**at).parts
    w = world()
    n, i, j = w.economies.index(flow[0]), w.economies.index(flow[1]), w.sectors.index(flow[2])
    here = (p.importer == n) & (p.exporter == i) & (p.sector == j)
    return [
        (float(c), float(x)) for c, x in zip(p.share[here], getattr(p, wedge)[here], strict=True)
    ]


# ---- levels ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cls", "wedge", "rate", "expected"),
    [
        (Tariff, "tariff", "25 %", lambda x: 0.25),
        (Tariff, "tariff", "+10 pp", lambda x: x + 0.10),
        (Tariff, "tariff", "+10 %", lambda x: 1.1 * x),
        (AntiDumpingDuty, "tariff", "25 %", lambda x: x + 0.25),
        (SafeguardDuty, "tariff", "+5 pp", lambda x: x + 0.05),
        (ProductionSubsidy, "production_subsidy", "5 %", lambda x: 0.05),
        (PurchaseSubsidy, "purchase_subsidy", "+5 pp", lambda x: x + 0.05),
        (NonTariffBarrier, "resource_cost", "+10 %", lambda x: 1.1),
        (NonTariffBarrier, "resource_cost", "-5 %", lambda x: 0.95),
    ],
)
def test_level_of_each_instrument(cls: Any, wedge: str, rate: str, expected: Any) -> None:
    made = (
        ProductionSubsidy(by="CHN", sectors="cars", rate=rate)
        if cls is ProductionSubsidy
        else on_cars(cls, rate=rate)
    )
    compiled = put_together(made)
    w = world()
    base = {
        "production_subsidy": w.production_subsidy[1, 0],
        "resource_cost": 1.0,
    }.get(wedge)
    if base is None:
        base = getattr(w, wedge)[0, 1, 0]
    ((share, level),) = level_of(compiled, wedge, ("USA", "CHN", "cars"))
    assert share == 1.0
    assert level == pytest.approx(expected(base), abs=EXACT)


def test_export_tax_and_subsidy_are_two_signs_of_one_wedge() -> None:
    base = world().export_tax[1, 0, 0]  # CHN from USA
    tax = put_together(on_cars(ExportTax, rate="+4 pp"))
    gift = put_together(on_cars(ExportSubsidy, rate="+4 pp"))
    flow = ("CHN", "USA", "cars")
    assert level_of(tax, "export_tax", flow)[0][1] == pytest.approx(base + 0.04, abs=EXACT)
    assert level_of(gift, "export_tax", flow)[0][1] == pytest.approx(base - 0.04, abs=EXACT)


@pytest.mark.parametrize("rate", ["+0 pp", "+0 %"])
def test_a_zero_rate_changes_nothing(rate: str) -> None:
    compiled = put_together(
        Tariff(by="USA", on="all others", sectors="all", rate=rate, coverage="40 %")
    )
    p = compiled.shock().parts
    np.testing.assert_array_equal(p.tariff, world().tariff[p.importer, p.exporter, p.sector])
    assert np.all(p.resource_cost == 1)


def test_a_ban_is_infinite_on_its_share_only() -> None:
    compiled = put_together(on_cars(ImportBan, coverage="25 %"))
    assert level_of(compiled, "resource_cost", ("USA", "CHN", "cars")) == [(0.25, np.inf)]


def test_two_bans_need_no_rule_and_close_the_union() -> None:
    compiled = put_together(
        on_cars(ImportBan, coverage="50 %"),
        on_cars(ImportBan, coverage="20 %"),
        ExportBan(by="CHN", on="USA", sectors="cars", coverage="10 %"),
    )
    parts = level_of(compiled, "resource_cost", ("USA", "CHN", "cars"))
    assert sum(c for c, d in parts if d == np.inf) == pytest.approx(1 - 0.5 * 0.8 * 0.9, abs=EXACT)


def test_different_instruments_coexist() -> None:
    compiled = put_together(on_cars(Tariff, rate="25 %"), on_cars(AntiDumpingDuty, rate="10 %"))
    ((_, level),) = level_of(compiled, "tariff", ("USA", "CHN", "cars"))
    assert level == pytest.approx(0.35, abs=EXACT)


def test_one_rate_per_sector() -> None:
    compiled = put_together(Tariff(by="USA", on="CHN", rate={"cars": "+5 pp", "chips": "20 %"}))
    t = world().tariff[0, 1]
    assert level_of(compiled, "tariff", ("USA", "CHN", "cars"))[0][1] == pytest.approx(t[0] + 0.05)
    assert level_of(compiled, "tariff", ("USA", "CHN", "chips"))[0][1] == pytest.approx(0.2)
    assert level_of(compiled, "tariff", ("USA", "CHN", "talk")) == []


def test_a_sectors_own_rate_goes_before_its_groups() -> None:
    compiled = put_together(Tariff(by="USA", on="CHN", rate={"cars": "30 %", "all goods": "10 %"}))
    assert level_of(compiled, "tariff", ("USA", "CHN", "cars"))[0][1] == pytest.approx(0.3)
    assert level_of(compiled, "tariff", ("USA", "CHN", "chips"))[0][1] == pytest.approx(0.1)


# ---- who and what -------------------------------------------------------------------------


def flows_of(compiled: CompiledScenario) -> set[tuple[str, str, str]]:
    p, w = compiled.parts, world()
    return {
        (w.economies[n], w.economies[i], w.sectors[j])
        for n, i, j in zip(p.importer, p.exporter, p.sector, strict=True)
    }


def traded(pairs: set[tuple[str, str]], sectors: set[str]) -> set[tuple[str, str, str]]:
    w = world()
    return {
        (n, i, j)
        for n, i in pairs
        for j in sectors
        if w.sales[w.economies.index(n), w.economies.index(i), w.sectors.index(j)] > 0
    }


def test_importer_and_exporter_are_not_swapped() -> None:
    assert flows_of(put_together(on_cars(Tariff, rate="25 %"))) == {("USA", "CHN", "cars")}
    assert flows_of(put_together(on_cars(ExportTax, rate="25 %"))) == {("CHN", "USA", "cars")}
    made = put_together(ProductionSubsidy(by="CHN", sectors="cars", rate="2 %"))
    everyone = {(n, "CHN") for n in world().economies}
    assert flows_of(made) == traded(everyone, {"cars"})


def test_all_others_of_a_group_are_outside_it() -> None:
    compiled = put_together(Tariff(by="EU2", on="all others", sectors="all goods", rate="+5 pp"))
    pairs = {(n, i) for n in ("DEU", "FRA") for i in ("USA", "CHN")}
    assert flows_of(compiled) == traded(pairs, {"cars", "chips"})


def test_exceptions_and_services() -> None:
    compiled = put_together(
        Tariff(by="USA", on="all", except_for="EU2", sectors="all services", rate="+5 pp")
    )
    assert flows_of(compiled) == traded({("USA", "CHN")}, {"talk"})


def test_purchases_from_home_count_for_purchase_subsidies() -> None:
    compiled = put_together(PurchaseSubsidy(by="USA", on="all", sectors="cars", rate="+5 pp"))
    assert ("USA", "USA", "cars") in flows_of(compiled)


@pytest.mark.parametrize(
    ("field", "value", "offered"),
    [("by", "USS", "USA"), ("on", "CHM", "CHN"), ("sectors", "car", "cars"),
     ("except_for", "EU27", "EU2"), ("use", ["chip"], "chips")],
)  # fmt: skip
def test_unknown_names_are_answered_with_the_nearest(field: str, value: Any, offered: str) -> None:
    with pytest.raises(UnknownNameError, match=f'"{offered}"') as caught:
        put_together(on_cars(Tariff, rate="25 %", id="t", **{field: value}))
    assert f'measure "t", {field}' in str(caught.value)


def test_no_flow_left_is_refused() -> None:
    with pytest.raises(InputError, match="no flow is left"):
        put_together(on_cars(Tariff, on="USA", rate="25 %"))
    with pytest.raises(InputError, match="no economy is left"):
        put_together(on_cars(Tariff, except_for="CHN", rate="25 %"))


# ---- coverage and use ---------------------------------------------------------------------


def test_covering_everything_is_the_whole() -> None:
    whole = put_together(on_cars(Tariff, rate="25 %")).shock().parts
    covered = put_together(on_cars(Tariff, rate="25 %", coverage="100 %")).shock().parts
    for name in ("importer", "exporter", "sector", "share", "tariff"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(covered, name))


def test_use_takes_its_share_from_the_accounts() -> None:
    final = put_together(on_cars(Tariff, rate="25 %", use="final"))
    ((share, _),) = level_of(final, "tariff", ("USA", "CHN", "cars"))
    assert share == pytest.approx(final_use_share(world())[0, 0], rel=1e-9)
    user = put_together(on_cars(Tariff, rate="25 %", use=["chips"]))
    ((share, _),) = level_of(user, "tariff", ("USA", "CHN", "cars"))
    assert share == pytest.approx(user_share(world(), 1)[0, 0], rel=1e-9)
    everyone = put_together(on_cars(Tariff, rate="25 %", use=["final", "all"]))
    assert level_of(everyone, "tariff", ("USA", "CHN", "cars")) == [(1.0, 0.25)]


def test_product_groups_of_one_sector_do_not_meet() -> None:
    shipped = load_world("icio-2022")
    groups = ("electric passenger vehicles", "plug-in hybrid vehicles")
    compiled = compile_scenario(
        shipped,
        [Tariff(by="USA", on="CHN", product_group=g, rate="+75 pp") for g in groups],
    )
    assert len(compiled.parts) == 2
    assert compiled.parts.share.sum() == pytest.approx(0.0074 + 0.00191, rel=1e-2)


def test_product_groups_are_known_for_one_pair_only() -> None:
    shipped = load_world("icio-2022")
    batteries = {"sectors": "electrical_equipment", "product_group": "lithium-ion batteries"}
    with pytest.raises(MeasureError, match="write the share yourself"):
        compile_scenario(shipped, [Tariff(by="MEX", on="CHN", rate="+5 pp", **batteries)])
    wrong = {**batteries, "product_group": "lithium batteries"}
    with pytest.raises(UnknownNameError, match='"lithium-ion batteries"'):
        compile_scenario(shipped, [Tariff(by="USA", on="CHN", rate="+5 pp", **wrong)])
    wrong = {**batteries, "sectors": "textiles"}
    with pytest.raises(MeasureError, match="not in textiles but in electrical_equipment"):
        compile_scenario(shipped, [Tariff(by="USA", on="CHN", rate="+5 pp", **wrong)])


def test_shipped_product_groups_of_a_sector_exclude_each_other() -> None:
    # The compiler takes them as disjoint; a code that lies inside another would break that.
    from detente.data import product_groups

    groups = list(product_groups().values())
    for k, one in enumerate(groups):
        for two in groups[:k]:
            for a in one.hs_codes:
                for b in two.hs_codes:
                    assert not a.startswith(b)
                    assert not b.startswith(a)


# ---- stacking ------------------------------------------------------------------------------


def test_overlap_without_a_rule_is_refused_with_both_names() -> None:
    with pytest.raises(MeasureError) as caught:
        put_together(
            on_cars(Tariff, id="old", rate="25 %"), on_cars(Tariff, id="new", rate="+5 pp")
        )
    text = str(caught.value)
    for word in ('"old"', '"new"', "cars, USA from CHN", 'stacking = "add"'):
        assert word in text


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"rate": "25 %"}, {"rate": "+5 pp", "stacking": "add"}, 0.30),
        ({"rate": "+5 pp", "stacking": "add"}, {"rate": "25 %"}, 0.30),
        ({"rate": "25 %"}, {"rate": "10 %", "stacking": "replace"}, 0.10),
        ({"rate": "10 %", "stacking": "replace"}, {"rate": "25 %"}, 0.10),
        ({"rate": "25 %"}, {"rate": "15 %", "stacking": "cap"}, 0.15),
        ({"rate": "25 %"}, {"stacking": "exempt"}, None),
    ],
)
def test_stacking(first: dict[str, Any], second: dict[str, Any], expected: float | None) -> None:
    compiled = put_together(on_cars(Tariff, **first), on_cars(Tariff, **second))
    ((_, level),) = level_of(compiled, "tariff", ("USA", "CHN", "cars"))
    base = world().tariff[0, 1, 0]
    assert level == pytest.approx(base if expected is None else expected, abs=EXACT)


def test_the_later_of_two_replacements_counts_whatever_the_order_in_the_file() -> None:
    early = on_cars(Tariff, id="a", rate="10 %", stacking="replace", from_="2018-09-24")
    late = on_cars(Tariff, id="b", rate="25 %", stacking="replace", from_="2019-05-10")
    for order in ((early, late), (late, early)):
        ((_, level),) = level_of(put_together(*order), "tariff", ("USA", "CHN", "cars"))
        assert level == pytest.approx(0.25, abs=EXACT)


def test_levels_that_leave_no_price_name_the_measures() -> None:
    half = {"by": "USA", "on": "CHN", "sectors": "cars", "rate": "+60 pp", "stacking": "add"}
    compiled = put_together(PurchaseSubsidy(id="a", **half), PurchaseSubsidy(id="b", **half))
    with pytest.raises(MeasureError, match=r"cars, USA from CHN becomes 12.* through a, b"):
        compiled.shock()


measures_anywhere = st.lists(
    st.builds(
        lambda cls, by, on, sectors, rate, coverage, overlap: cls(
            by=by, on=on, sectors=sectors, rate=rate, coverage=coverage, overlap=overlap,
            stacking="add",
        ),
        st.sampled_from([Tariff, AntiDumpingDuty, ExportTax, ExportSubsidy, PurchaseSubsidy]),
        st.sampled_from(["USA", "CHN", "EU2"]),
        st.just("all others"),
        st.sampled_from(["cars", "all goods", "all"]),
        st.sampled_from(["+5 pp", "+1 pp", "+12 pp"]),
        st.sampled_from([None, "30 %", "75 %"]),
        st.sampled_from([None, "nested", "independent"]),
    ),
    min_size=1,
    max_size=5,
)  # fmt: skip


@few
@given(measures_anywhere)
def test_the_ledger_explains_every_level(measures: list[Instrument]) -> None:
    compiled = put_together(*measures)
    p, ledger = compiled.shock().parts, compiled.ledger()
    for wedge in ("tariff", "export_tax", "purchase_subsidy"):
        summed = np.zeros(len(p))
        mine = np.array(ledger.instrument) == wedge
        np.add.at(summed, ledger.part[mine], ledger.rate[mine])
        base = getattr(world(), wedge)[p.importer, p.exporter, p.sector]
        np.testing.assert_allclose(base + summed, getattr(p, wedge), atol=EXACT)


@few
@given(measures_anywhere)
def test_the_order_of_added_measures_changes_nothing(measures: list[Instrument]) -> None:
    def effective(compiled: CompiledScenario) -> dict[tuple[int, ...], np.ndarray]:
        p = compiled.shock().parts
        out: dict[tuple[int, ...], np.ndarray] = {}
        for h in range(len(p)):
            key = (p.importer[h], p.exporter[h], p.sector[h])
            value = p.share[h] * np.array([1, p.tariff[h], p.export_tax[h], p.purchase_subsidy[h]])
            out[key] = out.get(key, 0) + value
        return out

    forth, back = effective(put_together(*measures)), effective(put_together(*reversed(measures)))
    assert forth.keys() == back.keys()
    for key, value in forth.items():
        np.testing.assert_allclose(value, back[key], atol=EXACT)


@few
@given(measures_anywhere, st.data())
def test_taking_measures_out_is_never_having_had_them(
    measures: list[Instrument], data: st.DataObject
) -> None:
    scenario = Scenario.of(measures)
    gone = data.draw(st.sets(st.sampled_from(scenario.ids)))
    full = compile_scenario(world(), scenario).without(tuple(gone))
    fresh = compile_scenario(world(), scenario.without(tuple(gone)))
    theta = world().trade_elasticity

    def mixture(compiled: CompiledScenario) -> np.ndarray:
        # The CES mixture of each flow: what the equilibrium sees.
        p = compiled.shock().parts
        base = world().wedge_factor[p.importer, p.exporter, p.sector]
        k = (1 - p.production_subsidy) * (1 + p.export_tax) * (1 + p.tariff)
        k = k * (1 - p.purchase_subsidy) / base
        change = np.zeros(world().sales.shape)
        weight = p.share * (k ** -theta[p.sector] - 1)
        np.add.at(change, (p.importer, p.exporter, p.sector), weight)
        return change

    np.testing.assert_allclose(mixture(full), mixture(fresh), atol=1e-11)
    assert len(full.parts) == len(compile_scenario(world(), scenario).parts)


# ---- rules ----------------------------------------------------------------------------------


def test_a_mirror_returns_the_average_rate() -> None:
    compiled = put_together(
        Tariff(id="us", by="USA", on="CHN", sectors=["cars"], rate="+20 pp"),
        Tariff(id="cn", by="CHN", on="USA", sectors=["cars", "chips"],
               rule={"kind": "mirror", "of": "us", "share": "50 %"}),
    )  # fmt: skip
    ((_, level),) = level_of(compiled, "tariff", ("CHN", "USA", "chips"))
    assert level == pytest.approx(world().tariff[1, 0, 1] + 0.10, abs=EXACT)
    ((_, alone),) = level_of(compiled.without(["us"]), "tariff", ("CHN", "USA", "chips"))
    assert alone == pytest.approx(world().tariff[1, 0, 1], abs=EXACT)


def test_the_average_is_weighted_with_customs_values() -> None:
    w = world()
    duty = Tariff(id="us", by="USA", on="all others", rate={"cars": "+20 pp", "chips": "+5 pp"})
    reply = Tariff(id="cn", by="CHN", on="USA", sectors="cars",
                   rule={"kind": "mirror", "of": "us"})  # fmt: skip
    ((_, level),) = level_of(put_together(duty, reply), "tariff", ("CHN", "USA", "cars"))
    customs = (w.sales * (1 + w.export_tax) * (1 - w.production_subsidy[None]))[0, 1:].sum(axis=0)
    average = (0.20 * customs[0] + 0.05 * customs[1]) / (customs[0] + customs[1])
    assert level == pytest.approx(w.tariff[1, 0, 0] + average, abs=EXACT)


def test_measures_that_mirror_each_other_reach_the_fixed_point() -> None:
    def side(name: str, by: str, on: str, of: str) -> Tariff:
        return Tariff(id=name, by=by, on=on, sectors="cars", rate="+10 pp",
                      rule={"kind": "mirror", "of": of, "share": "50 %"})  # fmt: skip

    compiled = put_together(side("a", "USA", "CHN", "b"), side("b", "CHN", "USA", "a"))
    ((_, level),) = level_of(compiled, "tariff", ("USA", "CHN", "cars"))
    # r = 0.10 + 0.5 r on both sides
    assert level == pytest.approx(world().tariff[0, 1, 0] + 0.20, abs=EXACT)


def test_mirroring_without_end_is_refused() -> None:
    def side(name: str, by: str, on: str, of: str) -> Tariff:
        return Tariff(id=name, by=by, on=on, sectors="cars", rule={"kind": "mirror", "of": of})

    with pytest.raises(MeasureError, match="without end"):
        put_together(side("a", "USA", "CHN", "b"), side("b", "CHN", "USA", "a"))


def test_a_ban_cannot_be_mirrored() -> None:
    with pytest.raises(MeasureError, match="no rate that could be mirrored"):
        put_together(
            on_cars(ImportBan, id="a"),
            Tariff(by="CHN", on="USA", sectors="cars", rule={"kind": "mirror", "of": "a"}),
        )


def test_mirroring_an_unknown_measure_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match='"us-cars"'):
        put_together(
            on_cars(Tariff, id="us-cars", rate="+5 pp"),
            Tariff(by="CHN", on="USA", sectors="cars", rule={"kind": "mirror", "of": "us-car"}),
        )


def test_a_surge_duty_waits() -> None:
    surge = {"kind": "surge", "threshold": "+20 %", "of": "quantity"}
    compiled = put_together(
        on_cars(Tariff, rate="+5 pp", coverage="30 %"),
        on_cars(AntiDumpingDuty, id="ad", rate="40 %", rule=surge),
    )
    (trigger,) = compiled.triggers
    assert compiled.measure_ids[trigger.measure] == "ad"
    assert (trigger.quantity, trigger.threshold) == ("import_quantity", 1.2)
    assert trigger.watch.share.sum() == pytest.approx(1, abs=EXACT)
    np.testing.assert_array_equal(trigger.watch.part, compiled.parts_of(trigger.measure))
    flow, base = ("USA", "CHN", "cars"), world().tariff[0, 1, 0]
    waiting = level_of(compiled, "tariff", flow)
    fired = level_of(compiled, "tariff", flow, active=frozenset({trigger.measure}))
    assert sorted(t for _, t in waiting) == pytest.approx([base, base + 0.05], abs=EXACT)
    assert sorted(t for _, t in fired) == pytest.approx([base + 0.4, base + 0.45], abs=EXACT)
    assert [c for c, _ in waiting] == [c for c, _ in fired]


def test_a_safeguard_watches_all_sources() -> None:
    rule = {"kind": "surge", "threshold": "+10 %", "of": "value", "watch": "all sources"}
    compiled = put_together(on_cars(SafeguardDuty, rate="30 %", rule=rule))
    watch = compiled.triggers[0].watch
    sources = {world().economies[i] for i in watch.exporter}
    assert sources == {
        i for _, i, _ in traded({("USA", x) for x in ("CHN", "DEU", "FRA")}, {"cars"})
    }
    assert (watch.part == -1).all()


# ---- rates to be found ------------------------------------------------------------------------


def test_a_budget_becomes_a_cost_a_year() -> None:
    value = float(world().sales[:, 1, 0].sum())
    amount = f"{0.05 * value:.6f} mn USD"
    compiled = put_together(
        ProductionSubsidy(by="CHN", sectors="cars", budget={"amount": amount, "years": 2})
    )
    (free,) = compiled.free_rates
    assert (free.quantity, free.relation) == ("net_cost", "==")
    assert free.level == pytest.approx(0.025 * value, rel=1e-6)
    base = world().production_subsidy[1, 0]
    at = [level_of(compiled, "production_subsidy", ("USA", "CHN", "cars"), rates=[r])[0][1]
          for r in (0.0, 0.1)]  # fmt: skip
    assert at == pytest.approx([base, base + 0.1], abs=EXACT)


def test_a_budget_beyond_all_sales_is_refused() -> None:
    with pytest.raises(MeasureError, match="Check the unit"):
        put_together(
            ProductionSubsidy(by="CHN", sectors="cars", budget={"amount": "9 tn USD", "years": 1})
        )


@pytest.mark.parametrize(
    ("cls", "licence", "wedge", "flow"),
    [
        (Quota, None, "tariff", ("USA", "CHN", "cars")),
        (Quota, "exporter", "export_tax", ("USA", "CHN", "cars")),
        (VoluntaryRestraint, None, "export_tax", ("CHN", "USA", "cars")),
    ],
)
def test_the_holder_of_the_licence_earns_the_rent(
    cls: Any, licence: str | None, wedge: str, flow: tuple[str, str, str]
) -> None:
    limit = {"relation": "at most", "change": "-20 %", "of": "quantity"}
    compiled = put_together(on_cars(cls, limit=limit | ({"licence": licence} if licence else {})))
    (free,) = compiled.free_rates
    assert (free.quantity, free.relation) == ("import_quantity", "<=")
    assert free.level == pytest.approx(0.8, abs=EXACT)
    n, i = (world().economies.index(e) for e in flow[:2])
    base = getattr(world(), wedge)[n, i, 0]
    ((_, level),) = level_of(compiled, wedge, flow, rates=[0.3])
    assert level == pytest.approx(base + 0.3, abs=EXACT)


def test_a_purchase_commitment_is_held_by_a_purchase_subsidy() -> None:
    limit = {"relation": "at least", "change": "+30 %", "of": "value"}
    (free,) = put_together(on_cars(PurchaseCommitment, limit=limit)).free_rates
    w = world()
    customs = w.sales[0, 1, 0] * (1 + w.export_tax[0, 1, 0]) * (1 - w.production_subsidy[1, 0])
    assert (free.quantity, free.relation) == ("import_value", ">=")
    assert free.level == pytest.approx(1.3 * customs, rel=EXACT)
    assert free.upper < 1


def test_the_number_of_rates_is_checked() -> None:
    with pytest.raises(MeasureError, match="has 0 free rate"):
        put_together(on_cars(Tariff, rate="25 %")).shock(rates=[0.1])


# ---- content rule ---------------------------------------------------------------------------


def test_a_content_rule_gives_denies_and_bars() -> None:
    compiled = put_together(
        PurchaseSubsidy(id="for-all", by="USA", on="all", sectors="cars", rate="+3 pp"),
        ContentRule(id="rule", by="USA", on="CHN", sectors="cars", rate="+10 pp", stacking="add",
                    inputs={"sectors": ["chips"], "coverage": "40 %"}),
    )  # fmt: skip
    b = world().purchase_subsidy
    ((_, given_),) = level_of(compiled, "purchase_subsidy", ("USA", "DEU", "cars"))
    assert given_ == pytest.approx(b[0, 2, 0] + 0.13, abs=EXACT)
    ((_, denied),) = level_of(compiled, "purchase_subsidy", ("USA", "CHN", "cars"))
    assert denied == pytest.approx(0.0, abs=EXACT)
    ((share, cost),) = level_of(compiled, "resource_cost", ("USA", "CHN", "chips"))
    assert cost == np.inf
    assert share == pytest.approx(0.4 * user_share(world(), 0)[0, 1], rel=1e-9)
    ((_, freed),) = level_of(compiled.without(["rule"]), "purchase_subsidy", ("USA", "CHN", "cars"))
    assert freed == pytest.approx(b[0, 1, 0] + 0.03, abs=EXACT)


def test_components_may_become_dearer_instead() -> None:
    compiled = put_together(
        ContentRule(
            by="USA", on="CHN", sectors="cars", inputs={"sectors": "chips", "rate": "+30 %"}
        )
    )
    ((_, cost),) = level_of(compiled, "resource_cost", ("USA", "CHN", "chips"))
    assert cost == pytest.approx(1.3, abs=EXACT)


def test_nobody_is_eligible_and_barred() -> None:
    with pytest.raises(MeasureError, match="both eligible and barred"):
        put_together(
            ContentRule(by="USA", on="CHN", sectors="cars", rate="+5 pp", eligible=["CHN", "DEU"])
        )


# ---- fundamentals -----------------------------------------------------------------------------


def test_transfers_sum_to_zero() -> None:
    income = world().income
    shock = put_together(TransferChange(by="CHN", rate="+1 % of income")).shock()
    assert shock.transfer_change[1] == pytest.approx(0.01 * income[1], rel=EXACT)
    assert abs(shock.transfer_change.sum()) < EXACT * income.sum()
    others = np.array([0, 2, 3])
    np.testing.assert_allclose(
        -shock.transfer_change[others] / income[others],
        0.01 * income[1] / income[others].sum(),
    )
    named = put_together(TransferChange(by="CHN", amount="+5 mn USD", counterpart="USA")).shock()
    np.testing.assert_allclose(named.transfer_change, [-5, 5, 0, 0])
    with pytest.raises(MeasureError, match="its own counterpart"):
        put_together(TransferChange(by="CHN", amount="+5 mn USD", counterpart="CHN"))


def test_productivity_and_labour() -> None:
    shock = put_together(
        ProductivityChange(by="EU2", sectors="cars", rate="+5 %"),
        LabourChange(by="USA", rate="-1 %"),
    ).shock()
    assert shock.productivity[2, 0] == shock.productivity[3, 0] == 1.05
    assert shock.productivity.sum() == pytest.approx(12.1)
    np.testing.assert_allclose(shock.labour, [0.99, 1, 1, 1])
    with pytest.raises(MeasureError, match='stacking = "add"'):
        put_together(LabourChange(by="USA", rate="-1 %"), LabourChange(by="USA", rate="+1 %"))


# ---- flows that do not exist --------------------------------------------------------------------


def test_a_flow_that_is_zero_prices_at_nothing() -> None:
    w = world()
    n, i, j = (int(x) for x in np.argwhere(w.sales == 0)[0])
    empty = {"by": w.economies[n], "on": w.economies[i], "sectors": w.sectors[j]}
    compiled = put_together(Tariff(id="t", rate="25 %", **empty))
    assert len(compiled.parts) == 0
    assert compiled.notes == (Note("prices at nothing", ("t",)),)
    with pytest.raises(MeasureError, match="zero in the baseline"):
        put_together(Quota(limit={"relation": "at most", "change": "-5 %", "of": "value"}, **empty))


def test_the_equilibrium_of_a_covered_whole_is_that_of_the_dense_tariff() -> None:
    from detente.equilibrium import solve
    from detente.measures import Shock

    t = world().tariff.copy()
    t[0, 1:, :2] += 0.2
    dense = solve(world(), Shock.of(world(), tariff=t))
    split = solve(
        world(),
        [Tariff(by="USA", on="all others", sectors="all goods", rate="+20 pp", coverage="100 %")],
    )
    np.testing.assert_allclose(split.price_hat, dense.price_hat, rtol=1e-8)


def test_a_budget_far_too_large_is_told_in_plain_figures() -> None:
    huge = ProductionSubsidy(by="USA", sectors="cars", budget={"amount": "180 tn USD", "years": 1})
    with pytest.raises(MeasureError, match="a budget of 180,000,000 USD million"):
        compile_scenario(world(), [huge])
