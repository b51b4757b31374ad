"""Whatever an LMS says of itself is read, or refused in words: nothing else happens."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lti_tool.errors import RegistrationError
from lti_tool.lti.masking import MAX_CHARACTERS, masked_claims
from lti_tool.lti.registration import read_platform, read_registered
from lti_tool.lti.vocabulary import GRADES, LTI
from lti_tool.platforms.installing import GUIDES, ToolDescription, guide_of, registration_request
from lti_tool.platforms.installing.abilities import granted, offered
from lti_tool.services.test_launches import brought
from tests.lti_tool.registering_lms import PLATFORM, TOOL, RegisteringLms

URL = "http://127.0.0.1:0/configuration"
SOME = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from([URL, "https://x.test/"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
GOOD = RegisteringLms().configuration
OURS = ToolDescription(
    url="https://tool.test",
    name="Tool",
    description="A tool",
    login_url="https://tool.test/login",
    launch_url="https://tool.test/launch",
    key_set_url="https://tool.test/keys",
    icon_url="https://tool.test/icon",
)


@given(changes=st.dictionaries(st.sampled_from([*GOOD]), SOME, max_size=4), lti=SOME)
def test_a_configuration_is_read_or_refused(changes: dict[str, Any], lti: Any) -> None:
    try:
        platform = read_platform(URL, GOOD | changes | {PLATFORM: lti})
    except RegistrationError:
        return
    for address in (platform.auth_url, platform.token_url, platform.key_set_url, platform.registration_url):
        assert address.startswith(("https://", "http://127.0.0.1:0/"))
    assert platform.product in GUIDES
    offered(platform.offer)
    json.dumps(registration_request(guide_of(platform.product), OURS, platform.offer))


@given(
    codes=st.lists(st.sampled_from(["sailmaker", "moodle", "canvas", "sakailms.org", "desire2learn"]), max_size=1),
    placements=st.lists(SOME, max_size=3),
    variables=SOME,
)
def test_each_lms_with_odd_lists_gets_a_registration(codes: list[str], placements: list[Any], variables: Any) -> None:
    lti = {
        "product_family_code": "".join(codes),
        "messages_supported": [{"type": "LtiDeepLinkingRequest", "placements": placements}, *placements],
        "variables": variables,
    }
    platform = read_platform(URL, GOOD | {PLATFORM: lti})
    request = registration_request(guide_of(platform.product), OURS, platform.offer)
    assert request[TOOL]["messages"][0]["type"] == "LtiDeepLinkingRequest"


@given(answer=st.dictionaries(st.sampled_from(["client_id", "scope", TOOL]), SOME), tool=SOME)
def test_an_answer_is_read_or_refused(answer: dict[str, Any], tool: Any) -> None:
    try:
        registered = read_registered({TOOL: tool, **answer})
    except RegistrationError:
        return
    assert 0 < len(registered.client_id) <= 255
    said = {name: getattr(registered, name) for name in ("scopes", "claims", "messages", "custom")}
    json.dumps(said)
    granted(said)


@given(claims=st.dictionaries(st.text(max_size=8) | st.sampled_from([LTI + "custom", GRADES, LTI + "context"]), SOME))
def test_claims_are_masked_whatever_they_are(claims: dict[str, Any]) -> None:
    shown = masked_claims(claims)
    assert len(json.dumps(shown)) <= MAX_CHARACTERS
    brought(shown)
