"""WebVTT: what a player would show, and what it would skip without a word."""

from __future__ import annotations

import pytest

from course_builder.webvtt import paragraphs, read_webvtt
from tests.course_builder.sources import PAGE, check

FILM = "# A page\n\n::: media {src=film.webm captions=film.vtt transcript=film.vtt description=none-needed}\n\n:::\n"
FOLDER = "modules/m1-town"


def told(text: str) -> list[str]:
    return [f"{mistake.line}: {mistake.message}" for mistake in read_webvtt(text)[1]]


def test_reads_cues_with_their_times() -> None:
    text = "\ufeffWEBVTT - Film\nKind: captions\n\nNOTE no cue\n\n1\n00:01.500 --> 01:02:03.004 line:0\nHello\nthere\n"
    cues, mistakes = read_webvtt(text.replace("\n", "\r\n"))
    assert mistakes == []
    assert [(cue.start_ms, cue.end_ms, cue.text, cue.line) for cue in cues] == [(1_500, 3_723_004, "Hello\nthere", 7)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1\n00:01.000 --> 00:02.000\nA\n", "1: this is no WebVTT file: it does not begin with WEBVTT"),
        ("WEBVTT\n\n", "1: this file has no cue"),
        ("WEBVTT\n\n00:00:01,000 --> 00:00:02,000\nA\n", "3: `00:00:01,000 --> 00:00:02,000` are no times"),
        ("WEBVTT\n\n0:01.000 --> 0:02.000\nA\n", "3: `0:01.000 --> 0:02.000` are no times"),
        ("WEBVTT\n\n00:61.000 --> 00:62.000\nA\n", "3: `00:61.000 --> 00:62.000` are no times"),
        ("WEBVTT\n\n00:02.000 --> 00:02.000\nA\n", "3: this cue ends before it starts"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n\nA line\n", "3: this cue says nothing"),
        ("WEBVTT\n\nA line\n", "3: this is no cue: it has no times"),
        ("WEBVTT\n\n00:02.000 --> 00:03.000\nB\n\n00:01.000 --> 00:02.000\nA\n", "6: this cue starts before the one"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nA\n00:02.000 --> 00:03.000\nB\n", "3: two cues without an empty line"),
    ],
)
def test_names_what_a_player_would_skip(text: str, expected: str) -> None:
    assert told(text)[0].startswith(expected)


def test_makes_paragraphs_of_voices_and_pauses() -> None:
    text = (
        "WEBVTT\n\n00:00.000 --> 00:01.000\n<v Aino>Good\n"
        "\n00:01.000 --> 00:02.000\n<v Aino><i>morning</i> &amp; welcome.\n"
        "\n00:02.000 --> 00:03.000\n<v.loud Ben>Thanks.\n\n00:09.000 --> 00:10.000\n<v Ben>Later.\n"
    )
    assert paragraphs(read_webvtt(text)[0]) == [
        ("Aino", "Good morning & welcome."),
        ("Ben", "Thanks."),
        ("Ben", "Later."),
    ]


def test_a_mistake_is_named_at_its_line_in_the_captions() -> None:
    captions = b"WEBVTT\n\n1\n00:00:00,000 --> 00:00:02,000\nWelcome.\n"
    _, problems = check({PAGE: FILM, f"{FOLDER}/film.webm": b"x", f"{FOLDER}/film.vtt": captions})
    assert [(each.code, each.place.path, each.place.line) for each in problems] == [
        ("transcript-empty", f"{FOLDER}/film.vtt", 1),
        ("captions-syntax", f"{FOLDER}/film.vtt", 4),
    ]


def test_captions_in_another_encoding_are_named_once() -> None:
    captions = "WEBVTT\n\n00:00.000 --> 00:02.000\nHyvää päivää\n".encode("latin-1")
    _, problems = check({PAGE: FILM, f"{FOLDER}/film.webm": b"x", f"{FOLDER}/film.vtt": captions})
    found = [(each.code, each.place.line, each.place.column) for each in problems]
    assert found == [("transcript-empty", 1, 1), ("file-not-utf-8", 4, 4)]
