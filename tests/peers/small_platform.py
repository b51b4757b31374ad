"""A platform made with lti1p3platform, in a process of its own.

``python -m tests.peers.small_platform --tool http://localhost:PORT`` serves it on 127.0.0.1 and prints one line of
JSON: what the tool has to be told. It ends when its standard input is closed.

The library makes and checks messages and tokens and answers for the services; what it leaves to whoever uses it stands
here: a course with people, columns and scores, in memory.
"""

from __future__ import annotations

import argparse
import json
import uuid
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path

from tests.peers import MODULE
from tests.peers.serving import make_server, serve

ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
COURSE_TYPE = "http://purl.imsglobal.org/vocab/lis/v2/course#CourseOffering"
CLIENT_ID, DEPLOYMENT_ID = "client-1", "deployment-1"
PAGE = 2
"""People on a page of the course list."""

base_url = tool_url = ""
people: dict[str, str] = {}
"""Ids by name."""
chosen: list[dict[str, Any]] = []
"""The items that a trainer chose; each is an activity."""
columns: dict[str, dict[str, Any]] = {}
scores: dict[str, list[dict[str, Any]]] = {}
"""By column, in the order they came."""


def _sub(name: str) -> str:
    """Give the id of a person, enrolled as soon as they are named; ``trainer…`` teaches, all others learn."""
    return people.setdefault(name, str(uuid.uuid5(uuid.NAMESPACE_DNS, name)))


def _role(name: str) -> str:
    return ROLE + ("Instructor" if name.startswith("trainer") else "Learner")


def _column_url(column_id: str) -> str:
    return f"{base_url}/columns/{column_id}"


ROUTES = "tests.peers.small_platform"
if not settings.configured:
    settings.configure(SECRET_KEY="only-for-this-test", ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=ROUTES)

# Imported late: the library's Django part reads the settings.
from lti1p3platform.exceptions import LineItemNotFoundException, LtiException  # noqa: E402
from lti1p3platform.framework.django.message_launch import DjangoLTI1P3MessageLaunch  # noqa: E402
from lti1p3platform.framework.django.oidc_login import DjangoAPIOIDCLogin  # noqa: E402
from lti1p3platform.framework.django.request import DjangoRequest  # noqa: E402
from lti1p3platform.framework.django.response import wrap_json_resp  # noqa: E402
from lti1p3platform.ltiplatform import LTI1P3PlatformConfAbstract  # noqa: E402
from lti1p3platform.membership import Context  # noqa: E402
from lti1p3platform.registration import Registration  # noqa: E402
from lti1p3platform.score import UpdateScoreStatus  # noqa: E402
from lti1p3platform.service_connector import AssignmentsGradesService, NamesRoleProvisioningService  # noqa: E402


class _Platform(LTI1P3PlatformConfAbstract):
    def init_platform_config(self) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        pem = serialization.Encoding.PEM
        private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        public = key.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo)
        self._registration = (
            Registration()
            .set_iss(base_url)
            .set_client_id(CLIENT_ID)
            .set_deployment_id(DEPLOYMENT_ID)
            .set_oidc_login_url(f"{tool_url}/lti/login")
            .set_launch_url(f"{tool_url}/lti/launch")
            .set_deeplink_launch_url(f"{tool_url}/lti/launch")
            .set_tool_key_set_url(f"{tool_url}/lti/keys")
            .set_platform_private_key(private.decode())
            .set_platform_public_key(public.decode())
        )

    def get_registration_by_params(self, **_params: Any) -> Registration:
        raise NotImplementedError


platform: _Platform


class _Login(DjangoAPIOIDCLogin):
    def set_lti_message_hint(self, **values: Any) -> None:
        self._lti_message_hint = json.dumps(values)


class _Launch(DjangoLTI1P3MessageLaunch):
    """What belongs into a message of this course."""

    def prepare_launch(self, preflight_response: dict[str, Any]) -> None:
        hint = json.loads(preflight_response["lti_message_hint"])
        name, number = hint["name"], hint["activity"]
        self.set_user_data(_sub(name), [_role(name)], full_name=name.title())
        self.set_launch_context_claim("course-1", [COURSE_TYPE], "Digital innovation")
        self.set_launch_presentation_claim("window", f"{base_url}/state")
        self.set_nrps(f"{base_url}/people")
        if number is None:
            self.set_dl(f"{base_url}/return", accept_types={"ltiResourceLink"}, extra_data="opaque")
            return
        item = chosen[number] if chosen else {"custom": {"module": MODULE}, "title": "Readiness"}
        link_id = f"link-{number}"
        if "url" in item:
            self.set_launch_url(item["url"])
        self.set_resource_link_claim(link_id, title=item["title"])
        self.set_custom_parameters_claim(item["custom"])
        mine = [column_id for column_id, column in columns.items() if column.get("resourceLinkId") == link_id]
        self.set_ags(f"{base_url}/columns", _column_url(mine[0]) if len(mine) == 1 else None)


class _Grades(AssignmentsGradesService):
    def find_lineitems(self, page: int = 1, limit: int | None = None, **wanted: str) -> Any:
        names = {"resource_link_id": "resourceLinkId", "resource_id": "resourceId", "tag": "tag"}
        found = [
            column
            for column in columns.values()
            if all(column.get(names[name]) == value for name, value in wanted.items())
        ]
        return {"content": found, "has_next": False}

    def find_lineitem(self, line_item_id: str) -> Any:
        if line_item_id not in columns:
            raise LineItemNotFoundException
        return columns[line_item_id]

    def create_lineitem(self, creation_data: Any) -> Any:
        column_id = str(len(columns) + 1)
        columns[column_id] = {**creation_data, "id": _column_url(column_id)}
        return columns[column_id]

    def update_lineitem(self, update_data: Any) -> Any:
        column_id = update_data["id"]
        columns[column_id] = {**update_data, "id": _column_url(column_id)}
        return columns[column_id]

    def delete_lineitem(self, line_item_id: str) -> None:
        del columns[line_item_id]

    def update_score(self, line_item_id: str, score: Any) -> UpdateScoreStatus:
        self.find_lineitem(line_item_id)
        earlier = [each for each in scores.get(line_item_id, []) if each["userId"] == score["userId"]]
        if earlier and earlier[-1]["timestamp"] >= score["timestamp"]:
            return UpdateScoreStatus.OLD_TIMESTAMP
        scores.setdefault(line_item_id, []).append(score)
        return UpdateScoreStatus.SUCCESS if earlier else UpdateScoreStatus.CREATED

    def get_results(
        self, line_item_id: str, page: int = 1, limit: int | None = None, user_id: str | None = None
    ) -> Any:
        self.find_lineitem(line_item_id)
        newest = {each["userId"]: each for each in scores.get(line_item_id, [])}
        results = [
            {
                "id": f"{_column_url(line_item_id)}/results/{sub}",
                "scoreOf": _column_url(line_item_id),
                "userId": sub,
                "resultScore": score["scoreGiven"],
                "resultMaximum": score["scoreMaximum"],
            }
            for sub, score in newest.items()
            if user_id in (None, sub)
        ]
        return {"content": results, "has_next": False}


class _People(NamesRoleProvisioningService):
    def get_member_data_page(self, page: Any = 1, limit: Any = None, **_wanted: str) -> Any:
        # The library hands the query over as it came: numbers are texts.
        start = (int(page) - 1) * PAGE
        listed = [
            {"user_id": sub, "roles": [_role(name)], "name": name.title()} for name, sub in sorted(people.items())
        ]
        return {"content": listed[start : start + PAGE], "has_next": len(listed) > start + PAGE}

    def get_context_by_id(self) -> Context:
        return Context(id="course-1", label="DIM", title="Digital innovation")


def _open(request: HttpRequest, name: str, activity: int | None = None) -> HttpResponse:
    """Send a person to an activity, or a trainer to choose one."""
    login = _Login(None, platform)
    login.set_lti_message_hint(name=name, activity=activity)
    if activity is not None and chosen and "url" in chosen[activity]:
        login.set_launch_url(chosen[activity]["url"])
    answer: HttpResponse = login.initiate_login(_sub(name))
    return answer


def _auth(request: HttpRequest) -> HttpResponse:
    answer: HttpResponse = _Launch(DjangoRequest(request), platform).lti_launch()
    return answer


def _token(request: HttpRequest) -> HttpResponse:
    try:
        return JsonResponse(platform.get_access_token(request.POST.dict()))
    except LtiException as error:
        return JsonResponse({"error": "invalid_client", "error_description": str(error)}, status=400)


def _return(request: HttpRequest) -> HttpResponse:
    chosen.extend(platform.validate_deeplinking_resp(request.POST.dict()))
    return HttpResponse("Added.")


def _columns(request: HttpRequest, column_id: str = "", part: str = "") -> HttpResponse:
    service = _Grades(DjangoRequest(request), platform, f"{base_url}/columns", _column_url(column_id))
    handlers = {
        ("GET", "", ""): service.handle_get_lineitems,
        ("POST", "", ""): service.handle_create_lineitem,
        ("GET", "id", ""): service.handle_get_lineitem,
        ("PUT", "id", ""): service.handle_update_lineitem,
        ("POST", "id", "scores"): service.handle_update_score,
        ("GET", "id", "results"): service.handle_get_results,
    }
    handler = handlers[request.method or "", "id" if column_id else "", part]
    named = {"line_item_id": column_id} if column_id else {}
    answer: HttpResponse = wrap_json_resp(service.handle_resp(handler, **named))
    return answer


def _people(request: HttpRequest) -> HttpResponse:
    service = _People(DjangoRequest(request), platform, f"{base_url}/people")
    answer: HttpResponse = wrap_json_resp(service.handle_resp(service.handle_get_members))
    return answer


def _state(_request: HttpRequest) -> HttpResponse:
    return JsonResponse({"people": people, "chosen": chosen, "columns": columns, "scores": scores})


urlpatterns = [
    path("open/<str:name>/<int:activity>", _open),
    path("choose/<str:name>", _open),
    path("enrol/<str:name>", lambda _request, name: HttpResponse(_sub(name))),
    path("auth", _auth),
    path("token", _token),
    path("jwks", lambda _request: JsonResponse(platform.get_jwks())),
    path("return", _return),
    path("columns", _columns),
    path("columns/<str:column_id>", _columns),
    path("columns/<str:column_id>/<str:part>", _columns),
    path("people", _people),
    path("state", _state),
]


def main() -> None:
    """Serve until standard input is closed."""
    global base_url, tool_url, platform
    parser = argparse.ArgumentParser()
    parser.add_argument("--tool", required=True, help="the tool's public address")
    parser.add_argument("--data", help="a folder, which it does without")
    tool_url = parser.parse_args().tool

    server, base_url = make_server()
    platform = _Platform()
    addresses = {"auth_url": "auth", "token_url": "token", "key_set_url": "jwks"}
    facts = {name: f"{base_url}/{rule}" for name, rule in addresses.items()}
    import django
    from django.core.wsgi import get_wsgi_application

    django.setup()
    serve(server, get_wsgi_application(), {"issuer": base_url, "client_id": CLIENT_ID, "base_url": base_url, **facts})


if __name__ == "__main__":
    # Django imports the routes by the module's name; run as a script it would be a second copy.
    from tests.peers import small_platform

    small_platform.main()
