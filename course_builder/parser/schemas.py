"""What ``course.yaml``, ``module.yaml`` and the front matter of a page hold."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class _like:  # noqa: N801  It reads as what it does: an Id is text like this.
    """Texts that match a pattern; ``expected`` says in words what that means."""

    pattern: str
    expected: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the pattern after the text itself."""
        compiled = re.compile(self.pattern, re.ASCII)

        def check(value: str) -> str:
            if not compiled.fullmatch(value):
                raise PydanticCustomError("mend", "It has to be {expected}.", {"expected": self.expected})
            return value

        return core_schema.no_info_after_validator_function(check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        """Tell editors the pattern, and in words what it means."""
        return {**handler(schema), "pattern": f"^(?:{self.pattern})$", "description": f"{self.expected}."}


def _named(value: Any) -> Any:
    """Let an author's name stand for ``{name: …}``."""
    return {"name": value} if isinstance(value, str) else value


def _without_repeats(values: list[str]) -> list[str]:
    for value, count in Counter(values).items():
        if count > 1:
            raise PydanticCustomError("mend", "`{value}` stands in the list twice; keep one.", {"value": value})
    return values


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Id = Annotated[str, _like(r"[a-z][a-z0-9-]*", "an id: small letters, digits and hyphens, first a letter")]
Composed = AfterValidator(partial(unicodedata.normalize, "NFC"))
"""The names of files are compared in this form."""
FolderName = Annotated[str, Composed, _like(r"[^/\\]*[^/\\.][^/\\]*", "the name of a folder in modules/")]
PageName = Annotated[str, Composed, _like(r"[^/\\]+\.md", "the name of a file in the module's folder that ends in .md")]
Language = Annotated[str, _like(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", "a language tag such as en or fi")]
Licence = Annotated[
    str, _like(r"[A-Za-z0-9][A-Za-z0-9.+-]*( (AND|OR|WITH) [A-Za-z0-9][A-Za-z0-9.+-]*)*", "an SPDX licence: CC-BY-4.0")
]
Version = Annotated[str, _like(r"(0|[1-9]\d{0,5})(\.(0|[1-9]\d{0,5})){2}", "a version of three numbers: 1.0.0")]
Duration = Annotated[
    str, _like(r"P(?=\d|T\d)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?)?", "an ISO 8601 duration: PT40M for forty minutes")
]
Prerequisite = Annotated[
    str, _like(r"[a-z][a-z0-9-]*(@\S.*)?", "the id of a module, with versions where they matter: m0-intro@>=1.2 <2")
]
Orcid = Annotated[str, _like(r"(\d{4}-){3}\d{3}[\dX]", "an ORCID iD: 0000-0002-1825-0097")]
WebAddress = Annotated[str, _like(r"https?://\S+", "a web address that starts with https://")]
Minutes = Annotated[int, Field(ge=1, le=10_000)]
VariableName = Annotated[
    str, _like(r"[A-Za-z][A-Za-z0-9_-]{0,59}", "a word of letters, digits, hyphens, first a letter")
]
VariableText = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), _like(r"[^\n]*", "text on one line")
]
Host = Annotated[
    str,
    _like(r"(?=.{4,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+", "a host: media.example.org"),
]
Colour = Annotated[str, _like(r"#[0-9A-Fa-f]{6}", 'a colour of six hexadecimal digits: "#0b5468"')]
Unique = AfterValidator(_without_repeats)


class AuthorEntry(_File):
    """An author, as a name or with more about them."""

    name: Text
    orcid: Orcid | None = None
    url: WebAddress | None = None


NamedAuthor = Annotated[AuthorEntry, BeforeValidator(_named, json_schema_input_type=Text | AuthorEntry)]


class FrameworkEntry(_File):
    """A published framework whose competences the objectives name, with the edition that is meant."""

    id: Text
    version: Text
    title: Text | None = None
    url: WebAddress | None = None


class ThemeEntry(_File):
    """The one colour for what can be acted on; without ``accent_dark`` a lighter one is made for dark pages."""

    accent: Colour
    accent_dark: Colour | None = None


class CourseFile(_File):
    """``course.yaml``."""

    id: Id
    title: Text
    description: Text = ""
    language: Language
    languages: list[Language] = []
    licence: Licence
    authors: Annotated[list[NamedAuthor], Field(min_length=1)]
    modules: Annotated[list[FolderName], Field(min_length=1), Unique]
    frameworks: list[FrameworkEntry] = []
    variables: dict[VariableName, VariableText] = {}
    hosts: Annotated[list[Host], Unique] = []
    theme: ThemeEntry | None = None


class CompetenceEntry(_File):
    """A competence of a published framework."""

    framework: Text
    version: Text
    id: Text
    level: Text | None = None


class ObjectiveEntry(_File):
    """What a learner is able to do after the module."""

    id: Id
    text: Text
    competences: list[CompetenceEntry] = []


class PassingEntry(_File):
    """What finishing the module takes."""

    score: Annotated[int, Field(ge=0, le=100)] | None = None
    pages: Annotated[int, Field(ge=1)] | Literal["all"] | None = None
    worksheets: Annotated[list[Id], Unique] = []
    sessions: Annotated[list[Id], Unique] = []


class AssetEntry(_File):
    """Licence and author of a file, where they differ from the course's."""

    licence: Licence | None = None
    author: Text | None = None


class ModuleFile(_File):
    """``module.yaml``; ``assets`` by path within the module's folder."""

    id: Id
    version: Version
    title: Text
    summary: Text
    duration: Duration
    objectives: Annotated[list[ObjectiveEntry], Field(min_length=1)]
    pages: Annotated[list[PageName], Field(min_length=1), Unique]
    prerequisites: list[Prerequisite] = []
    passing: PassingEntry = PassingEntry()
    languages: Annotated[list[Language], Unique] = []
    assets: dict[str, AssetEntry] = {}


class FrontMatter(_File):
    """What may stand between the ``---`` lines at the top of a page."""

    id: Id | None = None
    title: Text | None = None
    minutes: Minutes | None = None
