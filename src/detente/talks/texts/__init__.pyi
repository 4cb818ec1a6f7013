from .genres import Genre as Genre, genre_of as genre_of
from .names import parties as parties
from .reader import (
    ReadSentence as ReadSentence,
    Reading as Reading,
    SpeakerTone as SpeakerTone,
    read as read,
)
from .sentences import Block as Block, Sentence as Sentence, blocks as blocks, split as split
from .tone import (
    Word as Word,
    WordMatch as WordMatch,
    sentence_tone as sentence_tone,
    vocabulary as vocabulary,
    words_in as words_in,
)
