"""Which packages would two sides sign, for a pair of which nothing is known but its measures?

Run with ``python examples/own_meeting.py``. A case file says the same under ``[talks]``.
"""

import datetime as dt

from detente import Tariff, load_world
from detente.talks import MeetingGiven, TalksSection, list_profiles, problems_of, run_talks

measures = {
    tariff.id: tariff
    for tariff in (
        Tariff(id="us-15", by="USA", on="EU27", sectors="all goods", rate="+15 pp"),
        Tariff(id="us-10", by="USA", on="EU27", sectors="all goods", rate="+10 pp"),
        Tariff(id="eu-cars", by="EU27", on="USA", sectors="motor_vehicles", rate="+7 pp"),
        Tariff(
            id="eu-list", by="EU27", on="USA", sectors="all goods", rate="+20 pp", stacking="add"
        ),
    )
}
section = TalksSection(
    date=dt.date(2026, 3, 2),
    parties=["USA", "EU27"],
    level="minister",
    tone={"USA": 1, "EU27": 3},
    fallback={"measures": ["eu-list"], "source": "an example"},
    issue={
        "tariff": {"by": "USA", "levels": {"15": ["us-15"], "10": ["us-10"], "none": []}},
        "cars": {"by": "EU27", "levels": {"kept": ["eu-cars"], "lifted": []}},
    },
)
world = load_world("icio-2022")
assert problems_of(section, world, list(measures)) == []
found = run_talks(MeetingGiven("us-eu", section, measures), world=world)

print(f"Profiles ship for {', '.join(list_profiles())}; this pair's is {found.profile.name}.")
print("Worth over how things are (percent of real income) of every package:")
for package in found.packages[1:]:
    us, eu = package.worth
    mark = "Nash" if package.number == found.nash else "signed" if package.in_zone else ""
    print(f"  {' · '.join(package.levels):14} USA {us:+.3f}  EU27 {eu:+.3f}  {mark}")
odds = found.odds.case
print(f"Odds of a deal by the record {found.odds.record.odds.deal:.2f}, with it {odds.deal:.2f}.")
