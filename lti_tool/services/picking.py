"""What a trainer has picked for a course so far, kept with the launch so that no script has to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from course_builder.package import Manifest
from lti_tool.errors import InputError
from lti_tool.lti.content import Content
from lti_tool.lti.text import label
from lti_tool.lti.vocabulary import TITLE_LENGTH
from lti_tool.services.parts import part_of, points_in

MAX_ITEMS = 50
MAX_POINTS = 1_000_000
DEFAULT_ZONE = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A module, page or quiz that is to become an activity of the course."""

    module_id: str
    version: str
    """Of the release that it was picked from."""
    page_id: str | None = None
    quiz_id: str | None = None
    title: str
    is_version_fixed: bool = False
    has_column: bool = False
    points: str = ""
    """Of the column: an exact fraction, such as ``8`` or ``5/2``; empty where nothing can be earned."""
    opens_at: str = ""
    due_at: str = ""
    """Both in UTC, ISO 8601, or empty."""

    @property
    def content(self) -> Content:
        """What a link to it names: the release for good, or all with its major number."""
        version = self.version if self.is_version_fixed else self.version.partition(".")[0]
        return Content(module_id=self.module_id, page_id=self.page_id, quiz_id=self.quiz_id, version=version)

    @property
    def maximum(self) -> Fraction:
        """The points of the column."""
        return Fraction(self.points or 0)


@dataclass(frozen=True, slots=True)
class Basket:
    """The picked items in their order, and the zone that their dates are written in."""

    items: tuple[Item, ...] = ()
    zone: str = DEFAULT_ZONE

    def as_json(self) -> dict[str, Any]:
        """Give it as it is kept with the launch."""
        return {"zone": self.zone, "items": [asdict(item) for item in self.items]}

    def add(self, items: Iterable[Item], *, takes_several: bool) -> Basket:
        """Add items; one that was picked before stays where it is, and where only one is taken the last one counts.

        Raises:
            InputError: if there would be too many.
        """
        known = {item.content for item in self.items}
        new = tuple(item for item in items if item.content not in known)
        if not takes_several:
            return replace(self, items=new[-1:] or self.items)
        if len(self.items) + len(new) > MAX_ITEMS:
            raise InputError("Too many items were picked.")
        return replace(self, items=self.items + new)

    def remove(self, index: int) -> Basket:
        """Take an item out."""
        return replace(self, items=self.items[:index] + self.items[index + 1 :])

    def move(self, index: int, by: int) -> Basket:
        """Move an item up (-1) or down (1); at the ends nothing happens."""
        items, goal = list(self.items), index + by
        if 0 <= index < len(items) and 0 <= goal < len(items):
            items[index], items[goal] = items[goal], items[index]
        return replace(self, items=tuple(items))


def read_basket(picked: Mapping[str, Any] | None) -> Basket:
    """Read what a launch keeps."""
    if not picked:
        return Basket()
    return Basket(tuple(Item(**item) for item in picked["items"]), picked["zone"])


def make_item(manifest: Manifest, content: Content, language: str) -> Item:
    """Make an item of a release, with what it says of itself.

    Args:
        manifest: of the release.
        content: which part of it.
        language: of the title, if the module has it.

    Raises:
        NotFoundError: if the release has no such part.
    """
    part = part_of(manifest, content.page_id, content.quiz_id)
    title = part.title.get(language) or next(iter(part.title.values()), content.module_id)
    points = points_in(part)
    return Item(
        module_id=manifest.id,
        version=manifest.version,
        page_id=content.page_id,
        quiz_id=content.quiz_id,
        title=title,
        is_version_fixed=content.is_version_fixed,
        has_column=points > 0,
        points=str(points) if points else "",
    )


def read_form(basket: Basket, form: Mapping[str, str]) -> Basket:
    """Take over what the form of the picked items says; what it does not mention stays.

    Raises:
        InputError: naming in ``detail`` the field that cannot be read: ``points`` or ``date``.
    """
    zone = form.get("zone", "")
    zone = zone if zone in available_timezones() else basket.zone
    items = tuple(
        _change(item, index, form, zone) if f"title-{index}" in form else item
        for index, item in enumerate(basket.items)
    )
    return Basket(items, zone)


def to_local(time: str, zone: str) -> str:
    """Write a kept time as a date field shows it."""
    return datetime.fromisoformat(time).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if time else ""


def _change(item: Item, index: int, form: Mapping[str, str], zone: str) -> Item:
    has_column = f"column-{index}" in form and bool(item.points)
    return replace(
        item,
        title=label(form[f"title-{index}"], TITLE_LENGTH) or item.title,
        is_version_fixed=form.get(f"version-{index}") == "fixed",
        has_column=has_column,
        points=_points(form.get(f"points-{index}", ""), item.points) if has_column else item.points,
        opens_at=_time(form.get(f"opens-{index}", ""), zone),
        due_at=_time(form.get(f"due-{index}", ""), zone),
    )


def _points(text: str, kept: str) -> str:
    """Read a maximum with a point or a comma; an empty one changes nothing."""
    text = text.strip().replace(",", ".")
    if not text:
        return kept
    if len(text) > 20 or not text.isascii() or not text.replace(".", "", 1).isdigit():
        raise InputError("These points are no number.", detail="points")
    points = Fraction(text)
    if not 0 < points <= MAX_POINTS:
        raise InputError("These points are too few or too many.", detail="points")
    return str(points)


def _time(text: str, zone: str) -> str:
    if not text:
        return ""
    try:
        local = datetime.strptime(text[:20], "%Y-%m-%dT%H:%M")  # noqa: DTZ007  (the zone comes next)
    except ValueError as error:
        raise InputError("This is no date and time.", detail="date") from error
    try:
        return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).isoformat()
    except OverflowError as error:
        raise InputError("This is no date and time.", detail="date") from error
