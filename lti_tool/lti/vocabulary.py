"""Names of claims, and how long what they hold may be."""

from __future__ import annotations

LTI = "https://purl.imsglobal.org/spec/lti/claim/"
GRADES = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint"
ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
GROUPS = "https://purl.imsglobal.org/spec/lti-gs/claim/groupsservice"
ID_LENGTH, TITLE_LENGTH, URL_LENGTH, LOCALE_LENGTH = 255, 500, 2000, 50
