"""Open edX as an LTI 1.3 platform, in a process of its own.

``python -m tests.peers.openedx_platform --tool http://localhost:PORT --data FOLDER`` serves the views of
``lti-consumer-xblock`` over HTTP on 127.0.0.1 and prints one line of JSON: what the tool has to be told.
It ends when its standard input is closed.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tests.peers import BLOCK_WEIGHT

MODULE = "m1-readiness"


class _Server(ThreadingMixIn, WSGIServer):
    """One thread per request: while it answers the launch, the platform fetches keys and is called back."""

    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None:
        """Say nothing: the line of JSON is the only output."""


def _configure(base_url: str, data: Path) -> None:
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="only-for-this-test",
        DEBUG=False,
        ALLOWED_HOSTS=["127.0.0.1"],
        USE_TZ=True,
        ROOT_URLCONF=__name__,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(data / "openedx.db")}},
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
        INSTALLED_APPS=[
            "django.contrib.contenttypes",
            "django.contrib.auth",
            "config_models",
            "rest_framework",
            "django_filters",
            "lti_consumer",
        ],
        MIDDLEWARE=[
            "edx_django_utils.cache.middleware.RequestCacheMiddleware",
            "django.middleware.common.CommonMiddleware",
        ],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        # As in the core's own settings.
        USAGE_ID_PATTERN=r"(?P<usage_id>(?:i4x://?[^/]+/[^/]+/[^/]+/[^@]+(?:@[^/]+)?)|(?:[^/]+))",
        PLATFORM_NAME="Open edX",
        LMS_ROOT_URL=base_url,
        LTI_API_BASE=base_url,
        LTI_BASE=base_url,
    )
    from tests.peers import openedx_core

    openedx_core.install()
    django.setup()


def _create_database() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _add_tool(tool_url: str) -> dict[str, str]:
    """Set the course's LTI block up for the tool, as a course author would, and say what the tool needs to know."""
    from lti_consumer import api

    from tests.peers import openedx_core

    block = openedx_core.load_block(openedx_core.find_user("trainer"))
    block.display_name = "Readiness, roles and governance"
    block.lti_version = "lti_1p3"
    block.lti_1p3_oidc_url = f"{tool_url}/lti/login"
    block.lti_1p3_launch_url = f"{tool_url}/lti/launch"
    block.lti_1p3_redirect_uris = [f"{tool_url}/lti/launch"]
    block.lti_1p3_tool_key_mode = "keyset_url"
    block.lti_1p3_tool_keyset_url = f"{tool_url}/lti/keys"
    block.custom_parameters = [f"module={MODULE}"]
    block.has_score = True
    block.weight = BLOCK_WEIGHT
    block.save()

    # The first call makes the library's rows and keys, as the first look at the block does; the second one copies the
    # tool's address of keys to them, as saving the block does.
    for _turn in range(2):
        launch_data = block.get_lti_1p3_launch_data()
    info = api.get_lti_1p3_launch_info(launch_data)
    consumer = api.get_lti_consumer(launch_data.config_id)
    return {
        "issuer": consumer.iss,
        "client_id": info["client_id"],
        "deployment_id": info["deployment_id"],
        "auth_url": info["oidc_callback"],
        "token_url": info["token_url"],
        "key_set_url": info["keyset_url"],
    }


def _open(request: Any, username: str) -> Any:
    """Send a person to the tool, as the block's frame does when they open its page."""
    from django.http import HttpResponseRedirect
    from lti_consumer.api import get_lti_1p3_content_url

    from tests.peers import openedx_core

    block = openedx_core.load_block(openedx_core.find_user(username))
    return HttpResponseRedirect(get_lti_1p3_content_url(block.get_lti_1p3_launch_data()))


def _grades(_request: Any) -> Any:
    """Show what the library stored and what it published to the grade book."""
    from django.http import JsonResponse
    from lti_consumer.models import LtiAgsScore

    from tests.peers import openedx_core

    fields = ("user_id", "score_given", "score_maximum", "activity_progress", "grading_progress", "timestamp")
    return JsonResponse({"scores": list(LtiAgsScore.objects.values(*fields)), "published": openedx_core.grades})


def __getattr__(name: str) -> Any:
    """Give Django the routes; made on demand because the library's need the settings."""
    if name != "urlpatterns":
        raise AttributeError(name)
    from django.urls import include, path

    return [
        path("api/", include("lti_consumer.plugin.urls")),
        path("open/<str:username>", _open),
        path("grades", _grades),
    ]


def main() -> None:
    """Serve until standard input is closed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True, help="the tool's public address")
    parser.add_argument("--data", required=True, type=Path, help="a folder for the database")
    arguments = parser.parse_args()

    server = make_server("127.0.0.1", 0, lambda *_: [], server_class=_Server, handler_class=_Quiet)
    base_url = f"http://127.0.0.1:{server.server_port}"
    _configure(base_url, arguments.data)
    _create_database()
    facts = _add_tool(arguments.tool) | {"base_url": base_url}

    from django.core.wsgi import get_wsgi_application

    server.set_app(get_wsgi_application())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(json.dumps(facts), flush=True)
    sys.stdin.read()
    server.shutdown()


if __name__ == "__main__":
    # Django imports the routes by the module's name; run as a script it would be a second copy.
    from tests.peers import openedx_platform

    openedx_platform.main()
