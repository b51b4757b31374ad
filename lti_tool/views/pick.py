"""The picker: what trainers choose for a course, whether the LMS asked for it or an activity is still empty.

It works as forms and links. What was picked is kept with the launch; at the end it goes to the LMS, signed, in a form
that sends itself, or into the empty activity.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from flask import Blueprint, Response, abort, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from course_builder.package import Html, Manifest, QuestionPlace
from course_builder.player.answers import stem_to_read
from lti_tool import headers
from lti_tool.errors import ConflictError, InputError, NotAllowedError, NotFoundError
from lti_tool.extensions import db
from lti_tool.i18n import language_tag
from lti_tool.lti.content import Content
from lti_tool.lti.deep_linking import DeepLinkingSettings
from lti_tool.lti.text import label, origin
from lti_tool.lti.vault import Vault
from lti_tool.models import Message, Release
from lti_tool.platforms import Differences, differences_of
from lti_tool.services import deep_links, library, picking
from lti_tool.services.picking import Basket, Item
from lti_tool.services.shelf import OpenRelease
from lti_tool.views import session
from lti_tool.views.loads import allow_loads
from lti_tool.views.session import current_launch
from lti_tool.views.shown_module import now, open_release

blueprint = Blueprint("pick", __name__, url_prefix="/l/<handle>/pick")
session.guard(blueprint, Message.DEEP_LINKING, Message.RESOURCE_LINK)

TARGET_PATH = "/lti/launch"
"""Where each item leads; what it shows stands in the query."""
MOST_MODULES = 50


@dataclass(frozen=True, slots=True)
class Occasion:
    """Why something is picked, and what may be."""

    settings: DeepLinkingSettings | None
    """``None``: for an activity that is empty."""
    differences: Differences

    @property
    def takes_several(self) -> bool:
        """Whether more than one item may be picked."""
        return self.settings is not None and self.settings.takes_several and self.differences.tells_items_apart

    @property
    def takes_columns(self) -> bool:
        """Whether an item may bring a gradebook column."""
        return self.settings is not None and self.settings.takes_columns

    @property
    def takes_dates(self) -> bool:
        """Whether an item may bring dates."""
        return self.settings is not None and self.differences.keeps_dates


@blueprint.before_request
def admit() -> BaseResponse | None:
    """Let those in who may change the course."""
    launch = current_launch()
    if launch.message is Message.DEEP_LINKING:
        # Who may add activities is the platform's to say, and some of them have no role in the course; learners never.
        if launch.is_learner and not launch.is_trainer:
            raise NotAllowedError(_("This page is for the trainers of the course."))
        return None
    if not launch.is_trainer:
        raise NotAllowedError(_("This page is for the trainers of the course."))
    if session.current_placement().release_digest is not None and request.method == "GET":
        return redirect(url_for("teach.overview"))
    return None


def occasion() -> Occasion:
    """Say why something is picked in this launch."""
    launch = current_launch()
    differences = differences_of(launch.deployment.registration.product)
    is_asked = launch.message is Message.DEEP_LINKING
    return Occasion(deep_links.settings_of(launch) if is_asked else None, differences)


@blueprint.get("/")
def library_page() -> Response:
    """Show the library, or what a search finds in it."""
    wanted = (label(request.args.get("q"), 100) or "").casefold()
    found = [each for each in library.list_modules(db.session()) if wanted in _searched(each)]
    modules = [(each, open_release(each.digest).manifest) for each in found[:MOST_MODULES]]
    return _page(
        "pick/library.html",
        modules=modules,
        wanted=request.args.get("q", "")[:100],
        is_cut=len(found) > MOST_MODULES,
        # The launch found a link that names a module which is not in the library.
        missing=request.args.get("missing", "")[:100],
    )


@blueprint.get("/modules/<module_id>")
def module(module_id: str) -> Response:
    """Show what a module has, and let its parts be picked."""
    release = _release(module_id)
    has_points = {quiz.page for quiz in release.manifest.quizzes if quiz.points}
    return _page("pick/module.html", manifest=release.manifest, graded_pages=has_points)


@blueprint.get("/modules/<module_id>/pages/<page_id>")
def page(module_id: str, page_id: str) -> Response:
    """Show a page as it reads; questions stand there without their answers."""
    release = _release(module_id)
    entry = release.manifest.page(page_id)
    if entry is None:
        raise NotFoundError(_("The module has no such page."))
    allow_loads(entry)
    language = release.choose_language(language_tag())
    pieces = []
    for part in release.parts(language, page_id):
        if isinstance(part, Html):
            pieces.append(("html", part.html))
        elif isinstance(part, QuestionPlace):
            pieces.append(("question", stem_to_read(release.question(language, part.id))))
    return _page("pick/page.html", manifest=release.manifest, entry=entry, pieces=pieces, language=language)


@blueprint.post("/items")
def add() -> BaseResponse:
    """Pick a module or parts of it."""
    _refuse_second_choice(request.form.get("module", ""))
    release = _release(request.form.get("module", ""))
    manifest = release.manifest
    items = [_item(manifest, Content(module_id=manifest.id))] if "whole" in request.form else []
    items += [_item(manifest, Content(module_id=manifest.id, page_id=each)) for each in request.form.getlist("page")]
    items += [_item(manifest, Content(module_id=manifest.id, quiz_id=each)) for each in request.form.getlist("quiz")]
    if not items:
        raise InputError(_("Tick what you want to add, then press the button again."))
    if request.form.get("do") == "place":
        return _place(items[0])
    try:
        basket = _basket().add(items, takes_several=occasion().takes_several)
    except InputError as error:
        raise InputError(_("At most %(number)s items can be added at once.", number=picking.MAX_ITEMS)) from error
    _keep(basket)
    return redirect(url_for(".items"), 303)


@blueprint.get("/items")
def items() -> BaseResponse:
    """Show what was picked, with its settings."""
    if not _basket().items:
        return redirect(url_for(".library_page"))
    return _page("pick/items.html")


@blueprint.post("/items/change")
def change() -> BaseResponse:
    """Take the settings over, and do what the button says."""
    try:
        basket = picking.read_form(_basket(), request.form)
    except InputError as error:
        raise InputError(_words_for(error.detail)) from error
    do, _dash, number = request.form.get("do", "").partition("-")
    index = int(number) if number.isascii() and number.isdigit() and len(number) < 4 else -1
    if do == "remove":
        basket = basket.remove(index) if index >= 0 else basket
    elif do in {"up", "down"}:
        basket = basket.move(index, -1 if do == "up" else 1)
    if do == "place" and basket.items:
        return _place(basket.items[0])
    _keep(basket)
    if do == "send" and basket.items:
        return _answer(basket)
    return redirect(url_for(".library_page" if do == "more" or not basket.items else ".items"), 303)


@blueprint.post("/cancel")
def cancel() -> Response:
    """Tell the LMS that nothing was picked."""
    return _answer(Basket())


def _answer(basket: Basket) -> Response:
    """Give the signed items to the browser, which takes them to the LMS."""
    launch = current_launch()
    if launch.message is not Message.DEEP_LINKING:
        abort(404)
    settings = current_app.config["SETTINGS"]
    count = len(basket.items)
    message = ngettext("%(num)s activity from the library.", "%(num)s activities from the library.", count)
    token = deep_links.sign_answer(
        db.session(),
        Vault(settings.master_keys),
        launch,
        basket.items,
        target=settings.public_url + TARGET_PATH,
        message=message if count else _("Nothing was picked."),
        at=now(),
    )
    return_url = deep_links.settings_of(launch).return_url
    if goal := origin(return_url):
        headers.allow_form_targets(goal)
    return _page("pick/answer.html", return_url=return_url, token=token)


def _place(item: Item) -> BaseResponse:
    """Let the empty activity of this launch show an item."""
    _refuse_second_choice(item.module_id)
    try:
        library.place(db.session(), session.current_placement(), item.content)
    except ConflictError as error:
        raise _taken() from error
    db.session.commit()
    return redirect(url_for("teach.overview"), 303)


def _refuse_second_choice(module_id: str) -> None:
    """Let an activity that shows a module be chosen again for the same one only."""
    placement = current_launch().placement
    if placement is not None and placement.release_digest is not None and placement.module_id != module_id:
        raise _taken()


def _taken() -> ConflictError:
    return ConflictError(_("This activity shows a module already. Add another activity to your course for this one."))


def _basket() -> Basket:
    """Give what was picked so far: at first, what the item shows that is being edited."""
    launch = current_launch()
    content = deep_links.named_content(launch)
    if launch.picked is not None or content is None:
        return picking.read_basket(launch.picked)
    release = library.find_release(db.session(), content.module_id, content.version)
    try:
        return Basket((_item(open_release(release.digest).manifest, content),)) if release else Basket()
    except NotFoundError:
        return Basket()


def _keep(basket: Basket) -> None:
    current_launch().picked = basket.as_json()
    db.session.commit()


def _item(manifest: Manifest, content: Content) -> Item:
    try:
        return picking.make_item(manifest, content, language_tag())
    except NotFoundError as error:
        raise NotFoundError(_("The module has no such part.")) from error


def _release(module_id: str) -> OpenRelease:
    newest = library.find_release(db.session(), module_id, None)
    if newest is None:
        raise NotFoundError(_("The library has no such module."))
    return open_release(newest.digest)


def _searched(release: Release) -> str:
    return "\n".join((release.module_id, *release.title.values())).casefold()


def _words_for(field: str) -> str:
    if field == "points":
        return _("The points have to be a number above 0, such as 8 or 2.5. Go back and correct them.")
    return _("A date could not be read. Go back and correct it.")


def _page(template: str, **values: object) -> Response:
    basket = _basket()
    html = render_template(
        template,
        launch=current_launch(),
        occasion=occasion(),
        basket=basket,
        text=_text,
        to_local=picking.to_local,
        Fraction=Fraction,
        **values,
    )
    return make_response(html)


def _text(by_language: dict[str, str]) -> str:
    """Take a text of a manifest in the interface's language, or the one that it was written in."""
    return by_language.get(language_tag()) or next(iter(by_language.values()), "")
