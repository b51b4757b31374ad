"""An LTI 1.3 Advantage tool that embeds module packages into learning management systems."""

from lti_tool.app import create_app

__all__ = ["create_app"]
