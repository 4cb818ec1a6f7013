from .change import SignChange as SignChange, changes as changes
from .checks import problems_of as problems_of
from .fitted import (
    ENDINGS as ENDINGS,
    Odds as Odds,
    RecordedMeeting as RecordedMeeting,
    record_numbers as record_numbers,
    recorded_meetings as recorded_meetings,
)
from .given import MeetingGiven as MeetingGiven
from .odds import MeetingOdds as MeetingOdds, meeting_odds as meeting_odds, pooled as pooled
from .profile import list_profiles as list_profiles
from .record import (
    RecordOdds as RecordOdds,
    escalation as escalation,
    odds_of as odds_of,
    record_odds as record_odds,
)
from .results import TalksResults as TalksResults
from .run import run_talks as run_talks
from .section import TalksSection as TalksSection
from .signs import Signs as Signs
from .reading import (
    NextStatement as NextStatement,
    ReadingConstants as ReadingConstants,
    Statement as Statement,
    StatementTerm as StatementTerm,
    UnwillingOdds as UnwillingOdds,
    posterior_from_table as posterior_from_table,
    unwilling as unwilling,
)
from .texts import (
    Reading as Reading,
    ReadSentence as ReadSentence,
    SpeakerTone as SpeakerTone,
    read as read,
)
