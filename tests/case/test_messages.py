"""Are findings of the schema told in the words of the file, never in those of the library?"""

from __future__ import annotations

import pytest
from tests.case.plain import PLAIN, errors

QUOTA = (
    PLAIN.replace('kind = "tariff"', 'kind = "quota"', 1)
    .replace('rate = "+75 pp"', 'limit = { relation = "at most", change = "-20 %", of = "value" }')
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (PLAIN.replace('kind = "tariff"\n', "", 1), '"kind" is missing. Choose from tariff,'),
        (PLAIN.replace('"tariff"', '"tarif"', 1), 'unknown instrument "tarif". Nearest: "tariff"'),
        (PLAIN.replace('kind = "tariff"', "kind = 5", 1), "kind"),
        (QUOTA.replace("limit =", 'rate = "5 %"\nlimit ='),
         '"rate" means nothing for quota. Beside by, dates and source it takes coverage,'),
        (QUOTA.replace("at most", "at mst"), 'unknown relation "at mst". Nearest: "at most"'),
        (QUOTA.replace("limit = {", "limit = 5 # {"), "limit is written { relation ="),
        (PLAIN.replace('rate = "+75 pp"', 'rule = { kind = "miror", of = "x" }'),
         'unknown rule "miror". Nearest: "mirror"'),
        (PLAIN.replace('rate = "+75 pp"', 'rule = "mirror"'), "rule is written { kind ="),
        (PLAIN.replace('rate = "+75 pp"', "rate = [5]"), "rate"),
        (PLAIN.replace("[model]", "[[model]]"), "model is a table"),
        (PLAIN.replace('sectors = ["motor_vehicles"]', "sectors = [5]", 1), "sectors"),
        (PLAIN.replace('measures = ["us-cars"]', 'measures = "us-cars"'), "measures is a list"),
        (PLAIN + "[uncertainty]\ndraws = 0\n", '"draws" must be at least 1; got 0'),
        (PLAIN + "[uncertainty]\ndraws = 1_000_001\n", '"draws" must be at most 1,000,000'),
        (PLAIN + '[game]\nplayer = ["USA"]\nthreat = 5\n', 'write "status quo", "trade war"'),
        (PLAIN + '[game]\nplayer = []\n', '"player" is empty'),
        (PLAIN + '[game]\nplayer = ["USA"]\n[[game.strategy]]\ninstrument = "tarif"\n',
         'unknown instrument "tarif". Nearest: "tariff"'),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_the_words_of_the_file(text: str, said: str) -> None:
    found = "\n".join(errors(text))
    assert said in found, found
    for word in ("Input should", "Value error", "validation error", "tagged", "literal["):
        assert word not in found, found
