"""What a WSGI server imports."""

from __future__ import annotations

from lti_tool.app import create_app
from lti_tool.config import Settings
from lti_tool.jobs import start_loop

app = create_app(Settings.from_environment())
start_loop(app)
