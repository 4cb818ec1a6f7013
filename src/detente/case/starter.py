"""How does one begin a case of one's own?"""

from __future__ import annotations

from importlib import resources

__all__ = ["starter"]


def starter(talks: bool = False) -> str:
    """A commented case file to start from: measures, or a meeting about them.

    Examples
    --------
    >>> import detente.case
    >>> detente.case.parse_case(starter()).name
    'my-case'
    """
    name = "talks.toml" if talks else "measures.toml"
    return (resources.files("detente.case") / "starters" / name).read_text(encoding="utf-8")
