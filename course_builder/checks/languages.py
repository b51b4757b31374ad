"""Phrases in another language: marked with ``lang``, so that a screen reader pronounces them rightly."""

from __future__ import annotations

import re
from collections.abc import Iterator

from course_builder.model import Problem
from course_builder.prose import Passage

_QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|«([^«»]+)»|„([^„“”]+)[“”]|”([^”]+)”")
_QUOTE = re.compile(r"[“\"«„”]")
_WORD = re.compile(r"[^\W\d_]+")
_FEWEST_WORDS = 3
FEWEST_CHARACTERS = 2 * _FEWEST_WORDS - 1
"""A shorter text has no phrase of so many words."""
_FREQUENT = {
    "en": "the and of to in is that it for was are as with his they at be this have from or had by not but what all"
    " were we when your can said there use an each which she do how their if will up other about out many then them",
    "fi": "ja on ei että se hän oli mutta kun niin kuin myös jos mitä tämä ovat sen joka mukaan ole voi sitä vain jo"
    " kaikki sekä tai hyvää kiitos meidän teidän kanssa varten mikä miten ennen jälkeen",
    "et": "ja on ei et see ta oli kui ka ning oma mis ma kes aga siis või nii välja juba veel nende selle tema meie"
    " kõik pärast enne seda saab võib palju aitäh tere kuidas",
    "sv": "och att det som är av för med till den på har de inte om ett han men var jag sig från vi så kan när år"
    " ska eller hur nu också efter alla här",
}
"""Words that stand in almost every sentence of a language."""
_FREQUENT_WORDS = {language: frozenset(words.split()) for language, words in _FREQUENT.items()}
_ALSO_ENGLISH = frozenset({"on", "see", "me", "he", "men", "ma", "ta"})
"""Words that are frequent in one of these languages, and words of English too: in English text they prove nothing."""
_LETTERS = {"en": frozenset(), "fi": frozenset("äö"), "et": frozenset("äöõüšž"), "sv": frozenset("åäö")}
_NAMES = {"en": "English", "fi": "Finnish", "et": "Estonian", "sv": "Swedish"}


def check(passage: Passage, language: str) -> Iterator[Problem]:
    """Yield a warning for each quoted or italic phrase that is plainly in another language than its module."""
    own = language.partition("-")[0]
    if own not in _FREQUENT_WORDS or not (passage.emphasised or _QUOTE.search(passage.text)):
        return
    spans = {*passage.emphasised, *(match.span() for match in _QUOTED.finditer(passage.text))}
    for start, end in sorted(spans):
        phrase = passage.text[start:end].strip('“”"«»„ ')
        other = language_of(phrase, own)
        if other != own:
            message = f"“{' '.join(phrase.split()[:6])}” looks {_NAMES[other]}"
            hint = f"Mark it, so that it is pronounced rightly: [{' '.join(phrase.split()[:2])} …]{{lang={other}}}."
            yield Problem(passage.place(start), "warning", "phrase-without-lang", message, hint)


def language_of(phrase: str, own: str) -> str:
    """Return the language of a phrase: the text's own, unless another one is plain.

    Plain is a phrase of three words or more, two of which are frequent in the other language and none in the own one;
    one will do where two words have letters that the own language does not use.
    """
    words = [word.lower() for word in _WORD.findall(phrase)]
    if len(words) < _FEWEST_WORDS or any(word in _FREQUENT_WORDS[own] for word in words):
        return own
    foreign_letters = {
        language: sum(any(letter in letters - _LETTERS[own] for letter in word) for word in words)
        for language, letters in _LETTERS.items()
    }
    scores = {
        language: sum(word in frequent and (own != "en" or word not in _ALSO_ENGLISH) for word in words)
        for language, frequent in _FREQUENT_WORDS.items()
        if language != own
    }
    best = max(scores, key=lambda language: (scores[language], foreign_letters[language]))
    is_plain = scores[best] >= 2 or (scores[best] == 1 and foreign_letters[best] >= 2)
    return best if is_plain else own
