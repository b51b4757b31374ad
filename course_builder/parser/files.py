"""Files that a block names in its attributes."""

from __future__ import annotations

from urllib.parse import unquote

from course_builder.model import Fence
from course_builder.parser.findings import Findings
from course_builder.parser.links import Targets, is_url, near_file, target_of


def file_address(
    fence: Fence,
    key: str,
    targets: Targets,
    findings: Findings,
    path: str | None = None,
    *,
    allows_urls: bool = False,
) -> str | None:
    """Return ``asset:<path>`` for the file that an attribute names; ``None`` where it is missing, which is reported.

    Args:
        fence: the block.
        key: the attribute.
        targets: the files that there are.
        findings: of the page.
        path: the value, where the attribute holds several.
        allows_urls: whether the value may be a web address, which is returned as it is.
    """
    written = fence.attributes.get(key) if path is None else path
    if written is None:
        return None
    if is_url(written):
        if not allows_urls:
            hint = "Copy the file into the course."
            findings.error(fence.place, "asset-from-elsewhere", f"`{key}` cannot be a web address", hint)
        return written if allows_urls else None
    wanted = unquote(written)
    target = target_of(wanted, findings.path)
    if target.startswith("../"):
        message = f"`{wanted}` lies outside the course folder"
        findings.error(fence.place, "link-outside", message, "Copy the file into the course.")
    elif target in targets.files:
        return f"asset:{target}"
    else:
        hint = near_file(wanted, targets, findings)
        findings.error(fence.place, "link-missing-file", f"there is no file `{wanted}`", hint)
    return None
