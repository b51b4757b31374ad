"""JSON Schemas for editors: generated, committed, described, and of one mind with the builder."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from course_builder.cli import main
from course_builder.editor_schemas import DESCRIPTIONS, FILES, json_schema

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("kind", FILES)
def test_the_committed_schema_is_the_generated_one(kind: str) -> None:
    committed = (ROOT / "course_builder" / "schemas" / f"{kind}.schema.json").read_text(encoding="utf-8")
    assert committed == json_schema(kind), "Run `make schemas`."
    assert CliRunner().invoke(main, ["schema", kind]).output == committed


def models(kind: str) -> dict[str, Any]:
    schema = json.loads(json_schema(kind))
    return {FILES[kind].__name__: schema, **schema.get("$defs", {})}


def test_every_key_is_described_and_nothing_else() -> None:
    keys = {
        f"{name}.{key}"
        for kind in FILES
        for name, schema in models(kind).items()
        for key in schema.get("properties", {})
    }
    assert keys == DESCRIPTIONS.keys(), "Describe the key in DESCRIPTIONS of course_builder/editor_schemas.py."


def test_patterns_mean_the_same_as_in_the_builder() -> None:
    module = json.loads(json_schema("module"))
    pattern = module["properties"]["duration"]["pattern"]
    assert [text for text in ("PT40M", "P1D", "PT", "40M", "xPT40M") if re.search(pattern, text)] == ["PT40M", "P1D"]
    authors = json.loads(json_schema("course"))["properties"]["authors"]["items"]["anyOf"]
    assert {each.get("type", "object") for each in authors} == {"string", "object"}


def test_the_real_course_uses_only_keys_of_the_schemas() -> None:
    course = ROOT / "courses" / "digital-innovation-management"
    for kind, files in (("course", [course / "course.yaml"]), ("module", sorted(course.glob("modules/*/module.yaml")))):
        known = json.loads(json_schema(kind))
        for file in files:
            data = YAML(typ="safe").load(file)
            assert data.keys() <= known["properties"].keys()
            assert set(known["required"]) <= data.keys()
