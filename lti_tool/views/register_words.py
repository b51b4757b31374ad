"""What people read while an LMS is registered: what it may grant, and what went wrong, with a next step."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import gettext as _

from lti_tool.errors import RegistrationError
from lti_tool.platforms.installing.abilities import Ability
from lti_tool.views.errors import handle_tool_error


def init_blueprint(blueprint: Blueprint) -> None:
    """Show the errors of a blueprint in these words."""
    blueprint.register_error_handler(RegistrationError, _show)


def ability_words() -> dict[Ability, str]:
    """Say what each ability is good for."""
    return {
        Ability.GRADES: _("Grades arrive in the gradebook."),
        Ability.COLUMNS: _("Gradebook columns can be made and renamed."),
        Ability.RESULTS: _("What stands in the gradebook can be compared."),
        Ability.PICKING: _("Trainers choose modules from a list."),
        Ability.ROSTER: _("The list of a course's members can be read."),
        Ability.NAMES: _("Trainers see people's names."),
        Ability.COPIES: _("Copied courses are recognised."),
    }


def _show(error: RegistrationError) -> Response:
    message, step = words(error.code, error.said)
    return handle_tool_error(error, message=message, step=step)


def words(code: str, said: str) -> tuple[str, str]:
    """Say what went wrong, and what to do."""
    anew = _("Begin once more in your LMS; the invitation is still good.")
    another = _("Ask whoever runs this training tool for a new invitation.")
    lms = _("Tell whoever runs your LMS, with the reference below.")
    return {
        "invitation-unknown": (_("This is not the address of an invitation."), another),
        "invitation-used": (_("This invitation was used already, and each is good for one registration."), another),
        "invitation-revoked": (_("This invitation was withdrawn."), another),
        "invitation-expired": (_("This invitation has expired."), another),
        "invitation-in-use": (
            _("A registration with this invitation is under way already."),
            _("Wait a minute. If the tool does not appear in your LMS, begin there once more."),
        ),
        "too-often": (
            _("The address of this invitation was opened too often."),
            _("Try again in an hour; the invitation is still good."),
        ),
        "invitation-lost": (
            _("The invitation was withdrawn or used while your LMS registered the tool. Nothing was kept here."),
            _("Delete the tool in your LMS. If you want it, ask for a new invitation."),
        ),
        "confirmation-old": (_("This page was open for too long."), anew),
        "configuration-unreachable": (
            _("Your LMS could not be reached from here."),
            _(
                "Its address has to be reachable from the internet over https. If it is inside your own network, "
                "whoever runs this training tool has to name it in the setting EGRESS_ALLOW."
            ),
        ),
        "configuration-unreadable": (_("Your LMS did not describe itself as LTI asks: %(said)s", said=said), lms),
        "configuration-incomplete": (
            _("The description of your LMS lacks something, or it cannot be used: %(said)s", said=said),
            lms,
        ),
        "issuer-elsewhere": (
            _("The description comes from one site and speaks for another one: %(said)s", said=said),
            _("If both are yours, whoever runs this training tool can register your LMS by hand."),
        ),
        "audience-elsewhere": (
            _("Your LMS wants requests for tokens that are meant for another platform here: %(said)s", said=said),
            _("If both are yours, whoever runs this training tool can register your LMS by hand."),
        ),
        "product-other": (_("This invitation is meant for another kind of LMS: %(said)s", said=said), another),
        "token-refused": (
            _("Your LMS did not accept its own registration token: %(said)s", said=said),
            _("Each token works once and for a short time. Begin once more in your LMS; the invitation is still good."),
        ),
        "registration-unreachable": (_("Your LMS could not be reached from here."), anew),
        "registration-refused": (_("Your LMS refused the registration: %(said)s", said=said), lms),
        "registration-failed": (
            _("Your LMS had a problem of its own: %(said)s", said=said),
            _("Try again later; the invitation is still good."),
        ),
        "registration-unsure": (
            _("Your LMS did not answer as agreed, so it is not known whether it took the registration."),
            _("If the tool appears in your LMS, delete it there. Then begin once more; the invitation is still good."),
        ),
    }[code]
