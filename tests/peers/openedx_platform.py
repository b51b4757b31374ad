"""Open edX as an LTI 1.3 platform, in a process of its own.

``python -m tests.peers.openedx_platform --tool http://localhost:PORT --data FOLDER`` serves the views of
``lti-consumer-xblock`` over HTTP on 127.0.0.1 and prints one line of JSON: what the tool has to be told.
It ends when its standard input is closed.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from tests.peers import BLOCK_WEIGHT, MODULE
from tests.peers.serving import make_server, serve

WHO = "who"
"""The cookie that stands for a session of the core."""


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
            "tests.peers.openedx_platform.know_who_asks",
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


def know_who_asks(get_response: Any) -> Any:
    """Django middleware: the person of a request is whoever opened a page last, as a session of the core would know."""
    from tests.peers import openedx_core

    def answer(request: Any) -> Any:
        name = request.COOKIES.get(WHO)
        request.user = openedx_core.find_user(name) if name else None
        return get_response(request)

    return answer


def _add_tool(tool_url: str, grading: str) -> dict[str, str]:
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
    block.lti_1p3_enable_nrps = True
    block.lti_advantage_deep_linking_enabled = True
    block.lti_advantage_deep_linking_launch_url = f"{tool_url}/lti/launch"
    block.lti_advantage_ags_mode = grading
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


def _open(_request: Any, username: str) -> Any:
    """Send a person to the tool, as the block's frame does when they open its page."""
    from django.http import HttpResponseRedirect
    from lti_consumer.api import get_lti_1p3_content_url

    from tests.peers import openedx_core

    block = openedx_core.load_block(openedx_core.find_user(username))
    answer = HttpResponseRedirect(get_lti_1p3_content_url(block.get_lti_1p3_launch_data()))
    answer.set_cookie(WHO, username)
    return answer


def _choose(_request: Any, username: str) -> Any:
    """Let a person choose what the block shows, as Studio's link "Deep Linking Launch - Configure tool" does."""
    from django.http import HttpResponseRedirect
    from lti_consumer.api import get_lti_1p3_launch_start_url

    from tests.peers import openedx_core

    block = openedx_core.load_block(openedx_core.find_user(username))
    start = get_lti_1p3_launch_start_url(block.get_lti_1p3_launch_data(), deep_link_launch=True)
    answer = HttpResponseRedirect(start)
    answer.set_cookie(WHO, username)
    return answer


def _chosen(_request: Any) -> Any:
    """Show which items the library keeps for the block."""
    from django.http import JsonResponse
    from lti_consumer.models import LtiDlContentItem

    return JsonResponse({"items": list(LtiDlContentItem.objects.values("content_type", "attributes"))})


def _columns(_request: Any) -> Any:
    """Show which line items the library has for the block."""
    from django.http import JsonResponse
    from lti_consumer.models import LtiAgsLineItem

    fields = ("id", "resource_id", "tag", "label", "score_maximum", "resource_link_id")
    columns = [
        {**row, "resource_link_id": str(row["resource_link_id"])} for row in LtiAgsLineItem.objects.values(*fields)
    ]
    return JsonResponse({"columns": columns})


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
        path("choose/<str:username>", _choose),
        path("grades", _grades),
        path("chosen", _chosen),
        path("columns", _columns),
    ]


def main() -> None:
    """Serve until standard input is closed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True, help="the tool's public address")
    parser.add_argument(
        "--grading", default="declarative", choices=("declarative", "programmatic"), help="who makes columns"
    )
    parser.add_argument("--data", required=True, type=Path, help="a folder for the database")
    arguments = parser.parse_args()

    server, base_url = make_server()
    _configure(base_url, arguments.data)
    _create_database()
    facts = _add_tool(arguments.tool, arguments.grading) | {"base_url": base_url}

    from django.core.wsgi import get_wsgi_application

    serve(server, get_wsgi_application(), facts)


if __name__ == "__main__":
    # Django imports the routes by the module's name; run as a script it would be a second copy.
    from tests.peers import openedx_platform

    openedx_platform.main()
