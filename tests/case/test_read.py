"""Is a file that is no case refused with its place, whatever it holds, and soon?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.case.plain import PLAIN, errors
from tests.mutants import bounded

from detente.case import load_case, parse_case, validate_case
from detente.case.lines import DEEPEST
from detente.case.read import LARGEST_FILE
from detente.cli.app import run_command_line
from detente.errors import CaseFileError, DetenteError, UnknownNameError


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('name = "a', "at its end"),
        ("schema = 2\nname = cars\n", "line 2"),
        ("[measure\n", "line 1"),
        ("a = 1\na = 2\n", "line 2"),
        ("", '"schema" is missing'),
        ("x = " + "[" * 50 + "]" * 50, f"deeper than {DEEPEST}"),
        ("x = " + "[" * 19_000, "deeper than"),
        ("x = [\n" * 30, "deeper than"),
        (".".join(["a"] * 50) + " = 1", "deeper than"),
        ('x = "' + "a" * 30_000 + '"', "characters"),
    ],
)
def test_text_that_is_no_case(text: str, said: str) -> None:
    assert any(said in e for e in errors(text)), errors(text)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    big = tmp_path / "big.toml"
    big.write_bytes(b"#" * (LARGEST_FILE + 1))
    with pytest.raises(CaseFileError, match="larger than"):
        load_case(big)
    latin = tmp_path / "latin.toml"
    latin.write_bytes('name = "Yellen"\ntitle = "Türkiye"'.encode("latin-1"))
    with pytest.raises(CaseFileError, match=r"line 2: not UTF-8"):
        load_case(latin)
    with pytest.raises(CaseFileError, match="no such file"):
        load_case(tmp_path / "none.toml")
    with pytest.raises(CaseFileError, match="is a folder"):
        load_case(tmp_path)
    with pytest.raises(UnknownNameError, match='"beijing-2024"'):
        load_case("beijing-2042")
    zeros = tmp_path / "zeros.toml"
    zeros.write_bytes(bytes(100))
    with pytest.raises(CaseFileError, match="line 1"):
        load_case(zeros)


def test_a_thousand_measures_are_refused() -> None:
    entry = PLAIN[PLAIN.index("[[measure]]") : PLAIN.index("[[package]]")]
    head = PLAIN[: PLAIN.index("headline")]
    many = head + "\n".join(entry.replace('"us-', f'"u{k}-').replace('"china-', f'"c{k}-')
                            for k in range(300))  # fmt: skip
    assert "at most 500" in errors(many)[0]


HEAD = 'schema = 2\nname = "big"\nworld = "icio-2022"\n'


def measure(k: int, rule: str = 'stacking = "add"\n', **values: str) -> str:
    given = {
        "by": '["USA", "CHN", "JPN", "DEU", "FRA", "ITA", "KOR", "MEX", "CAN", "BRA"]',
        "on": '"all"',
        "sectors": '"all"',
        "rate": '"+1 pp"',
        "source": '"x"',
    } | values
    pairs = "".join(f"{key} = {value}\n" for key, value in given.items())
    return f'[[measure]]\nid = "m{k}"\nkind = "tariff"\n{pairs}{rule}'


def packages(count: int, names: int) -> str:
    listed = ", ".join(f'"m{k}"' for k in range(names))
    return "".join(f'[[package]]\nid = "p{k}"\nmeasures = [{listed}]\n' for k in range(count))


BIG: dict[str, Callable[[], str]] = {
    "measures": lambda: HEAD + "".join(measure(k) for k in range(500)),
    "measures without a rule": lambda: HEAD + "".join(measure(k, "") for k in range(500)),
    "disjoint measures": lambda: (
        HEAD + "".join(measure(k, 'coverage = "1 %"\noverlap = "disjoint"\n') for k in range(500))
    ),
    "packages": lambda: HEAD + "".join(measure(k) for k in range(500)) + packages(200, 350),
    "mirrors": lambda: (
        HEAD
        + "".join(
            measure(k, f'rule = {{ kind = "mirror", of = "m{(k + 1) % 500}", share = "50 %" }}\n')
            for k in range(500)
        )
    ),
    "unknown members": lambda: HEAD + measure(0) + packages(200, 600),
    "100,000 measures": lambda: HEAD + "[[measure]]\n" * 80_000,
    "names": lambda: HEAD + measure(0, by="[" + ",\n".join(['"USA"'] * 120_000) + "]"),
    "spaces in a rate": lambda: HEAD + measure(0, rate='"""1' + "\n" * 60_000 + 'x"""'),
    "keys": lambda: HEAD + "".join(f"k{k} = 1\n" for k in range(80_000)),
    "numbers": lambda: "a = [\n" + "1,1,1,1,1,1,1,1,1,1,\n" * 47_000 + "]\n",
    "tables": lambda: "a = [\n" + "{a=1},{a=1},{a=1},\n" * 52_000 + "]\n",
    "headers": lambda: "".join(f"[t{k}]\n" for k in range(100_000)),
    "comments": lambda: "#\n" * 490_000,
    "dotted keys": lambda: ".".join(["a"] * 9_000) + " = 1\n",
    "deep": lambda: "a = " + "[" * 19_000,
    "a long line": lambda: "a = 1" + "0" * 900_000,
    "quotes": lambda: '"' * 900_000,
    "backslashes": lambda: 'a = """' + "\\\\\n" * 300_000,
}


@pytest.mark.parametrize("name", BIG)
def test_files_up_to_the_limit_are_answered_in_time(name: str) -> None:
    text = BIG[name]()
    assert len(text) <= LARGEST_FILE
    found = bounded(lambda: parse_case(text), DetenteError)
    assert not isinstance(found, Exception) or len(str(found)) < 30_000


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", '"schema" is missing'),
        (b"\x00\x01\x02" * 100, "line 1"),
        (b"\xff\xfe", "not UTF-8"),
        (b"#" * 2_000_001, "larger than 1 MB"),
        (b"x = " + b"[" * 19_000, "deeper than"),
        (b"x" * 50_000, "a line of 50,000 characters"),
        (b"x = 0x" + b"F" * 9_000, "a whole number of more than 18 digits"),
        (b"[[measure]]\n" * 50_000, "50,000 entries; at most 1,000"),
    ],
    ids=["empty", "binary", "latin", "large", "deep", "long", "number", "many"],
)
def test_validate_says_one_clear_thing_of_odd_files(
    content: bytes, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "odd.toml"
    path.write_bytes(content)
    assert run_command_line(["validate", str(path)]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert len(told) < 1_000
    assert "Traceback" not in told


def test_what_cannot_be_read_gives_findings() -> None:
    assert [f.level for f in validate_case("decoupling") if f.level == "error"] == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("2024-13-01", "line 4: there is no month 13"),
        ("2024-02-30", "line 4: there is no day 30 in month 2 of 2024"),
        ("2024-8-01", "lacks a zero: write 2024-08-01"),
    ],
)
def test_a_day_that_is_not_in_the_calendar(wrong: str, said: str) -> None:
    with pytest.raises(CaseFileError, match=said):
        parse_case(PLAIN.replace("2024-10-01", wrong))
