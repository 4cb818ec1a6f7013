"""How do the tables of a run become a workbook?"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

#: Rows of a sheet in a workbook.
LARGEST_SHEET = 1_048_575


def workbook(frames: dict[str, pd.DataFrame]) -> bytes:
    """One sheet a table, with a filter on every column and the head in place."""
    import pandas as pd

    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer, engine="xlsxwriter") as writer:
        for name, frame in frames.items():
            frame.head(LARGEST_SHEET).to_excel(writer, sheet_name=name[:31], index=False)
            sheet = writer.sheets[name[:31]]
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, len(frame), len(frame.columns) - 1)
            sheet.set_column(0, len(frame.columns) - 1, 16)
    return buffer.getvalue()
