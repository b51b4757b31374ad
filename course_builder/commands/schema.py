"""``course-builder schema``: JSON Schemas, with which editors complete and check YAML."""

from __future__ import annotations

import click

KINDS = ("course", "module", "page")


@click.command()
@click.argument("kind", type=click.Choice(KINDS))
def schema(kind: str) -> None:
    """Print the JSON Schema of course.yaml, module.yaml or a page's front matter, for editors.

    docs/course-repositories.md shows how an editor takes it.
    """
    from course_builder.editor_schemas import json_schema

    click.echo(json_schema(kind), nl=False)
