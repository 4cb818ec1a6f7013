from .change import SignChange as SignChange, changes as changes
from .fitted import (
    ENDINGS as ENDINGS,
    Odds as Odds,
    RecordedMeeting as RecordedMeeting,
    record_numbers as record_numbers,
    recorded_meetings as recorded_meetings,
)
from .odds import MeetingOdds as MeetingOdds, meeting_odds as meeting_odds, pooled as pooled
from .record import (
    RecordOdds as RecordOdds,
    escalation as escalation,
    odds_of as odds_of,
    record_odds as record_odds,
)
from .signs import Signs as Signs
