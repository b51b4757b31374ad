"""Links by id to other modules of the course: ``id:module/id``."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import unquote

from markdown_it.token import Token

from course_builder.model import Module, Neighbour
from course_builder.parser.findings import Findings
from course_builder.parser.reading import Reading
from course_builder.tokens import place_of, runs, telling


def owners(module: Module) -> set[str]:
    """Return the ids of the other modules that links of this one name."""
    return {_owner(token) for _, token in _links(module)}


def resolve_between(module: Module, neighbours: Iterable[Neighbour], reading: Reading) -> None:
    """Replace ``id:module/id`` by ``module:<module>/<page>#<anchor>``; report what leads nowhere.

    The link's ``meta["module_title"]`` says in which module it ends, for where that one cannot be opened.
    """
    known = {neighbour.id: neighbour for neighbour in neighbours}
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


def _resolve(token: Token, known: Mapping[str, Neighbour], findings: Findings) -> None:
    address = unicodedata.normalize("NFC", unquote(str(token.attrs["href"])))
    owner, _, wanted = address.removeprefix("id:").rpartition("/")
    place = place_of(findings.path, token)
    module = known.get(owner)
    if module is None:
        hint = findings.near(owner, known, "Write id:module/id with the id of a module in course.yaml.")
        findings.error(place, "link-other-module", f"the course has no module `{owner}`", hint)
        return
    if wanted in module.places:
        token.attrs["href"] = module.places[wanted].replace("page:", f"module:{owner}/", 1)
        token.meta["module_title"] = module.title
    else:
        hint = findings.near(wanted, module.places, "Write id:module/id with the id of a page, a heading or a block.")
        findings.error(place, "link-missing-id", f"nothing in the module `{owner}` has the id `{wanted}`", hint)
