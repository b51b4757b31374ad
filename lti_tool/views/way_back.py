"""The way back to where the platform wants people, with what it may tell them there."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit, urlunsplit

from lti_tool.models import Launch


def address(launch: Launch, message: str = "") -> str | None:
    """Give the address that the launch named, or nothing.

    Args:
        launch: of this request.
        message: for the person; the platform shows it.

    Source: LTI 1.3, section 5.4.5, ``lti_msg``.
    """
    if launch.return_url is None or not message:
        return launch.return_url
    parts = urlsplit(launch.return_url)
    # What stands there is the platform's and stays as it is, to the byte.
    query = "&".join(filter(None, (parts.query, urlencode({"lti_msg": message}))))
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))
