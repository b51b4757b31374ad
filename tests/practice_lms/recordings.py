"""What was recorded from Moodle, and the same with other ids, people and times."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from lti_tool.practice_lms.vocabulary import LTI

FOLDER = Path(__file__).parent / "recorded"
DATE = re.compile(r"\d{4}-\d\d-\d\d(?=T\d\d:|\")")
DRAWN = re.compile(r'(\\"launchid\\":)\d+|(\\"hash\\":\\")[0-9a-f]{64}')


def recorded(name: str) -> Any:
    return json.loads((FOLDER / name).read_text())


@dataclass(frozen=True)
class Names:
    """How one seeded LMS is called in terms of the recorded one; empty maps change nothing."""

    host: str = "moodle.example.org"
    courses: Mapping[str, str] = field(default_factory=dict)
    tools: Mapping[str, str] = field(default_factory=dict)
    placements: Mapping[str, str] = field(default_factory=dict)
    line_items: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    later: timedelta = timedelta()

    def course(self, number: str) -> str:
        return self.courses.get(number, number)

    def tool(self, number: str) -> str:
        return self.tools.get(number, number)

    def placement(self, number: str) -> str:
        return self.placements.get(number, number)

    def line_item(self, number: str) -> str:
        return self.line_items.get(number, number)

    def person(self, number: str) -> str:
        return self.people.get(number, number)

    def rename(self, text: str) -> str:
        """A recorded text as it would read in the other LMS."""
        text = text.replace("moodle.example.org", self.host)
        for old, new in self.words.items():
            text = text.replace(old, new).replace(json.dumps(old)[1:-1], json.dumps(new)[1:-1])
        for before, translate in self._ids():
            text = re.sub(rf"({before})(\d+)", partial(_renamed, translate), text)
        return DATE.sub(lambda match: str(datetime.fromisoformat(match[0]).date() + self.later), text)

    def _ids(self) -> Iterator[tuple[str, Callable[[str], str]]]:
        """What stands before an id, and whose id it is; slashes and quotation marks may be escaped."""
        slash, quote, colon = r"\\?/", r'\\?"', r'\\?":\s?(?:\\?")?'
        yield rf"services\.php{slash}|CourseSection{slash}|for {slash}(?=\d+{slash}lineitems)", self.course
        yield rf'[?&]course=|{quote}contextId{colon}|"context":\{{"id":"', self.course
        yield rf"lineitems{slash}", self.line_item
        yield (
            rf"bindings{slash}(?:tool{slash})?|services\.php{slash}tool{slash}|type_id=|{quote}typeid{colon}",
            self.tool,
        )
        yield (
            rf"resource_link_id=|rlid=|instanceid=|{quote}(?:instanceid|resourceLinkId|ltiLinkId){colon}",
            self.placement,
        )
        yield rf"user_id=|{quote}(?:userId|user_id|userid){colon}", self.person


def _renamed(translate: Callable[[str], str], match: re.Match[str]) -> str:
    return match[1] + translate(match[2])


def renamed_claims(claims: dict[str, Any], names: Names) -> dict[str, Any]:
    """Recorded claims as another LMS would write them."""
    claims = json.loads(names.rename(json.dumps(claims)))
    claims["sub"] = names.person(claims["sub"])
    claims[f"{LTI}deployment_id"] = names.tool(claims[f"{LTI}deployment_id"])
    claims[f"{LTI}context"]["id"] = names.course(claims[f"{LTI}context"]["id"])
    if f"{LTI}resource_link" in claims:
        claims[f"{LTI}resource_link"]["id"] = names.placement(claims[f"{LTI}resource_link"]["id"])
    if "course" in claims.get(f"{LTI}custom", {}):
        claims[f"{LTI}custom"]["course"] = names.course(claims[f"{LTI}custom"]["course"])
    return claims


def blank(text: str) -> str:
    """A text without what is drawn at random or signed."""
    text = re.sub(r'"access_token" : "[^"]+"', '"access_token" : "<TOKEN>"', text)
    return DRAWN.sub(lambda m: (m[1] or m[2]) + "…", text)
