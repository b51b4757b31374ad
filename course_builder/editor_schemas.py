"""JSON Schemas of the YAML that authors write: with them an editor completes keys and marks mistakes while typing."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from course_builder.parser.schemas import CourseFile, FrontMatter, ModuleFile

FILES: dict[str, type[BaseModel]] = {"course": CourseFile, "module": ModuleFile, "page": FrontMatter}
"""The kinds of files, by the names that ``course-builder schema`` takes."""

DESCRIPTIONS = {
    "AssetEntry.author": "Who made the file.",
    "AssetEntry.licence": "Its licence, by its SPDX name.",
    "AuthorEntry.name": "The name.",
    "AuthorEntry.orcid": "The ORCID iD, which tells people of the same name apart.",
    "AuthorEntry.url": "A page about the author.",
    "CompetenceEntry.framework": "The framework, such as DigComp.",
    "CompetenceEntry.id": "The competence's number in it.",
    "CompetenceEntry.level": "The level that the objective trains.",
    "CompetenceEntry.version": "The edition of the framework.",
    "CourseFile.authors": "Who wrote it: names, or name, orcid and url.",
    "CourseFile.description": "What the course is about, in a sentence or two.",
    "CourseFile.frameworks": "The competence frameworks that objectives name, each in its edition.",
    "CourseFile.hosts": "Hosts from which large media and embedded pages may come.",
    "CourseFile.id": "A word that never changes once the course was published.",
    "CourseFile.language": "The language that it is written in.",
    "CourseFile.languages": "All its languages; without it there is one.",
    "CourseFile.licence": "The licence of the whole, by its SPDX name.",
    "CourseFile.modules": "The folders in modules/, in reading order.",
    "CourseFile.theme": "The colour of links, buttons and progress.",
    "CourseFile.title": "The title that learners see.",
    "CourseFile.variables": "Texts that pages take in by {{name}}.",
    "FrameworkEntry.id": "The name by which objectives call it.",
    "FrameworkEntry.title": "Its title.",
    "FrameworkEntry.url": "Where it is published.",
    "FrameworkEntry.version": "The edition that is meant.",
    "FrontMatter.id": "The page's id, if it is not the file's name.",
    "FrontMatter.minutes": "How long it takes.",
    "FrontMatter.title": "A shorter title for menus.",
    "ModuleFile.assets": "Licence and author of files, by their path in the module's folder.",
    "ModuleFile.duration": "How long the module takes: PT40M is forty minutes.",
    "ModuleFile.id": "A word that never changes once the module was published.",
    "ModuleFile.languages": "The languages of the module; without it all of the course's.",
    "ModuleFile.objectives": "What learners are able to do afterwards.",
    "ModuleFile.pages": "The Markdown files, in reading order.",
    "ModuleFile.passing": "What finishing the module takes.",
    "ModuleFile.prerequisites": "Modules to do before, with versions where they matter: m0-intro@>=1.2 <2.",
    "ModuleFile.summary": "What learners get from it, in a sentence.",
    "ModuleFile.title": "The title that learners see.",
    "ModuleFile.version": "Three numbers: a new key is a major version, a new page a minor one, wording a patch.",
    "ObjectiveEntry.competences": "Competences of published frameworks that it trains.",
    "ObjectiveEntry.id": "A word by which questions name it.",
    "ObjectiveEntry.text": "Begins with a verb that somebody could watch: explain, choose, compare.",
    "PassingEntry.pages": "How many pages are to be done, or all.",
    "PassingEntry.score": "The score to reach, in per cent.",
    "PassingEntry.sessions": "Ids of sessions to take part in.",
    "PassingEntry.worksheets": "Ids of worksheets to hand in.",
    "ThemeEntry.accent": "The colour on light pages.",
    "ThemeEntry.accent_dark": "The colour on dark pages; without it a lighter mix of the accent.",
}
"""What an editor shows beside each key."""


def json_schema(kind: str) -> str:
    """Write the JSON Schema of a kind of file."""
    model = FILES[kind]
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    for name, each in {model.__name__: schema, **schema.get("$defs", {})}.items():
        _describe(name, each)
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def _describe(name: str, schema: dict[str, Any]) -> None:
    for key, value in schema.get("properties", {}).items():
        description = DESCRIPTIONS.get(f"{name}.{key}")
        if description is not None:
            value["description"] = description
