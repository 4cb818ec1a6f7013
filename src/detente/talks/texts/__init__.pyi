from .names import parties as parties
from .reader import (
    ReadSentence as ReadSentence,
    Reading as Reading,
    SpeakerTone as SpeakerTone,
    read as read,
)
from .sentences import Passage as Passage, Sentence as Sentence, blocks as blocks, split as split
from .tone import (
    Word as Word,
    WordMatch as WordMatch,
    vocabulary as vocabulary,
    words_in as words_in,
)
