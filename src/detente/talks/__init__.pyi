from .agenda import Agenda as Agenda
from .answers import (
    Answer as Answer,
    answers as answers,
    as_json as as_json,
    headline as headline,
    limits as limits,
)
from .bands import most_sensitive as most_sensitive
from .bargaining import (
    BargainingPoint as BargainingPoint,
    alternating_offers as alternating_offers,
    egalitarian as egalitarian,
    finite_offers as finite_offers,
    kalai_smorodinsky as kalai_smorodinsky,
    nash as nash,
    utilitarian as utilitarian,
)
from .beliefs import (
    ToneModel as ToneModel,
    posterior_from_table as posterior_from_table,
    posterior_unwilling as posterior_unwilling,
)
from .clock import (
    AttritionEquilibrium as AttritionEquilibrium,
    concession_rates as concession_rates,
    reputation_clock as reputation_clock,
)
from .enforcement import (
    LinearTariffGame as LinearTariffGame,
    critical_discount as critical_discount,
    is_self_enforcing as is_self_enforcing,
)
from .frontier import convex_frontier as convex_frontier, pareto_frontier as pareto_frontier
from .given import MeetingGiven as MeetingGiven
from .ground import Ground as Ground, Stand as Stand, stand_at as stand_at
from .meeting import TalksResults as TalksResults, in_words as in_words, run_talks as run_talks
from .outcome import Horizon as Horizon, look_ahead as look_ahead
from .play import Play as Play, play as play
from .price_table import (
    PriceTable as PriceTable,
    price_packages as price_packages,
    request_of as request_of,
)
from .ratification import (
    agenda_setter as agenda_setter,
    ratification_probability as ratification_probability,
    support as support,
)
from .section import Judgement as Judgement, TalksSection as TalksSection
from .statements import Hit as Hit, Reading as Reading, read_statement as read_statement
from .table_round import OUTCOMES as OUTCOMES, RoundResult as RoundResult, play_out as play_out
from .third_parties import voting_power as voting_power
from .threats import (
    crisis_signalling as crisis_signalling,
    disagreement_value as disagreement_value,
)
from .timing import value_of_talking as value_of_talking, waiting_threshold as waiting_threshold
from .zopa import (
    Zopa as Zopa,
    linkage_value as linkage_value,
    zone_of_agreement as zone_of_agreement,
)
