"""Searching: in the module, and in the other modules of the course that the person may open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request, url_for

from lti_tool.errors import NotFoundError
from lti_tool.extensions import db
from lti_tool.models import Placement
from lti_tool.services import neighbours, search
from lti_tool.services.parts import part_of
from lti_tool.services.progress import read_progress
from lti_tool.services.search import LONGEST_QUERY, Hit
from lti_tool.views import session
from lti_tool.views.shown_module import ShownModule, fitting_language, open_release, shown_module

blueprint = Blueprint("search", __name__, url_prefix="/l/<handle>/search")
session.guard(blueprint)
MOST_ELSEWHERE = 10
"""Places of another activity that are shown."""


@dataclass(frozen=True, slots=True)
class Result:
    """A place that was found; ``address`` is empty where the person has to open another activity first."""

    hit: Hit
    title: str
    """Of the page."""
    address: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What was found in another activity."""

    title: str
    language: str
    results: list[Result]
    count: int


@blueprint.get("/")
def index() -> Response:
    """Show the form, and what was found."""
    module = shown_module()
    query = request.args.get("q", "").strip()[:LONGEST_QUERY]
    terms = search.terms_of(query)
    found = search.find(
        search.index_of(module.release, module.language), terms, [page.id for page in module.manifest.pages]
    )
    elsewhere = list(_elsewhere(module, terms)) if terms else []
    html = render_template(
        "learn/search.html",
        module=module,
        launch=session.current_launch(),
        progress=read_progress(db.session(), module.participant, module.manifest),
        query=query,
        has_terms=bool(terms),
        found=found,
        results=[_result(module, hit, is_here=True) for hit in found.hits],
        elsewhere=elsewhere,
        count=found.count + sum(each.count for each in elsewhere),
        longest=LONGEST_QUERY,
    )
    return make_response(html)


def _elsewhere(module: ShownModule, terms: tuple[str, ...]) -> Iterator[Elsewhere]:
    launch, placement = session.current_launch(), session.current_placement()
    others = neighbours.neighbours_of(db.session(), placement, module.participant, is_trainer=launch.is_trainer)
    seen = {(module.manifest.id, page.id) for page in module.manifest.pages}
    for other in others:
        there = _shown_there(module, other)
        if there is None:
            continue
        # The same page may stand in several activities of a course.
        pages = [page.id for page in there.manifest.pages if (there.manifest.id, page.id) not in seen]
        seen |= {(there.manifest.id, page) for page in pages}
        found = search.find(search.index_of(there.release, there.language), terms, pages)
        if found.count:
            results = [_result(there, hit, is_here=False) for hit in found.hits[:MOST_ELSEWHERE]]
            title = other.title or there.text(there.manifest.title)
            yield Elsewhere(title, there.language, results, found.count)


def _shown_there(module: ShownModule, other: Placement) -> ShownModule | None:
    release = open_release(other.release_digest or "")
    try:
        manifest = part_of(release.manifest, other.page_id, other.quiz_id)
    except NotFoundError:
        # Its link leads to a part that this version does not have.
        return None
    return ShownModule(release, manifest, fitting_language(release), module.participant)


def _result(module: ShownModule, hit: Hit, *, is_here: bool) -> Result:
    page = module.manifest.page(hit.page)
    title = module.text(page.title) if page else ""
    address = url_for("learn.page", page_id=hit.page, _anchor=hit.block or None) if is_here else ""
    return Result(hit, title, address)
