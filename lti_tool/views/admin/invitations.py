"""Invitations: made, shown once, withdrawn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Response, current_app, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from lti_tool.errors import InputError, NotFoundError
from lti_tool.extensions import db
from lti_tool.models import Invitation, Privacy
from lti_tool.platforms.installing import GUIDES
from lti_tool.services import invitations
from lti_tool.views.admin.access import blueprint, current_account
from lti_tool.views.admin.platforms import NUMBER


@blueprint.get("/invitations")
def invitation_list() -> Response:
    """List the invitations, above them the form for a new one."""
    return _page()


@blueprint.post("/invitations")
def invite() -> Response:
    """Make an invitation, and show its address, which nobody sees again."""
    form = request.form
    hours = form.get("hours", default=0, type=int)
    try:
        secret = invitations.invite(
            db.session(),
            title=form.get("title", ""),
            product=form.get("product") or None,
            privacy=Privacy.PSEUDONYM if form.get("privacy") == Privacy.PSEUDONYM else Privacy.NAME,
            lifetime=timedelta(hours=min(max(hours, 0), 10_000)),
            at=datetime.now(UTC),
            actor=current_account().name,
        )
    except InputError as error:
        raise InputError(_("The request could not be read.")) from error
    db.session.commit()
    address = current_app.config["SETTINGS"].public_url + url_for("register.ask", secret=secret)
    return _page(address)


@blueprint.post(f"/invitations/<{NUMBER}:number>/revoke")
def revoke_invitation(number: int) -> BaseResponse:
    """Withdraw an invitation."""
    try:
        invitations.revoke(db.session(), number, datetime.now(UTC), current_account().name)
    except NotFoundError as error:
        raise NotFoundError(_("There is no such invitation, or it was used already.")) from error
    db.session.commit()
    return redirect(url_for(".invitation_list"), 303)


def _page(address: str = "") -> Response:
    guides = {product: guide for product, guide in GUIDES.items() if guide.takes_registration_url}
    return make_response(
        render_template(
            "admin/invitations.html",
            invitations=invitations.list_invitations(db.session()),
            state_words=_state_words(),
            state_of=_state_of,
            address=address,
            guides=guides,
            lifetimes={
                1: _("1 hour"),
                24: _("1 day"),
                168: _("7 days"),
                720: _("30 days"),
            },
        )
    )


def _state_of(invitation: Invitation) -> str:
    if invitation.used_at is not None:
        return "used"
    if invitation.revoked_at is not None:
        return "revoked"
    return "expired" if invitation.expires_at <= datetime.now(UTC) else "open"


def _state_words() -> dict[str, str]:
    return {"open": _("open"), "used": _("used"), "revoked": _("withdrawn"), "expired": _("expired")}
