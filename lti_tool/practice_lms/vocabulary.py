"""Names of the LTI 1.3 and LTI Advantage specifications."""

from __future__ import annotations

from collections.abc import Mapping

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
AGS_ENDPOINT = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
NRPS = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
DEEP_LINKING = "https://purl.imsglobal.org/spec/lti-dl/claim/"
BASIC_OUTCOME = "https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome"

LINE_ITEM = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem"
LINE_ITEM_READ = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly"
RESULT_READ = "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly"
SCORE = "https://purl.imsglobal.org/spec/lti-ags/scope/score"
GRADE_SCOPES = (LINE_ITEM, LINE_ITEM_READ, RESULT_READ, SCORE)
GROUPS = "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"
MEMBERSHIPS_READ = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
GROUPS_READ = "https://purl.imsglobal.org/spec/lti-gs/scope/contextgroup.readonly"

MEMBERSHIP_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#"
INSTITUTION_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/institution/person#"
SYSTEM_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/system/person#"
TEST_USER_ROLE = "http://purl.imsglobal.org/vocab/lti/system/person#TestUser"

LINE_ITEM_TYPE = "application/vnd.ims.lis.v2.lineitem+json"
LINE_ITEMS_TYPE = "application/vnd.ims.lis.v2.lineitemcontainer+json"
RESULTS_TYPE = "application/vnd.ims.lis.v2.resultcontainer+json"
SCORE_TYPE = "application/vnd.ims.lis.v1.score+json"
MEMBERS_TYPE = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"
GROUPS_TYPE = "application/vnd.ims.lti-gs.v1.contextgroupcontainer+json"
GROUP_SETS_TYPE = "application/vnd.ims.lti-gs.v1.contextgroupsetcontainer+json"

RESOURCE_LINK_REQUEST = "LtiResourceLinkRequest"
SUBMISSION_REVIEW_REQUEST = "LtiSubmissionReviewRequest"
DEEP_LINKING_REQUEST = "LtiDeepLinkingRequest"
DEEP_LINKING_RESPONSE = "LtiDeepLinkingResponse"
NOTICE_HANDLERS = "https://purl.imsglobal.org/spec/lti/scope/noticehandlers"
COURSE_COPY_NOTICE = "LtiContextCopyNotice"
NOTICE_TYPES = ("LtiHelloWorldNotice", COURSE_COPY_NOTICE)

CANVAS_SUBMISSION = "https://canvas.instructure.com/lti/submission"

GRANT_TYPE = "client_credentials"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

ACTIVITY_PROGRESS = frozenset({"Initialized", "Started", "InProgress", "Submitted", "Completed"})
GRADING_PROGRESS = frozenset({"FullyGraded", "Pending", "PendingManual", "Failed", "NotReady"})


def substitute(custom: Mapping[str, str], variables: Mapping[str, str]) -> dict[str, str]:
    """Custom parameters with their variables filled in; a variable nobody knows stays as it is written."""
    return {name: variables.get(value[1:], value) if value[:1] == "$" else value for name, value in custom.items()}


def number(value: float) -> int | float:
    """A number as JSON writes it best: whole ones without a decimal point."""
    return int(value) if value == int(value) else value
