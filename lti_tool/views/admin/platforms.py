"""Platforms: those there are, adding and changing them by hand, and what has to be entered there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.errors import ConflictError, InputError, NotFoundError
from lti_tool.extensions import db
from lti_tool.models import Privacy, Registration, RegistrationState
from lti_tool.platforms import PRODUCTS
from lti_tool.platforms.installing import GUIDES, guide_of
from lti_tool.platforms.installing.abilities import granted
from lti_tool.services import audit, dynamic, platforms, registrations
from lti_tool.views.admin.access import blueprint, current_account
from lti_tool.views.register_words import ability_words
from lti_tool.views.tool_description import tool_description

NUMBER = "int(max=2147483647)"
_TEXTS = ("title", "issuer", "client_id", "auth_url", "token_url", "key_set_url", "token_audience")


@blueprint.get("/platforms")
def platform_list() -> Response:
    """List the platforms."""
    found = platforms.list_registrations(db.session())
    return make_response(render_template("admin/platforms.html", registrations=found))


@blueprint.get("/platforms/new")
def new_platform() -> Response:
    """Ask which LMS it is; then show the form, filled in as far as is known."""
    product = request.args.get("product", "")
    if product not in PRODUCTS:
        return make_response(render_template("admin/which-lms.html", guides=GUIDES))
    guide, site = guide_of(product), _whole_site(request.args.get("site", ""))
    client_id = request.args.get("client_id", "").strip()
    values = guide.addresses(site, client_id) | {"client_id": client_id, "product": product, "privacy": Privacy.NAME}
    return _form(values | {"accepts_new_deployments": not guide.has_one_issuer, "title": ""})


@blueprint.post("/platforms/new")
def add_platform() -> BaseResponse:
    """Register a platform."""
    values = _read_form()
    if problems := _problems(values):
        return _form(values, problems)
    at, session = datetime.now(UTC), db.session()
    try:
        registration = platforms.add_registration(session, **values, at=at)
    except ConflictError:
        return _form(values, {"client_id": _taken()})
    audit.record(
        session,
        actor=current_account().name,
        at=at,
        action="platform-added",
        subject=registration.title,
        after=registrations.describe(registration),
    )
    session.commit()
    return redirect(url_for(".platform", number=registration.id, done="added"), 303)


@blueprint.get(f"/platforms/<{NUMBER}:number>")
def platform(number: int) -> Response:
    """Show a platform, its deployments, and what to enter there."""
    return show_platform(get_platform(number))


@blueprint.get(f"/platforms/<{NUMBER}:number>/edit")
def edit_platform(number: int) -> Response:
    """Show a platform's values in the form."""
    registration = get_platform(number)
    return _form(registrations.describe(registration), number=number)


@blueprint.post(f"/platforms/<{NUMBER}:number>/edit")
def change_platform(number: int) -> BaseResponse:
    """Give a platform other values."""
    registration, values = get_platform(number), _read_form()
    if problems := _problems(values):
        return _form(values, problems, number=number)
    try:
        registrations.change(db.session(), registration, values, datetime.now(UTC), current_account().name)
    except ConflictError:
        return _form(values, {"client_id": _taken()}, number=number)
    db.session.commit()
    return redirect(url_for(".platform", number=number, done="changed"), 303)


@blueprint.post(f"/platforms/<{NUMBER}:number>/state")
def change_state(number: int) -> BaseResponse:
    """Approve a platform, close it or open it again."""
    registration = get_platform(number)
    try:
        state = RegistrationState(request.form.get("state", ""))
    except ValueError as error:
        raise InputError(_("The request could not be read.")) from error
    registrations.set_state(db.session(), registration, state, datetime.now(UTC), current_account().name)
    db.session.commit()
    return redirect(url_for(".platform", number=number, done=state.value), 303)


@blueprint.post(f"/platforms/<{NUMBER}:number>/remove")
def remove_platform(number: int) -> BaseResponse:
    """Remove a platform through which nobody came."""
    registration = get_platform(number)
    if request.form.get("sure") != "yes":
        return show_platform(
            registration, remove_problem=_("Tick the box, so that nobody removes a platform by mistake.")
        )
    try:
        registrations.remove(db.session(), registration, datetime.now(UTC), current_account().name)
    except ConflictError:
        db.session.rollback()
        return show_platform(
            get_platform(number), remove_problem=_("People came through this platform: close it instead.")
        )
    db.session.commit()
    return redirect(url_for(".platform_list"), 303)


@blueprint.post(f"/platforms/<{NUMBER}:number>/deployments")
def add_deployment(number: int) -> BaseResponse:
    """Let a deployment in that has not launched yet."""
    registration = get_platform(number)
    try:
        registrations.add_deployment(
            db.session(),
            registration,
            request.form.get("deployment_id", "").strip(),
            datetime.now(UTC),
            current_account().name,
        )
    except InputError:
        return show_platform(registration, deployment_problem=_("Enter 1 to 255 characters."))
    db.session.commit()
    return redirect(url_for(".platform", number=number, done="changed"), 303)


@blueprint.post(f"/platforms/<{NUMBER}:number>/deployments/<{NUMBER}:deployment>")
def change_deployment(number: int, deployment: int) -> BaseResponse:
    """Approve a deployment or revoke it, or say who may frame its pages."""
    registration = get_platform(number)
    try:
        found = registrations.get_deployment(db.session(), registration, deployment)
    except NotFoundError as error:
        raise NotFoundError(_("There is nothing at this address.")) from error
    try:
        hosts = registrations.read_frame_hosts(request.form.get("frame_hosts", ""))
    except InputError as error:
        text = _("“%(text)s” is not a site such as https://school.example.org.", text=error.message)
        return show_platform(registration, deployment_problem=text)
    is_approved = {"approve": True, "revoke": False}.get(request.form.get("do", ""), found.is_approved)
    registrations.change_deployment(
        db.session(), found, datetime.now(UTC), current_account().name, is_approved=is_approved, frame_hosts=hosts
    )
    db.session.commit()
    return redirect(url_for(".platform", number=number, done="changed"), 303)


def show_platform(registration: Registration, *, remove_problem: str = "", deployment_problem: str = "") -> Response:
    """Show a platform's page, with what was wrong with a form of it."""
    guide = guide_of(registration.product)
    tool = tool_description(shares_names=registration.privacy is Privacy.NAME)
    page = render_template(
        "admin/platform.html",
        registration=registration,
        guide=guide,
        places=[(place.label, place.value(tool)) for place in guide.places],
        people=registrations.count_people(db.session(), registration),
        abilities=granted(registration.granted) if registration.granted else None,
        ability_words=ability_words(),
        other_hosts=registrations.other_hosts(registration),
        differing=dynamic.differing(registration),
        done=_done_words().get(request.args.get("done", ""), ""),
        remove_problem=remove_problem,
        deployment_problem=deployment_problem,
    )
    return make_response(page, 400 if remove_problem or deployment_problem else 200)


def get_platform(number: int) -> Registration:
    """Give a platform by its number."""
    registration = platforms.get_registration(db.session(), number)
    if registration is None:
        raise NotFoundError(_("There is nothing at this address."))
    return registration


def _form(values: Mapping[str, Any], problems: Mapping[str, str] | None = None, number: int | None = None) -> Response:
    guide = guide_of(values["product"])
    tool = tool_description(shares_names=values["privacy"] is Privacy.NAME)
    page = render_template(
        "admin/platform-form.html",
        values=values,
        problems=problems or {},
        guide=guide,
        places=[(place.label, place.value(tool)) for place in guide.places],
        products=GUIDES,
        number=number,
    )
    return make_response(page, 400 if problems else 200)


def _read_form() -> dict[str, Any]:
    values: dict[str, Any] = {name: request.form.get(name, "").strip() for name in _TEXTS}
    product, privacy = request.form.get("product", ""), request.form.get("privacy", "")
    return values | {
        "token_audience": values["token_audience"] or None,
        "product": product if product in PRODUCTS else "generic",
        "privacy": Privacy(privacy) if privacy in set(Privacy) else Privacy.NAME,
        "allows_anonymous": request.form.get("allows_anonymous") == "yes",
        "accepts_new_deployments": request.form.get("accepts_new_deployments") == "yes",
    }


def _problems(values: Mapping[str, Any]) -> dict[str, str]:
    address = _("Enter a whole address, such as https://lms.example.org/auth.")
    words = {
        "issuer": _("Enter what the LMS calls itself, often its address."),
        "client_id": _("Enter what the LMS calls this tool; it shows it once the tool is saved there."),
        "auth_url": address,
        "token_url": address,
        "key_set_url": address,
        "token_audience": _("Enter at most 1000 characters, or nothing."),
    }
    return {name: words[name] for name in registrations.find_problems(values)}


def _taken() -> str:
    return _("This issuer and client id are registered already.")


def _whole_site(text: str) -> str:
    """Write the address of an LMS as it is needed: people leave ``https://`` out."""
    site = text.strip().rstrip("/")
    return f"https://{site}" if site and "://" not in site else site


def _done_words() -> dict[str, str]:
    return {
        "added": _("The platform is registered. Now enter the values below there, and open the tool from a course."),
        "changed": _("The change is saved."),
        "active": _("The platform is open: people come in from now on."),
        "closed": _("The platform is closed: nobody comes in. Nothing was deleted."),
        "pending": _("The platform waits for approval."),
    }
