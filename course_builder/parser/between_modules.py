"""Links by id to other modules of the course: ``id:module/id``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from markdown_it.token import Token

from course_builder.model import Module
from course_builder.parser.findings import Findings, did_you_mean
from course_builder.parser.links import holders_of
from course_builder.parser.reading import Reading
from course_builder.tokens import place_of, runs, telling


def points_elsewhere(modules: Sequence[Module]) -> bool:
    """Say whether anything links to a module that is not among these."""
    known = {module.id for module in modules}
    return any(_owner(token) not in known for module in modules for _, token in _links(module))


def resolve_between(modules: Sequence[Module], neighbours: Sequence[Module], reading: Reading) -> None:
    """Replace ``id:module/id`` by ``module:<module>/<page>#<anchor>``; report what leads nowhere.

    The link's ``meta["module_title"]`` says in which module it ends, for where that one cannot be opened.
    """
    known = {module.id: module for module in (*neighbours, *modules)}
    for module in modules:
        for path, token in _links(module):
            _resolve(token, known, reading.of(path))


def _links(module: Module) -> Iterator[tuple[str, Token]]:
    for page in module.pages:
        for run in runs(page):
            for token in telling(run):
                is_by_id = token.type == "link_open" and str(token.attrs["href"]).startswith("id:")
                if is_by_id and _owner(token) not in {"", module.id}:
                    yield page.path, token


def _owner(token: Token) -> str:
    return unquote(str(token.attrs["href"])).removeprefix("id:").rpartition("/")[0]


def _resolve(token: Token, known: dict[str, Module], findings: Findings) -> None:
    owner, _, wanted = unquote(str(token.attrs["href"])).removeprefix("id:").rpartition("/")
    place = place_of(findings.path, token)
    module = known.get(owner)
    if module is None:
        hint = did_you_mean(owner, known, "Write id:module/id with the id of a module in course.yaml.")
        findings.error(place, "link-other-module", f"the course has no module `{owner}`", hint)
        return
    holders = holders_of(module.pages)
    if wanted in holders:
        token.attrs["href"] = holders[wanted].replace("page:", f"module:{owner}/", 1)
        token.meta["module_title"] = module.title
    else:
        hint = did_you_mean(wanted, holders, "Write id:module/id with the id of a page, a heading or a block.")
        findings.error(place, "link-missing-id", f"nothing in the module `{owner}` has the id `{wanted}`", hint)
