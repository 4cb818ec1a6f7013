"""What does the meeting of a case give?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import detente.talks as talks
import detente.world as worlds
from detente.case import CaseFile, world_of
from detente.progress import SILENT, Listener

if TYPE_CHECKING:
    from detente.equilibrium import Specification
    from detente.talks import TalksResults
    from detente.world import World

#: Where priced packages are kept, below the folder of results.
PACKAGES = ".packages"


def meet(
    case: CaseFile,
    *,
    world: World | None = None,
    specification: Specification | None = None,
    draws: int | None = None,
    seed: int | None = None,
    folder: Path | None = None,
    workers: int | None = None,
    listener: Listener = SILENT,
) -> TalksResults:
    """The meeting of a case, worked out alone.

    Parameters
    ----------
    case
        With a ``[talks]`` section.
    world, specification
        The case's own where left out.
    draws, seed
        Of the judged numbers; the usual number and the case's seed where left out.
    folder
        Where priced packages are kept for a later call; None keeps none.
    workers
        Threads for pricing.
    listener
        Told how far it has come.

    Raises
    ------
    CaseFileError
        The case has no meeting, or one that makes no sense.
    """
    given = case.meeting
    if world is None:
        listener.step("opening the world")
        world = worlds.load_world(world_of(case), case.model.elasticities)
    return talks.run_talks(
        given,
        world=world,
        specification=specification or case.model.specification(),
        seed=seed,
        folder=folder,
        workers=workers,
        listener=listener,
        **({} if draws is None else {"draws": draws}),
    )
