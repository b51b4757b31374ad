"""What is wrong between a platform and the tool, in words that an administrator can act on."""

from __future__ import annotations

from flask_babel import gettext as _

from lti_tool.lti.probing import Finding
from lti_tool.models import Deployment, RegistrationState
from lti_tool.views.launch_words import PLATFORM_ERROR


def subject_words() -> dict[str, str]:
    """Name what is looked at."""
    return {
        "key-set": _("Its public keys"),
        "clock": _("Clocks"),
        "token": _("Access tokens"),
        "our-keys": _("Our public keys"),
        "scopes": _("What it grants"),
    }


def finding_words(finding: Finding, key_set_url: str, audience: str) -> tuple[str, str]:
    """Say what was found, and what to do; the second is empty where nothing has to be done.

    Args:
        finding: which.
        key_set_url: the tool's own.
        audience: of the requests for access tokens.
    """
    said = finding.said
    inside = _("If it is inside your own network, whoever runs this tool has to name its host in EGRESS_ALLOW.")
    found: dict[str, tuple[str, str]] = {
        "key-set-ok": (_("The LMS's public keys can be read."), ""),
        "key-set-unreachable": (
            _("The LMS's public keys cannot be reached: %(said)s", said=said),
            _("Check the public key set address.") + " " + inside,
        ),
        "key-set-wrong": (
            _("The LMS's public keys cannot be used: %(said)s", said=said),
            _("Check the public key set address."),
        ),
        "clock-ok": (_("The clocks agree: %(said)s", said=said), ""),
        "clock-off": (
            _("The LMS's clock differs from ours: %(said)s", said=said),
            _("Let both servers set their clocks by NTP; launches and grades are refused otherwise."),
        ),
        "clock-unknown": (_("The LMS does not say what time it has."), ""),
        "token-ok": (_("The LMS gives access tokens."), ""),
        "token-unreachable": (
            _("The LMS's address for access tokens cannot be reached: %(said)s", said=said),
            _("Check the access token address.") + " " + inside,
        ),
        "token-refused": (
            _("The LMS refuses access tokens: %(said)s", said=said),
            _(
                "Check the client id, and that the tool is switched on there. The LMS has to reach %(address)s. It has"
                " to expect %(audience)s as the audience of token requests; if it names another one, enter that here.",
                address=key_set_url,
                audience=audience,
            ),
        ),
        "token-throttled": (
            _("The LMS gives no access token for now, since it was asked too often: %(said)s", said=said),
            _("Try again in a few minutes. Grades that wait go out by themselves."),
        ),
        "token-failed": (
            _("The LMS's address for access tokens answers with an error: %(said)s", said=said),
            _("Send the text below to the support of your LMS."),
        ),
        "our-keys-ok": (_("The LMS knows our public keys: it accepted our signature."), ""),
        "our-keys-unknown": (
            _("It is not known whether the LMS can read our public keys."),
            _("Open %(address)s on the LMS's own server: it has to show a list of keys.", address=key_set_url),
        ),
        "scopes-ok": (_("The LMS grants all services that were asked for."), ""),
        "scopes-missing": (
            _("The LMS does not grant: %(said)s", said=said),
            _("Allow it in the settings of the tool in your LMS. What is missing is left out here."),
        ),
        "scopes-not-said": (_("The LMS does not say which services it grants."), ""),
    }
    return found[finding.code]


def notice_words(deployment: Deployment, handler: str) -> tuple[str, str]:
    """Say how it stands with notices of copied courses: ``good``, ``bad`` or ``unknown``, and in words.

    Args:
        deployment: that they are of.
        handler: the address of ours that they should come to.
    """
    if deployment.notices_url is None:
        return "unknown", _("No launch said yet that the LMS sends notices. Some never do.")
    if deployment.notices_handler == handler:
        return "good", _("The LMS sends notices of copied courses here.")
    if deployment.registration.state is not RegistrationState.ACTIVE or not deployment.is_approved:
        return "unknown", _("The LMS is not asked for notices while this place is not open.")
    if deployment.notices_tries:
        said = deployment.notices_refusal or "–"
        return "bad", _("The LMS does not send notices when it is asked to: %(said)s", said=said)
    if (other := deployment.notices_handler) is not None:
        return "unknown", _("The LMS sends notices to %(address)s until it is asked again in a moment.", address=other)
    return "unknown", _("The LMS is asked for notices in a moment.")


def problem_step(code: str) -> str:
    """Say what helps against a way in which launches fail."""
    if code in {"expired", "iat-future", "iat-old", "nbf-future"}:
        return _("Let both servers set their clocks by NTP; launches and grades are refused otherwise.")
    if code in {"issuer-wrong", "audience-wrong", "azp-wrong"}:
        return _("Compare issuer and client id here with those in your LMS.")
    if code in {"key-unknown", "signature-wrong", "kid-missing", "algorithm-wrong", PLATFORM_ERROR}:
        return _("Check the public key set address, and check the platform below.")
    if code in {"target-wrong", "platform-refused"}:
        return _("Compare the addresses below with those in your LMS, to the letter.")
    if code in {"deployment-pending", "deployment-wrong", "platform-pending", "platform-closed"}:
        return _("Look at the state of the platform and of its deployments.")
    if code == "sub-missing":
        return _("Let the LMS share an id of people, or let people in whom it does not identify.")
    if code == "not-this-browser":
        return _("The browser keeps nothing inside a frame. Let the activity open in a new window.")
    if code == "login-required":
        return _("The person was signed out of the LMS. Nothing has to be done here.")
    if code in {"state-used", "state-unknown", "state-expired"}:
        return _("Somebody reloaded or went back. Nothing has to be done here.")
    return _("Send the text below to the support of your LMS.")
