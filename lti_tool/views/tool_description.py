"""The tool as it describes itself to platforms."""

from __future__ import annotations

from flask import current_app

from lti_tool.config import Settings
from lti_tool.platforms.installing import ToolDescription
from lti_tool.views.lti import KEYS_PATH, LAUNCH_PATH, LOGIN_PATH

NAME = "Hybrid training"
DESCRIPTION = "Training modules with quizzes and workshops"
ICON_PATH = "/lti/icon.svg"


def tool_description(*, shares_names: bool = True, asks_for_notices: bool = True) -> ToolDescription:
    """Describe this tool.

    Args:
        shares_names: whether names are asked for.
        asks_for_notices: whether a configuration names the scope for notices.
    """
    settings: Settings = current_app.config["SETTINGS"]
    url = settings.public_url
    return ToolDescription(
        url=url,
        name=NAME,
        description=DESCRIPTION,
        login_url=url + LOGIN_PATH,
        launch_url=url + LAUNCH_PATH,
        key_set_url=url + KEYS_PATH,
        icon_url=url + ICON_PATH,
        shares_names=shares_names,
        asks_for_notices=asks_for_notices,
    )
