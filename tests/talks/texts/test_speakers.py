"""Who speaks? Subjects of verbs of saying, not their objects; and nobody where nobody does."""

from __future__ import annotations

import pytest

from detente.talks.texts import read

REPORT = "Mr. Blinken said little, officials said. He told reporters that it was early.\n\n"


def speaker(sentence: str) -> str:
    """Of a sentence in a news text."""
    return read(REPORT + sentence).sentences[-1].speaker


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Sullivan accused Beijing of coercion.", "USA"),
        ("Sullivan warned that China could retaliate.", "USA"),
        ("U.S. Trade Representative Smith said it was unfair.", "USA"),
        ("The U.S. side condemned the curbs.", "USA"),
        ("A senior administration official said it was early.", "USA"),
        ("Treasury said in a statement on Friday that it was early.", "USA"),
        ("The Chinese side condemned the curbs.", "CHN"),
        ("China’s commerce ministry said it would act.", "CHN"),
        ("A spokesperson for China’s foreign ministry said it was a farce.", "CHN"),
        ("MOFCOM said the move was wrong.", "CHN"),
        ("On Friday evening Mr. Yang told state television it went well.", "CHN"),
        ("In a phone call with Bessent on Friday, He Lifeng expressed concern.", "CHN"),
        ("“It is a farce,” Wang Yi was quoted as saying by Xinhua.", "CHN"),
        ("“It is a farce,” said Lin Mei, the Chinese vice commerce minister.", "CHN"),
        ("It is a farce, the Chinese embassy said on Monday.", "CHN"),
        ("While Blinken said it was early, Yang replied that it was late.", "CHN"),
        ("Wang, who met Rubio in Kuala Lumpur, said China opposes bullying.", "CHN"),
        ("The US ambassador to China said it was early.", "USA"),
        ("Prime Minister Takaichi said Tokyo would act.", "JPN"),
        ("Brussels said it would act.", "EU27"),
        ("Germany’s economy minister said it would act.", "DEU"),
        (
            "It ended. Mr. Biden, speaking in Delaware, said: “I want to compete.”",
            "USA",
        ),
        ("Canadian officials said they would act.", "CAN"),
        ("Both sides said it went well.", "both"),
        ("She and Vice Premier He Lifeng agreed to meet again.", "both"),
        ("Chinese exporters said orders had fallen.", ""),
        ("Analysts in Beijing said it was a show.", ""),
        ("“It is a show,” said Jane Doe, a former Treasury official.", ""),
        ("Former President Biden said it was wrong.", ""),
        ("Eric Roe, a professor and former head of the IMF’s China division, said so.", ""),
        ("Republican lawmakers called for a boycott.", ""),
        ("Beijing built the plants with cheap loans.", ""),
    ],
)
def test_subjects(text: str, who: str) -> None:
    assert speaker(text) == who


def test_a_quotation_keeps_its_speaker_over_paragraphs() -> None:
    text = """BEIJING (Wire) — The talks ended.

“We cannot accept this,” said Wang Wentao, the commerce minister. “It is bullying.

“It must stop. It harms both,” he added.

Analysts were less sure.

The official said more talks would follow, the ministry said.
"""
    found = [s.speaker for s in read(text).sentences]
    assert found == ["", "CHN", "CHN", "CHN", "CHN", "", "CHN"]


def test_who_is_introduced_is_known_from_there_on() -> None:
    text = """“It was useful,” said Li Mei, China’s vice finance minister, according to a report.

“It was a show,” said Jane Doe, an economist in Washington. “It changes nothing.”

Mr. Li said that talks would go on. Doe said they would not.
"""
    assert [s.speaker for s in read(text).sentences] == ["CHN", "", "", "CHN", ""]


def test_a_transcript_goes_by_turns() -> None:
    text = """Roosevelt Room

MODERATOR: Welcome, all.

PRESIDENT TRUMP: It went well. President Xi said he would buy soybeans.

And we will cut tariffs.

Q    Will they?

PRESIDENT XI: (As interpreted.) China and the US should be friends.

THE PRESIDENT: Thank you. Bottom line: it is a great deal.
"""
    found = [s.speaker for s in read(text).sentences]
    assert found == ["", "USA", "USA", "USA", "press", "CHN", "USA", "USA"]


def test_a_press_conference_of_a_ministry_goes_by_names() -> None:
    text = """AFP: What is your comment?

Lin Jian: We oppose it.

Reuters: And the talks?

Lin Jian: They go on.
"""
    assert [s.speaker for s in read(text).sentences] == ["press", "CHN", "press", "CHN"]


def test_a_joint_statement_is_both_sides() -> None:
    text = """Joint Statement on the U.S.-China Meeting

The Government of the United States of America and the Government of the People’s Republic of
China agree as follows. The United States will suspend 24 percentage points of its tariffs.
China will remove its countermeasures.
"""
    reading = read(text)
    assert reading.genre == "joint"
    assert {s.speaker for s in reading.sentences} == {"both"}


def test_a_post_is_its_authors() -> None:
    text = "China is ripping us off. I will impose a 100% Tariff on China. Thank you for your "
    reading = read(text + "attention to this matter!")
    assert (reading.genre, reading.issuer) == ("post", "USA")


def test_a_government_that_speaks_for_itself_is_found() -> None:
    for text, issuer in (
        ("By the authority vested in me as President, I hereby order: China has failed.", "USA"),
        ("China firmly opposes this. The US side must correct its wrong practices.", "CHN"),
    ):
        reading = read(text)
        assert reading.issuer == issuer
        assert {s.speaker for s in reading.sentences} == {issuer}


def test_an_account_of_a_meeting_gives_each_its_own() -> None:
    text = """Secretary Bessent met today with Vice Premier He Lifeng. The two sides had candid
discussions. Secretary Bessent raised concerns about subsidies. Vice Premier He underscored that
China will open up. The meeting was part of efforts to maintain communication.
"""
    assert [s.speaker for s in read(text).sentences] == ["USA", "both", "USA", "CHN", "USA"]


def test_whose_statement_it_is_can_be_said() -> None:
    text = "The two sides had candid discussions. Tariffs are a tool.\n\nIt works."
    assert {s.speaker for s in read(text, by="usa").sentences} == {"USA"}
    assert {s.speaker for s in read(text, by="Switzerland").sentences} == {"CHE"}


def test_a_spokesman_named_behind_his_office_is_known() -> None:
    text = """WASHINGTON (Wire) — The White House on Friday accused China of bad faith.

A spokesman for the Chinese embassy in Washington, Liu Pengyu, rejected the charge. “China has
been responsible,” Liu said.
"""
    assert [s.speaker for s in read(text).sentences] == ["USA", "CHN", "CHN"]


def test_what_the_other_should_do_is_said_by_who_spoke() -> None:
    text = """President Xi Jinping took a phone call from U.S. President Donald J. Trump. President
Xi Jinping stressed that dialogue is the only choice. The U.S. side should remove its measures.
President Trump said that he has great respect for President Xi. They agreed to meet.
"""
    found = [s.speaker for s in read(text).sentences]
    assert found == ["CHN", "CHN", "CHN", "USA", "both"]


@pytest.mark.parametrize(
    ("text", "issuer"),
    [
        ("@realDonaldTrump\n\nChina has totally violated its agreement with us!", "USA"),
        ("Canada will not back down. We will answer. Our workers deserve better.", "CAN"),
        ("China is gravely concerned. We urge the US to stop. The US abuses its power.", "CHN"),
    ],
)
def test_who_says_we_speaks_for_itself(text: str, issuer: str) -> None:
    reading = read(text)
    assert reading.issuer == issuer
    assert {s.speaker for s in reading.sentences} == {issuer}
