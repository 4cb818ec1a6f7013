from .log import (
    Forecast as Forecast,
    SealedForecast as SealedForecast,
    check_open as check_open,
    read_chain as read_chain,
    seal as seal,
)
from .score import ForecastScores as ForecastScores, score_log as score_log
from .settled import MeetingOutcome as MeetingOutcome, read_outcomes as read_outcomes
