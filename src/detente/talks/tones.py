"""How warmly did each side open, by the file or by the text that it names?"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from detente.errors import InputError, shortened
from detente.talks.section import ToneSection
from detente.talks.texts import SpeakerTone, read

__all__ = ["ToneFound", "tone_found"]

#: A side of which nothing is known is neither warm nor harsh; the record's mean is −0.9.
NEUTRAL = 0.0


class ToneFound(NamedTuple):
    """A tone, −10 to 10, and where it is from.

    Attributes
    ----------
    value
        As used.
    known
        False where the file names none, and neither warm nor harsh stands in.
    read_off
        What the speaker's sentences come to, where the tone was read off a text.
    source
        The file's own.
    """

    value: float
    known: bool
    read_off: SpeakerTone | None
    source: str


def tone_found(tone: ToneSection | None, by: str, folder: Path | None) -> ToneFound:
    """A tone as given, or as read off a text.

    Parameters
    ----------
    tone
        From the file; None where it says nothing.
    by
        Whose sentences count where the file does not say whose statement the text is.
    folder
        Where paths of texts start.

    Raises
    ------
    InputError
        The text cannot be read, or none of its sentences is that speaker's and leans either way.

    Examples
    --------
    >>> tone_found(ToneSection(value=-3.0), "CHN", None).value
    -3.0
    """
    if tone is None:
        return ToneFound(NEUTRAL, False, None, "")
    if tone.text is None:
        return ToneFound(NEUTRAL if tone.value is None else tone.value, True, None, tone.source)
    path = Path(tone.text) if folder is None else folder / tone.text
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        raise InputError(f"no text can be read from {shortened(path)}.") from None
    reading = read(text, tone.by)
    spoken = reading.of(by if tone.by is None else reading.issuer)
    if spoken.tone is None:
        who = shortened(spoken.speaker)
        raise InputError(
            f"{shortened(path)}: no sentence of {who} there leans either way. "
            'Say by = "..." where it is a statement of that side, or give the tone as a number.'
        )
    return ToneFound(spoken.tone, True, spoken, tone.source)
