"""Does the data page say what the shipped world holds?"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from detente.world import elasticity_studies, list_worlds, load_world, world_labels

PAGE = Path(__file__).resolve().parents[2] / "docs/data.md"
#: Half the last printed digit.
PRINTED = 0.00501


def test_elasticity_table_is_the_worlds() -> None:
    world = load_world("icio-2022")
    scale = load_world("icio-2022", "lashkaripour-lugovskyy-2023")
    parro = load_world("icio-2022", "caliendo-parro-2015")
    studies = elasticity_studies(world)
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    for k, sector in enumerate(world.sectors):
        (line,) = [text for text in lines if text.startswith(f"| `{sector}` |")]
        cells = [cell.strip() for cell in line.strip("|").split("|")][1:]
        printed = [float(c) for c in cells[:5]]
        held = [
            world.trade_elasticity[k],
            scale.trade_elasticity[k],
            scale.scale_elasticity[k],
            parro.trade_elasticity[k],
            studies.count[k],
        ]
        assert printed == pytest.approx([float(x) for x in held], abs=PRINTED), sector
        if cells[5]:
            assert float(cells[5]) == pytest.approx(studies.log_sd[k], abs=PRINTED)
        else:
            assert np.isnan(studies.log_sd[k])


def test_every_repair_and_set_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for name in list_worlds():
        for repair in load_world(name).repairs:
            assert f"`{repair.rule}`" in text
        for chosen in world_labels(name).elasticity_sets:
            assert f"`{chosen}`" in text
