"""How does one begin a case of one's own?"""

from __future__ import annotations

from importlib import resources

__all__ = ["starter"]


def starter() -> str:
    """A commented case file to start from.

    Examples
    --------
    >>> import detente.case
    >>> detente.case.parse_case(starter()).name
    'my-case'
    """
    return (resources.files("detente.case") / "starters" / "measures.toml").read_text(
        encoding="utf-8"
    )
