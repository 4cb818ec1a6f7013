"""Do the shipped worlds hold their identities and the key figures of their sources?"""

from __future__ import annotations

import importlib.util
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from detente.data.files import data_folder
from detente.errors import DataFileError, UnknownNameError
from detente.store import content_hash
from detente.world import (
    World,
    check_accounts,
    list_worlds,
    load_world,
    with_elasticities,
    world_labels,
)

#: What the accounts of a baseline may miss by.
IDENTITY = 1e-8
#: Half the last digit of figures printed in USD billion with one decimal.
PRINTED_BILLION = 0.05
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def world() -> World:
    return load_world("icio-2022")


def flow(world: World, importer: str, exporter: str, sector: str | None = None) -> float:
    """Sales in USD billion; all goods together when no sector is named."""
    chosen = [sector] if sector else list(world.goods)
    n, i = world.economies.index(importer), world.economies.index(exporter)
    return float(world.sales[n, i, [world.sectors.index(s) for s in chosen]].sum()) / 1e3


def mean_tariff(world: World, importer: str, exporter: str) -> float:
    """Tariff on goods in percent, weighted with the world's own sales at basic prices."""
    k = [world.sectors.index(s) for s in world.goods]
    n, i = world.economies.index(importer), world.economies.index(exporter)
    bought = world.sales[n, i, k]
    return float(100 * (bought * world.tariff[n, i, k]).sum() / bought.sum())


@pytest.mark.parametrize("name", list_worlds())
def test_identities(name: str) -> None:
    world = load_world(name)
    assert max(check_accounts(world).values()) < IDENTITY
    x, y = world.expenditure, world.output
    assert np.abs(world.expenditure_share.sum(axis=1) - 1).max() < IDENTITY
    assert np.abs(world.value_added_share + world.input_share.sum(axis=1) - 1).max() < IDENTITY
    inputs = np.einsum("nkj,nj->nk", world.input_share, y)
    final = world.final_share * world.income[:, None]
    assert np.abs(final + inputs - x).max() < IDENTITY * x.max()
    assert abs(world.transfer.sum()) < IDENTITY * world.world_value_added
    # Spending beyond income is imports less exports at the factory gate.
    trade = world.sales.sum(axis=2)
    deficit = trade.sum(axis=1) - trade.sum(axis=0)
    assert np.abs(world.transfer - deficit).max() < IDENTITY * world.world_value_added
    assert world.value_added_share.min() > 0
    assert (world.sales >= 0).all()
    assert (world.final_share >= 0).all()
    assert (np.einsum("nnj->nj", world.sales) > 0).all()


def test_key_figures_of_the_source(world: World) -> None:
    """OECD (2025), reference year 2022, USD billion at basic prices."""
    for importer, exporter, sector, billion in (
        ("USA", "CHN", "electronics", 108.2),
        ("USA", "CHN", "electrical_equipment", 57.4),
        ("USA", "CHN", None, 453.4),
        ("CHN", "USA", None, 127.8),
        ("CHN", "USA", "agriculture", 21.3),
        ("CHN", "TWN", "electronics", 120.0),
        ("USA", "MEX", "motor_vehicles", 109.3),
    ):
        assert flow(world, importer, exporter, sector) == pytest.approx(
            billion, abs=PRINTED_BILLION
        )
    output = dict(zip(world.economies, world.output.sum(axis=1) / 1e3, strict=True))
    assert output["CHN"] == pytest.approx(45_095, abs=0.5)
    assert output["USA"] == pytest.approx(45_300, abs=0.5)
    assert world.output.sum() / 1e6 == pytest.approx(199.69, abs=0.005)


def test_emissions_and_employment(world: World) -> None:
    assert world.emissions is not None
    assert world.employment is not None
    assert world.emissions.sum() / 1e3 == pytest.approx(44.2, abs=0.05)
    china = world.economies.index("CHN")
    assert world.emissions[china].sum() / 1e3 == pytest.approx(13.5, abs=0.05)
    # ILO, November 2024: China 738.5 million; split over sectors by value added.
    assert world.employment[china].sum() == pytest.approx(738_500.5, abs=0.1)
    value_added = world.value_added_share[china] * world.output[china]
    assert world.employment[china] / value_added == pytest.approx(
        world.employment[china, 0] / value_added[0], rel=1e-6
    )
    assert "split over sectors by value added" in world.descriptor["employment_basis"]


def test_value_added_net_of_taxes_is_known_for_eleven(world: World) -> None:
    net = world.value_added_net_of_taxes
    assert net is not None
    known = {c for c, row in zip(world.economies, net, strict=True) if np.isfinite(row).all()}
    assert known == {"USA", "CHN", "GBR", "JPN", "IND", "CAN", "IDN", "RUS", "AUS", "TUR", "KOR"}
    assert np.isnan(net[world.economies.index("DEU")]).all()
    # Implied net taxes on inputs are 0.5 to 2.3 % of output in the source.
    for code in known:
        n = world.economies.index(code)
        gross = (world.value_added_share[n] * world.output[n]).sum()
        assert 0 < (gross - net[n].sum()) / world.output[n].sum() < 0.023
    small = load_world("icio-2022-small")
    assert small.value_added_net_of_taxes is not None
    assert np.isfinite(small.value_added_net_of_taxes[small.economies.index("EU27")]).all()


@pytest.mark.parametrize(
    ("partner", "code", "percent"),
    [("CHN", "CHN", 11.16), ("EU27", "REU", 1.31), ("VNM", "VNM", 3.82), ("MEX", "MEX", 0.25)],
)
def test_us_tariffs_are_the_duties_paid(
    world: World, source_tables: Path, partner: str, code: str, percent: float
) -> None:
    """US Census Bureau 2024: China 11.2 %, EU 1.3, Vietnam 3.8, Mexico 0.25, customs weights."""
    import csv

    with (source_tables / "us_applied_tariff_2024_by_partner_sector.csv").open() as stream:
        table = [r for r in csv.DictReader(stream) if r["partner"] == partner]
    n, i = world.economies.index("USA"), world.economies.index(code)
    value = sum(float(r["imports_usd_2024"]) for r in table)
    duty = sum(
        float(r["imports_usd_2024"]) * world.tariff[n, i, world.sectors.index(r["sector"])]
        for r in table
    )
    assert 100 * duty / value == pytest.approx(percent, abs=0.005)


def test_averages_move_with_the_weights(world: World) -> None:
    """Weighted with sales of 2022 at basic prices instead, the average on China is higher."""
    assert mean_tariff(world, "USA", "CHN") == pytest.approx(12.0, abs=0.05)
    n = world.economies.index("USA")
    eu = [world.economies.index(c) for c in ("DEU", "FRA", "ITA", "REU")]
    assert np.ptp(world.tariff[n, eu], axis=0).max() == 0


def test_the_trade_war_is_on_both_sides(world: World) -> None:
    """China on the USA: end of 2019 less half of the last step; third countries: far less."""
    china, usa = world.economies.index("CHN"), world.economies.index("USA")
    cars = world.sectors.index("motor_vehicles")
    agriculture = world.sectors.index("agriculture")
    assert world.tariff[china, usa, agriculture] == pytest.approx(0.338, abs=0.001)
    assert world.tariff[china, usa, cars] == pytest.approx(0.141, abs=0.001)
    assert mean_tariff(world, "CHN", "USA") > 2.5 * mean_tariff(world, "CHN", "DEU")


def test_the_doubtful_cells_are_mended(world: World) -> None:
    food = world.sectors.index("food")
    assert world.tariff[:, :, food].max() < 0.5
    malaysia = world.economies.index("MYS")
    assert world.tariff[malaysia, :, food].max() < 0.06
    assert 5 < mean_tariff(world, "RUS", "CHN") < 8
    assert np.einsum("nnj->nj", world.tariff).max() == 0
    services = [k for k, s in enumerate(world.sectors) if s not in world.goods]
    assert world.tariff[:, :, services].max() == 0
    union = [world.economies.index(c) for c in world.groups["EU27"]]
    assert world.tariff[np.ix_(union, union)].max() == 0
    rules = {r.rule for r in world.repairs}
    assert {"tobacco-in-food", "russia-mfn", "us-applied-duties", "china-war-duties"} <= rules
    assert all(r.cells > 0 and r.size != 0 and r.what for r in world.repairs)


def test_the_world_before_the_war() -> None:
    """Flows, tariffs and technology of `icio-2017`, each against the source it is said to be of."""
    w, later = load_world("icio-2017"), load_world("icio-2022")
    assert (w.year, len(w.economies), w.sectors[-1]) == (2017, 24, "services")
    assert w.goods == later.goods == w.sectors[:-1]
    assert w.economies == later.economies
    assert dict(w.groups) == dict(later.groups)
    # USD billion of 2017 at basic prices.
    assert flow(w, "USA", "CHN") == pytest.approx(367.8, abs=PRINTED_BILLION)
    assert flow(w, "CHN", "USA") == pytest.approx(102.9, abs=PRINTED_BILLION)
    assert flow(w, "CHN", "USA", "nonferrous_metals") == pytest.approx(10.2, abs=PRINTED_BILLION)
    # Only 2022 is counted in the sources.
    assert w.employment is None
    assert w.emissions is None
    assert w.value_added_net_of_taxes is None
    for key in ("employment_basis", "emissions_basis"):
        assert w.descriptor[key].startswith("none")
    (repair,) = [r for r in w.repairs if r.rule == "technology-of-another-year"]
    inputs = float((w.input_share.sum(axis=1) * w.output).sum())
    assert 100 * repair.size / (inputs + repair.size) == pytest.approx(1.5, abs=0.05)
    assert "1.5 % of all inputs" in repair.what
    # Services are one sector of eleven, their elasticity the mean with world output of 2022.
    old = [later.sectors.index(s) for s in w.descriptor["merged_sectors"]["services"]]
    assert len(old) == 11
    output = later.output.sum(axis=0)[old]
    mean = float((later.trade_elasticity[old] * output).sum() / output.sum())
    assert w.trade_elasticity[-1] == pytest.approx(mean, abs=1e-6)


def test_tariffs_before_the_war() -> None:
    w = load_world("icio-2017")
    usa, china = w.economies.index("USA"), w.economies.index("CHN")

    def rate(importer: int, exporter: int, sector: str) -> float:
        return 100 * float(w.tariff[importer, exporter, w.sectors.index(sector)])

    # 1 January 2018, dated tables; textiles at the plain mean; medicines not from there.
    assert rate(usa, china, "machinery") == pytest.approx(1.6, abs=0.05)
    assert rate(usa, china, "textiles") == pytest.approx(10.8, abs=0.05)
    assert rate(usa, china, "pharmaceuticals") == pytest.approx(2.9, abs=0.05)
    assert rate(china, usa, "agriculture") == pytest.approx(7.5, abs=0.05)
    assert rate(china, usa, "motor_vehicles") == pytest.approx(22.7, abs=0.05)
    # No war yet: both sides' averages are a fraction of what they became.
    assert mean_tariff(w, "USA", "CHN") == pytest.approx(3.8, abs=0.05)
    assert mean_tariff(w, "CHN", "USA") == pytest.approx(6.3, abs=0.05)
    # The doubtful cells.
    assert w.tariff[:, :, w.sectors.index("food")].max() < 0.5
    assert rate(usa, w.economies.index("BRA"), "food") < 5.6
    assert mean_tariff(w, "RUS", "CHN") > 4
    assert np.einsum("nnj->nj", w.tariff).max() == 0
    assert w.tariff[:, :, -1].max() == 0
    union = [w.economies.index(c) for c in w.groups["EU27"]]
    assert w.tariff[np.ix_(union, union)].max() == 0
    assert all(r.cells > 0 and r.size != 0 and r.what for r in w.repairs)


@pytest.mark.parametrize("name", list_worlds())
def test_named_elasticity_sets(name: str) -> None:
    labels = world_labels(name)
    base = load_world(name)
    assert base.elasticity_set == "icio-estimates"
    for chosen in labels.elasticity_sets:
        world = load_world(name, chosen)
        assert world.elasticity_set == chosen
        assert (world.trade_elasticity > 0).all()
        # Below one: unique at least without inputs (Kucheryavyy, Lyn and Rodríguez-Clare).
        assert (world.trade_elasticity * world.scale_elasticity).max() < 1
        assert np.array_equal(world.sales, base.sales)
        again = with_elasticities(base, chosen)
        assert np.array_equal(again.trade_elasticity, world.trade_elasticity)
    scale = load_world(name, "lashkaripour-lugovskyy-2023")
    goods = [s in scale.goods for s in scale.sectors]
    assert np.array_equal(scale.scale_elasticity > 0, np.array(goods))
    assert not base.scale_elasticity.any()
    # Petroleum of Caliendo and Parro, 64.85, is an outlier and is left out.
    assert load_world(name, "caliendo-parro-2015").trade_elasticity.max() < 15


def test_largest_scale_times_trade_elasticity() -> None:
    world = load_world("icio-2022", "lashkaripour-lugovskyy-2023")
    product = world.trade_elasticity * world.scale_elasticity
    assert product.max() == pytest.approx(0.94, abs=0.005)
    # Inputs bought at home: a rise in own scale feeds back through them.
    home = np.einsum("nnj->nj", world.expenditure_share)
    leontief = np.linalg.inv(np.eye(len(world.sectors)) - world.input_share * home[:, :, None])
    reinforced = product * np.einsum("njj->nj", leontief)
    assert reinforced.max() == pytest.approx(1.8, abs=0.005)
    assert (reinforced > 1).sum() == 130


def test_labels_without_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("labels must not open the arrays")

    monkeypatch.setattr(zipfile, "ZipFile", forbidden)
    labels = world_labels("icio-2022")
    assert labels.groups["ASEAN"] == ("VNM", "MYS", "THA", "IDN", "XSE")
    assert len(labels.goods) == 21
    assert set(labels.economy_names) == set(labels.economies)


def test_unknown_world_and_set() -> None:
    with pytest.raises(UnknownNameError, match="icio-2022"):
        load_world("icio2022")
    with pytest.raises(UnknownNameError, match="caliendo-parro-2015"):
        load_world("icio-2022", "caliendo-parro")


def test_tampered_arrays_are_refused(tmp_path: Path) -> None:
    import shutil

    folder = tmp_path / "data"
    shutil.copytree(data_folder(), folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = folder / "shipped/icio-2022.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(bytes(content))
    with pytest.raises(DataFileError) as caught:
        load_world("icio-2022", folder=folder)
    assert "icio-2022.npz" in str(caught.value)
    assert content_hash(bytes(content)) in str(caught.value)


def test_the_build_is_reproduced_byte_for_byte(
    tmp_path: Path, source_tables: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The script in tools/ makes exactly the files that ship."""
    monkeypatch.setenv("DETENTE_DATA", str(source_tables))
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    spec = importlib.util.spec_from_file_location("build_worlds", ROOT / "tools/build_worlds.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = set(sys.modules)
    try:
        spec.loader.exec_module(module)
        module.build(tmp_path)
    finally:
        for name in set(sys.modules) - before:
            if name in (
                "build_tables",
                "elasticity_tables",
                "source_tables",
                "world_of_2017",
                "world_texts",
            ):
                del sys.modules[name]
    built = {str(p.relative_to(tmp_path)): p for p in tmp_path.rglob("*") if p.is_file()}
    assert len(built) >= 15
    for name, path in built.items():
        assert content_hash(path.read_bytes()) == content_hash(
            (data_folder() / name).read_bytes()
        ), name
