"""Which world, under which assumptions, compared with what?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import detente.equilibrium as equilibrium
import detente.outcomes as outcome
import detente.world as worlds
from detente.scenario import compile_scenario
from detente.wording import comparison

if TYPE_CHECKING:
    from detente.case.schema import CaseFile
    from detente.equilibrium import Equilibrium, Specification
    from detente.outcomes import Outcomes
    from detente.scenario import CompiledScenario, Scenario
    from detente.world import World


@dataclass(frozen=True)
class Overrides:
    """Model choices that the caller puts in place of the case's."""

    closure: str | None = None
    labour: str | None = None
    roy_elasticity: float | None = None
    elasticities: str | None = None
    scale: bool | None = None


def specification_of(case: CaseFile, overrides: Overrides) -> Specification:
    """The case's model section with the caller's choices put first."""
    chosen = {
        name: value
        for name in ("closure", "labour", "roy_elasticity", "scale")
        if (value := getattr(overrides, name)) is not None
    }
    return case.model.model_copy(update=chosen).specification()


@dataclass(frozen=True)
class Engine:
    """One world under one specification, with the comparison solved once for each name."""

    world: World
    specification: Specification
    world_words: str
    _known: dict[str, Equilibrium] = field(default_factory=dict)

    def under(self, specification: Specification) -> Engine:
        """The same world under another specification."""
        return Engine(self.world, specification, self.world_words)

    def with_elasticities(self, reference: str, name: str) -> Engine:
        """The same specification with another elasticity set."""
        return Engine(worlds.load_world(reference, name), self.specification, self.world_words)

    def compiled(self, scenario: Scenario) -> CompiledScenario:
        """A scenario brought onto the world."""
        return compile_scenario(self.world, scenario)

    def solve(self, what: Any) -> Equilibrium:
        """One equilibrium."""
        return equilibrium.solve(self.world, what, specification=self.specification)

    def comparison(self, scenario: Scenario) -> tuple[Equilibrium | None, str]:
        """The equilibrium that a scenario is compared with (None: the world), and its name."""
        other = scenario.compared_with
        if other is None:
            return None, self.world_words
        if other.name not in self._known:
            self._known[other.name] = self.solve(self.compiled(other))
        return self._known[other.name], comparison(other.name, other.title)

    def outcomes(self, scenario: Scenario, what: Any = None) -> Outcomes:
        """What a scenario changes, against its comparison."""
        reference, words = self.comparison(scenario)
        found = self.solve(self.compiled(scenario) if what is None else what)
        return outcome.outcomes_of(found, reference, scenario.name, words)
