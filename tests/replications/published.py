"""Which published or independently computed results are replicated, and by how much do we miss?

Each case loads its data as an outside user would (plain arrays into `World.from_arrays`), solves
through the public functions, and returns one :class:`Comparison` for each quantity. The tests
hold every comparison to its tolerance; the validation page prints them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from tests.reference_folders import OWN_RESULTS

from detente.equilibrium import Specification, rebase, solve
from detente.measures.shock import Shock
from detente.outcomes import outcomes_of
from detente.world.model import World

Floats = NDArray[np.float64]

#: Asked of the solver: a hundred times below the tightest comparison of hats.
SOLVED = 1e-12
#: Caliendo and Parro's first-order welfare split, percentage points.
SPLIT = 1e-6
#: Exact real income with the trade-balance closing, percentage points.
REAL_INCOME = 1e-8
#: Ratios to the baseline in Caliendo and Parro's data, whose shares miss one by 3.7e-7.
HATS = 1e-9
#: Asked under tariffs of 10^8: what joins the economies is then trade of 10^-16 of income.
SOLVED_NEAR_AUTARKY = 1e-10
#: Ossa's hats (his data are purged of imbalances to 2e-11 only).
OSSA = 1e-10
#: US-China 2017, percentage points.
US_CHINA = 1e-8
#: Half of the last printed digit of Caliendo and Parro's Table 2, percentage points.
TABLE_2 = 0.005


def own_result(study: str, name: str) -> dict[str, Any]:
    """What an independent code of our own found with the data of a study."""
    text = (OWN_RESULTS / study / f"{name}.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@dataclass(frozen=True)
class Comparison:
    """The largest difference in one quantity of one case.

    Attributes
    ----------
    ours, theirs
        The two values where they differ most.
    """

    case: str
    quantity: str
    where: str
    ours: float
    theirs: float
    unit: str
    tolerance: float
    source: str
    count: int

    @property
    def difference(self) -> float:
        """Largest absolute difference, in `unit`."""
        return abs(self.ours - self.theirs)


def compare(
    case: str,
    quantity: str,
    labels: Sequence[str],
    ours: ArrayLike,
    theirs: ArrayLike,
    unit: str,
    tolerance: float,
    source: str,
) -> Comparison:
    """The cell with the largest difference, of arrays along `labels`."""
    a, b = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    if a.shape != b.shape or a.shape != (len(labels),):
        raise ValueError(f"{case}, {quantity}: shapes {a.shape} and {b.shape}")
    worst = int(np.argmax(np.abs(a - b)))
    return Comparison(
        case,
        quantity,
        labels[worst],
        float(a[worst]),
        float(b[worst]),
        unit,
        tolerance,
        source,
        len(a),
    )


def price_index_hat(world: World, price_hat: Floats) -> Floats:
    """Price of final spending: the geometric mean with final shares."""
    return np.exp((world.final_share * np.log(price_hat)).sum(axis=1))


def by_economy(result: Any, metric: str, world: World) -> Floats:
    """One metric of the outcomes' long table, in the world's order."""
    table = result.table()
    whole = (table["sector"] == "") & table["quantile"].isna()
    rows = table[(table["metric"] == metric) & whole]
    return rows.set_index("economy")["value"].reindex(world.economies).to_numpy(dtype=float)


# ---- Caliendo and Parro (2015): NAFTA -----------------------------------------------------------

NAFTA = ("Canada", "Mexico", "USA")
CP = "Caliendo-Parro 2015, NAFTA"
CP_SOURCE = "independent code on the authors' data (Caliendo and Parro 2015, REStud 82)"
CP_TABLE = "Caliendo and Parro (2015), Table 2"
#: Table 2 of the paper, percent: Mexico, Canada, USA.
CP_PRINTED = {
    "welfare as printed": (1.31, -0.06, 0.08),
    "terms of trade as printed": (-0.41, -0.11, 0.04),
    "volume of trade as printed": (1.72, 0.04, 0.04),
    "real wage as printed": (1.72, 0.32, 0.11),
}
CP_ROWS = ("Mexico", "Canada", "USA")


def caliendo_parro_world(folder: Path) -> tuple[World, Floats]:
    """The data of 1993 as shares (they do not balance), and the tariffs of 2005 within NAFTA."""
    folder = folder / "caliendo_parro_2015"
    economies = tuple(own_result("caliendo_parro_2015", "nafta_zero_deficit")["regions"])
    n, j, goods = len(economies), 40, 20

    def block(name: str) -> Floats:
        """Sector blocks of [importer, exporter], as [importer, exporter, sector]."""
        out = np.zeros((n, n, j))
        out[..., :goods] = np.loadtxt(folder / name).reshape(goods, n, n).transpose(1, 2, 0)
        return out

    sales = 1000.0 * block("xbilat1993.txt")  # thousand USD
    exports = sales.sum(axis=0)
    output = np.maximum(np.loadtxt(folder / "GO.txt").T, exports)
    own = np.arange(n)
    sales[own, own] = output - exports
    before, after = block("tariffs1993.txt") / 100, block("tariffs2005.txt") / 100
    value_added = np.loadtxt(folder / "B.txt").T
    inputs = np.loadtxt(folder / "IO.txt").reshape(n, j, j) * (1 - value_added)[:, None, :]
    final = (sales * (1 + before)).sum(axis=1) - np.einsum("nkj,nj->nk", inputs, output)
    final = np.maximum(final, 0.0)  # 185 cells of 1,240 are negative
    world = World.from_arrays(
        economies,
        [f"sector {k + 1}" for k in range(j)],
        sales=sales,
        tariff=before,
        value_added_share=value_added,
        input_share=inputs,
        final_share=final / final.sum(axis=1, keepdims=True),
        trade_elasticity=np.r_[np.loadtxt(folder / "T.txt"), np.full(j - goods, 8.22)],
        closure="trade-balance",
        accounts="shares",
        name="Caliendo-Parro 1993",
        year=1993,
    )
    tariff = before.copy()
    members = [economies.index(name) for name in NAFTA]
    tariff[np.ix_(members, members)] = after[np.ix_(members, members)]
    return world, tariff


def caliendo_parro(folder: Path) -> list[Comparison]:
    """NAFTA with zero deficits: baseline solved first, then the tariffs of 2005."""
    truth = own_result("caliendo_parro_2015", "nafta_zero_deficit")
    data, tariff = caliendo_parro_world(folder)
    base = rebase(data)
    shock = Shock.of(base, tariff=tariff)
    specification = Specification(closure="trade-balance")
    found = solve(base, shock, specification=specification, tolerance=SOLVED)
    result = outcomes_of(found)
    names = data.economies

    def wage(world: World) -> Floats:
        return world.labour_income.sum(axis=1)

    # hats against the data: the rebased world over the data, then the counterfactual over it
    base_wage = wage(base) / wage(data)
    wage_hat = np.asarray(found.wage_hat)[:, 0]
    truth_base, truth_after = np.array(truth["w_hat_bln"]), np.array(truth["w_hat_cfl"])
    ours_to_theirs = truth_after.mean() / (base_wage * wage_hat).mean()
    index = price_index_hat(base, found.price_hat)
    truth_index = np.array(truth["P_n_hat_cfl"]) / np.array(truth["P_n_hat_bln"])
    # The split weighs nominal changes, so it scales with the numeraire: theirs is not world
    # value added. Wages tell the ratio of the two.
    scale = (truth_after / truth_base / wage_hat).mean()
    tot = scale * by_economy(result, "terms_of_trade_pct", base)
    vot = scale * by_economy(result, "volume_of_trade_pct", base)

    def row(quantity: str, ours: ArrayLike, theirs: ArrayLike, unit: str, tol: float) -> Comparison:
        return compare(CP, quantity, names, ours, theirs, unit, tol, CP_SOURCE)

    found_rows = [
        row("welfare, first order (terms + volume of trade)", tot + vot,
            truth["welfare_decomp_pct"], "pp", SPLIT),
        row("terms of trade", tot, truth["tot_pct"], "pp", SPLIT),
        row("volume of trade", vot, truth["vot_pct"], "pp", SPLIT),
        row("real income, exact", by_economy(result, "welfare_pct", base),
            truth["real_income_change_pct"], "pp", REAL_INCOME),
        row("real wage", by_economy(result, "real_wage_pct", base), truth["realwage_pct"],
            "pp", REAL_INCOME),
        row("wages without deficits over data", base_wage * truth_base.mean() / base_wage.mean(),
            truth_base, "ratio", HATS),
        row("wages with NAFTA over data", base_wage * wage_hat * ours_to_theirs, truth_after,
            "ratio", HATS),
        row("consumer prices, NAFTA over none", index * scale, truth_index, "ratio", HATS),
    ]  # fmt: skip
    at = [names.index(name) for name in CP_ROWS]
    wages = by_economy(result, "real_wage_pct", base)
    for (quantity, printed), ours in zip(
        CP_PRINTED.items(), (tot + vot, tot, vot, wages), strict=True
    ):
        found_rows.append(
            compare(CP, quantity, CP_ROWS, ours[at], printed, "percent", TABLE_2, CP_TABLE)
        )
    return found_rows


# ---- Ossa (2014): tariffs under a fixed number of firms ----------------------------------------

OSSA_SOURCE = "two independent codes on the author's data (Ossa 2014, AER 104)"
AUTARKY = "autarky_like_1e8"
OSSA_CASES = {
    "identity": "no change",
    "free_trade": "free trade",
    "US_50pct_all": "US tariffs of 50 %",
    "US_plus25pp_on_China": "US +25 points on China",
    AUTARKY: "near autarky (tariffs of 10⁸)",
}


def ossa_world(folder: Path) -> World:
    """Seven regions, 33 industries, 2007, no inputs, no transfers."""
    with np.load(folder / "ossa_2014" / "inputs.npz") as data:
        sales = data["trade_ex_tariff"].transpose(1, 0, 2)
        tariff = data["tariff"].transpose(1, 0, 2)
        return World.from_arrays(
            [str(r) for r in data["regions"]],
            [str(s) for s in data["labels"]],
            sales=sales,
            tariff=tariff,
            trade_elasticity=data["sigma"] - 1,
            market_structure="fixed-entry",
            name="Ossa 2007",
            year=2007,
        )


def ossa_political_weights(folder: Path) -> Floats:
    """Weights of industries in government welfare, [region, industry], mean one."""
    with np.load(folder / "ossa_2014" / "inputs.npz") as data:
        weights: Floats = data["lambda_pol"] / data["lambda_pol"].mean(axis=1, keepdims=True)
    return weights


def government_welfare_hat(world: World, found: Any, tariff: Floats, weights: Floats) -> Floats:
    """Ossa's objective: industry incomes with political weights, over the price index.

    Income of an industry: its sales, and the part of tariff revenue that its share of the wage
    bill earns.
    """

    def incomes(sales: Floats, rates: Floats, wage_bill: Floats) -> Floats:
        revenue = (rates * sales).sum(axis=(1, 2))
        share = wage_bill / wage_bill.sum(axis=1, keepdims=True)
        return sales.sum(axis=0) + share * revenue[:, None]

    before = incomes(world.sales, world.tariff, world.labour_income)
    after = incomes(found.sales_prime, tariff, found.labour_income_prime)
    ratio = (weights * after).sum(axis=1) / (weights * before).sum(axis=1)
    return ratio / price_index_hat(world, found.price_hat)


def ossa(folder: Path) -> list[Comparison]:
    """Five counterfactual tariff schedules; total wage bill constant."""
    truth = own_result("ossa_2014", "counterfactuals")
    world = ossa_world(folder)
    weights = ossa_political_weights(folder)
    rows: list[Comparison] = []
    with np.load(folder / "ossa_2014" / "tariffs.npz") as schedules:
        for name, called in OSSA_CASES.items():
            tariff = schedules[name].transpose(1, 0, 2)
            found = solve(
                world,
                Shock.of(world, tariff=tariff),
                specification=Specification(numeraire="world labour income"),
                tolerance=SOLVED_NEAR_AUTARKY if name == AUTARKY else SOLVED,
            )
            spending = found.income_prime / world.income
            index = price_index_hat(world, found.price_hat)
            # constant total wage bill, whatever the numeraire of the solution
            unit = world.labour_income.sum() / np.asarray(found.labour_income_prime).sum()
            wage = unit * np.asarray(found.wage_hat)[:, 0]
            lobby = government_welfare_hat(world, found, tariff, weights)
            for quantity, key, ours in (
                ("welfare", "What", spending / index),
                ("wages", "what", wage),
                ("spending", "Xhat", unit * spending),
                ("prices", "Phat", unit * index),
                ("government welfare with lobbying", "Ghat_lambdapol", lobby),
            ):
                if name == AUTARKY and key not in ("What", "Ghat_lambdapol"):
                    continue  # without trade nothing ties one economy's prices to another's
                rows.append(
                    compare(f"Ossa 2014, {called}", quantity, world.economies, ours,
                            truth[name][key], "ratio", OSSA, OSSA_SOURCE)
                )  # fmt: skip
    return rows


#: Half of the last printed digit: of whole percents, and of tenths of a percent.
PRINTED_PERCENT, PRINTED_TENTH = 0.5, 0.05


def ossa_optimal_tariffs(folder: Path) -> list[Comparison]:
    """Each region alone sets the author's optimal MFN tariffs (the case with lobbying)."""
    truth = own_result("ossa_2014", "optimal_tariffs")["published"]
    world = ossa_world(folder)
    weights = ossa_political_weights(folder)
    with np.load(folder / "ossa_2014" / "inputs.npz") as data:
        optimal = data["mfn_opt_pol"].T  # [region, industry]
    count = len(world.economies)
    own, others = np.zeros(count), np.zeros(count)
    for n in range(count):
        abroad = np.arange(count) != n
        tariff = np.array(world.tariff)
        tariff[n, abroad] = optimal[n]
        found = solve(world, Shock.of(world, tariff=tariff), tolerance=SOLVED)
        gain = 100 * (government_welfare_hat(world, found, tariff, weights) - 1)
        own[n], others[n] = gain[n], gain[abroad].mean()
    case = "Ossa 2014, optimal MFN tariffs with lobbying"
    average = ["average of regions"]
    return [
        compare(
            case,
            "optimal tariff (median industry)",
            average,
            [100 * np.median(optimal, axis=1).mean()],
            [truth["optimal_tariff_avg_pct"]],
            "percent",
            PRINTED_PERCENT,
            "Ossa (2014), abstract",
        ),
        compare(
            case,
            "government welfare, own",
            average,
            [own.mean()],
            [1.9],
            "percent",
            PRINTED_TENTH,
            "Ossa (2014), as quoted with the reference results",
        ),
        compare(
            case,
            "government welfare, others",
            average,
            [others.mean()],
            [-0.7],
            "percent",
            PRINTED_TENTH,
            "Ossa (2014), as quoted with the reference results",
        ),
    ]


# ---- US and China, 2017, with scale economies ----------------------------------------------------

US_CHINA_SOURCE = "independent code, model class of Ju, Ma, Wang and Zhu (2024, JME)"


def us_china_world(folder: Path, accounts: str) -> tuple[World, Floats]:
    """Seven economies, 44 sectors, and the US tariffs on China of 2018-19; `accounts` is
    "balanced" or "deficit"."""
    with np.load(folder / "us_china_2017" / f"base_{accounts}.npz") as data:
        economies = tuple(str(r) for r in data["regions"])
        tariff = data["tariff"].transpose(1, 0, 2)
        world = World.from_arrays(
            economies,
            [f"sector {k + 1}" for k in range(tariff.shape[2])],
            expenditure=data["X_consumer_prices"].transpose(1, 0, 2),
            tariff=tariff,
            value_added_share=data["va"],
            input_share=data["gamma_io"],
            final_share=data["alpha"],
            transfer=data["delta"] * data["wL"].sum(),
            trade_elasticity=data["theta"],
            scale_elasticity=data["psi"],
            closure="fixed-transfer",
            name=f"US-China 2017, {accounts}",
            year=2017,
        )
        after = np.array(tariff)
        goods = len(data["trump"])
        after[economies.index("USA"), economies.index("CHN"), :goods] += data["trump"]
    return world, after


def us_china(folder: Path) -> list[Comparison]:
    """US tariffs alone: balanced and with deficits, with and without scale economies."""
    truth = own_result("us_china_2017", "trump_tariffs")["results"]
    rows: list[Comparison] = []
    for accounts in ("balanced", "deficit"):
        world, tariff = us_china_world(folder, accounts)
        for scale, key in ((True, "psical"), (False, "psi0")):
            for scenario, rates in (("zero", world.tariff), ("trump", tariff)):
                expected = truth[f"{accounts}|{key}|{scenario}"]
                found = solve(
                    world,
                    Shock.of(world, tariff=rates),
                    specification=Specification(scale=scale),
                    tolerance=SOLVED,
                )
                result = outcomes_of(found)
                wage = np.asarray(found.wage_hat)[:, 0]
                theirs = np.array(expected["w"])
                case = (
                    f"US-China 2017, {accounts}, "
                    f"{'scale economies' if scale else 'no scale economies'}, "
                    f"{'no change' if scenario == 'zero' else 'US tariffs'}"
                )
                for quantity, ours, against, unit, tol in (
                    ("welfare", by_economy(result, "welfare_pct", world), expected["W_pct"],
                     "pp", US_CHINA),
                    ("real wage", by_economy(result, "real_wage_pct", world),
                     expected["realwage_pct"], "pp", US_CHINA),
                    ("wages", wage * theirs[0] / wage[0], theirs, "ratio", US_CHINA / 100),
                ):  # fmt: skip
                    rows.append(
                        compare(case, quantity, world.economies, ours, against, unit, tol,
                                US_CHINA_SOURCE)
                    )  # fmt: skip
    return rows


ALL: dict[str, Callable[[Path], list[Comparison]]] = {
    "caliendo_parro": caliendo_parro,
    "ossa": ossa,
    "ossa_optimal_tariffs": ossa_optimal_tariffs,
    "us_china": us_china,
}
