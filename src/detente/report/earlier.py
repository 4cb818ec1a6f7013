"""What did version 0.1 leave in a folder of results, and may a new run replace it?"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from detente.store import MANIFEST, ResultFolder, content_hash, manifest_of, write_whole

__all__ = ["results_folder"]

#: The files of a run of version 0.1, which wrote its manifest last and listed none of them.
WRITTEN = ("report.html", "datapackage.json", "tables/*.csv", "figures/*.svg", "figures/*.png",
           "figures/*.csv")  # fmt: skip
#: What that manifest says.
SAID = {"schema", "detente", "case", "package", "world", "scenario_hash", "platform"}
#: Clocks of file systems are as coarse as this, in seconds.
COARSE = 1.0


def results_folder(place: str | Path, writer: str, names: Iterable[str] = ()) -> ResultFolder:
    """The folder that a command writes into, also where a run of version 0.1 wrote before.

    Of such a run are the files that have its names and are no younger than its manifest; they
    are put on the list that later runs keep there. Everything else is somebody else's.

    Raises
    ------
    OutputError
        The place cannot be written, or holds something that is in the way.
    """
    place = Path(place)
    said = manifest_of(place)
    if said is not None and "files" not in said and said.keys() >= SAID:
        until = (place / MANIFEST).stat().st_mtime + COARSE
        own = {
            path.relative_to(place).as_posix(): content_hash(path.read_bytes())
            for pattern in WRITTEN
            for path in sorted(place.glob(pattern))
            if path.is_file() and path.lstat().st_mtime <= until
        }
        text = json.dumps(said | {"files": {"run": own}}, indent=2, ensure_ascii=False)
        write_whole(place / MANIFEST, text.encode())
    return ResultFolder(place, writer, names)
