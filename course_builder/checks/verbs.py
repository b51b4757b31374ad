"""Objectives: what a learner is able to do, in a verb that somebody could watch."""

from __future__ import annotations

import re
from collections.abc import Iterator

from course_builder.model import Course, Problem

_WORD = re.compile(r"[^\W\d_]+")
_FIRST_WORDS = 8
_STEMS = {
    "en": (
        "analys analyz appl appraise argue arrange assess assign build calculat categori check choos cite classif"
        " collect combin compar compil complet compos comput conclud conduct construct contrast convert creat"
        " critici decid defend defin demonstrat deriv describ design detect determin develop diagnos differentiat"
        " discuss distinguish divid draft draw estimat evaluat examin execut explain express facilitat find formulat"
        " generat give group handle identif illustrat implement improv infer inspect interpret invent judg justif"
        " label lead list locat make manag map mark match measur modif name negotiat observ operat order organi"
        " outlin perform plan point practi predict prepar present prioriti produc propos prov quot rank rate read"
        " recit recogni recommend record relat repair rephrase report reproduc restat revis run schedul select"
        " separat set show simulat sketch solv sort specif start stat stop structur summari support tell test trac"
        " translat us validat verif weigh write"
    ),
    "fi": (
        "analysoi ana arvio ehdot erot esit hahmott hallinno hyödynt joht järjest kerro kehitt kirjoit kirja kokoa"
        " kokeil korja kuva käyt laadi laske luet luo luokit mitata mitt muodost muotoil muuttaa nime nimet näyt"
        " osoit paranta perust piirt priorisoi päät raken ratkais ratko selit selvit sovelt suunnit tarkist tee"
        " tehdä tehd testa testat todent toteut tulkit tunnist tutki valit valmist vert yhdist"
    ),
    "et": (
        "analüüsi arenda arvuta eris esita ettepanek hinda jaga joonista järjesta kasuta katseta kavanda kirjelda"
        " kirjuta kogu koosta korralda kujunda leia lahenda liigita loe loetle loo mõõt mõõda nimeta näita otsusta"
        " paranda põhjenda rakenda selgita selita seleta sõnasta tee teha testi tõlgenda tuvasta vali valmista viia"
        " võrdle võrrelda ühenda"
    ),
    "sv": (
        "analyser använd argumenter avgör bedöm beräkn beskriv bestäm besvar bygg definier demonstrer diskuter dra"
        " exemplifier formuler föresl förbered förbättr fördel förklar genomför granska grupper hantera hitta"
        " identifier illustrer jämför klassificer kombiner konstruer kontroller kritiser leda lista lös matcha"
        " motiver mät namnge nämn ordna organiser peka planer prioriter producer pröva rangordna redogör redovis"
        " revider rita samla sammanfatt sammanställ skapa skilj skissa skriv sortera tillämp tolk testa undersök"
        " urskilj utforma utveckl utvärder visa välj"
    ),
}
"""How verbs begin that say what somebody does, after Bloom's taxonomy; many forms of a verb share its beginning."""
_VAGUE = {
    "en": "know understand learn appreciat reali believ grasp familiar aware think",
    "fi": "tiet tiedä ymmär oppi opit tunte tunne tiedost",
    "et": "tead mõist õpi õppi tund tunne",
    "sv": "veta vet först lär känna känner inse tro",
}
"""How verbs begin that say what goes on in a head."""
_STEM_LISTS = {language: tuple(stems.split()) for language, stems in _STEMS.items()}
_VAGUE_LISTS = {language: tuple(stems.split()) for language, stems in _VAGUE.items()}
_EXAMPLES = {
    "en": "explain, choose, compare or plan",
    "fi": "selittää, valita, vertailla tai suunnitella",
    "et": "selgitada, valida, võrrelda või kavandada",
    "sv": "förklara, välja, jämföra eller planera",
}


def check(course: Course) -> Iterator[Problem]:
    """Yield a warning for each objective without a verb that somebody could watch, in the languages that are known."""
    for module in course.modules:
        language = module.language.partition("-")[0]
        if language in _STEM_LISTS:
            for objective in module.objectives:
                if not is_measurable(objective.text, language):
                    message = f"the objective `{objective.id}` says nothing that somebody could watch a learner do"
                    hint = f"Begin with a verb such as {_EXAMPLES[language]}."
                    yield Problem(objective.place, "warning", "objective-verb", message, hint)


def is_measurable(text: str, language: str) -> bool:
    """Tell whether an objective has such a verb before any vague one."""
    for word in _WORD.findall(text.lower())[:_FIRST_WORDS]:
        if word.startswith(_VAGUE_LISTS[language]):
            return False
        if word.startswith(_STEM_LISTS[language]):
            return True
    return False
