"""Dynamic registration: the page that an LMS opens at the address of an invitation.

It stands in a frame of a site that is not known yet, so there is no cookie and no sign-in: the invitation authorises,
and what was shown comes back signed.

Source: LTI Dynamic Registration 1.0, section 3.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, current_app, make_response, render_template, request, url_for
from itsdangerous import BadSignature, URLSafeTimedSerializer

from lti_tool import headers
from lti_tool.config import Settings
from lti_tool.errors import RegistrationError
from lti_tool.extensions import db, writes_on_get
from lti_tool.lti.registration import Platform, Registered, check_token, fetch_platform, register
from lti_tool.models import Invitation, Privacy
from lti_tool.platforms.installing import GUIDES, Offer, guide_of, registration_request
from lti_tool.platforms.installing.abilities import granted, offered
from lti_tool.services import dynamic, invitations
from lti_tool.services.fingerprints import fingerprint
from lti_tool.views import register_words
from lti_tool.views.egress import egress_of
from lti_tool.views.tool_description import tool_description

blueprint = Blueprint("register", __name__, url_prefix="/lti/register")
register_words.init_blueprint(blueprint)
_CONFIRMED_WITHIN_S = 1800
_CLAIM_SPARE = timedelta(seconds=20)
"""Longer than all that happens to an invitation beside the call itself."""


@blueprint.get("/<secret>")
@writes_on_get
def ask(secret: str) -> Response:
    """Show which LMS wants to register and what it offers, or how to use this address."""
    headers.allow_framing(headers.ANYBODY)
    session, at = db.session(), datetime.now(UTC)
    invitation = invitations.find_open(session, secret, at)
    url = request.args.get("openid_configuration", "")
    if not url:
        guides = [guide for guide in GUIDES.values() if guide.takes_registration_url]
        return make_response(render_template("register/paste.html", guides=guides))
    invitations.count_look(session, invitation, at)
    session.expunge(invitation)
    # The network comes next.
    session.commit()
    token = check_token(request.args.get("registration_token"))
    platform = fetch_platform(egress_of(current_app), url, token)
    if invitation.product not in {None, platform.product}:
        raise RegistrationError("product-other", f"{invitation.product} ← {platform.product}")
    dynamic.check_audience(session, platform)
    shown = _signer().dumps({"invitation": fingerprint(secret), "platform": asdict(platform), "token": token})
    return make_response(
        render_template(
            "register/ask.html",
            action=url_for(".confirm", secret=secret),
            shown=shown,
            platform=platform,
            guide=guide_of(platform.product),
            abilities=offered(platform.offer),
            asks_for_names=invitation.privacy is Privacy.NAME,
            words=register_words.ability_words(),
        )
    )


@blueprint.post("/<secret>")
def confirm(secret: str) -> Response:
    """Register the tool at the LMS, and keep what it answered until an owner approves it."""
    headers.allow_framing(headers.ANYBODY)
    settings: Settings = current_app.config["SETTINGS"]
    platform, token = _shown(secret)
    session, at = db.session(), datetime.now(UTC)
    invitation = invitations.find_open(session, secret, at)
    dynamic.check_audience(session, platform)
    number, privacy = invitation.id, _privacy(invitation)
    lasts = timedelta(seconds=settings.egress_timeout_s) + _CLAIM_SPARE
    claimed_until = invitations.claim(session, invitation, at, lasts)
    session.commit()
    try:
        registered = _register(platform, token, privacy)
        registration = dynamic.store(
            session, session.get_one(Invitation, number), platform, registered, privacy, datetime.now(UTC)
        )
        session.commit()
    except BaseException:
        session.rollback()
        invitations.release(session, number, claimed_until)
        session.commit()
        raise
    return make_response(
        render_template(
            "register/done.html",
            registration=registration,
            is_new=registration.proposal is None,
            abilities=granted(_answered(registered)),
            words=register_words.ability_words(),
            without_names=privacy is Privacy.PSEUDONYM,
        )
    )


def _register(platform: Platform, token: str | None, privacy: Privacy) -> Registered:
    tool = tool_description(shares_names=privacy is Privacy.NAME)
    return register(
        egress_of(current_app), platform, token, registration_request(guide_of(platform.product), tool, platform.offer)
    )


def _answered(registered: Registered) -> dict[str, Any]:
    return {name: getattr(registered, name) for name in ("scopes", "claims", "messages", "custom")}


def _privacy(invitation: Invitation) -> Privacy:
    """Give what is asked for of people: no more than the invitation allows, and less where somebody chose so."""
    is_named = invitation.privacy is Privacy.NAME and request.form.get("names") == "yes"
    return Privacy.NAME if is_named else Privacy.PSEUDONYM


def _shown(secret: str) -> tuple[Platform, str | None]:
    """Read back what :func:`ask` showed.

    Raises:
        RegistrationError: if it is too old, or was not shown for this invitation.
    """
    try:
        shown = _signer().loads(request.form.get("shown", ""), max_age=_CONFIRMED_WITHIN_S)
    except BadSignature as error:
        raise RegistrationError("confirmation-old") from error
    if shown["invitation"] != fingerprint(secret):
        raise RegistrationError("confirmation-old")
    values = shown["platform"]
    return Platform(**{**values, "offer": Offer(**values["offer"])}), shown["token"]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SETTINGS"].secret_key, salt="registration")
