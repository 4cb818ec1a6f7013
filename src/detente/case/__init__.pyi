from .check import Finding as Finding
from .meeting_answers import QUESTIONS as QUESTIONS, Question as Question, answer_of as answer_of
from .meeting_starter import meeting_starter as meeting_starter
from .read import (
    list_cases as list_cases,
    load_case as load_case,
    parse_case as parse_case,
    validate_case as validate_case,
)
from .schema import CaseFile as CaseFile, json_schema as json_schema, world_of as world_of
from .starter import starter as starter
