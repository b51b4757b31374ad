"""A page as the tool would get it: rendered, packaged by itself and read back, all in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from course_builder.model import Asset, Course, Module, Page
from course_builder.package import Package, PageEntry
from course_builder.package.format import asset_path, digest_of, format_files
from course_builder.package.write import package_members
from course_builder.render import Addresses, render_module


@dataclass(frozen=True, slots=True)
class Version:
    """A page as it was at some time, with the module and the course around it then."""

    course: Course
    module: Module
    page: Page
    at: datetime
    """When it was read."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A version of a page that can be shown."""

    version: Version
    package: Package
    """Holds this page alone; assets are served from the :class:`Shelf`."""

    @property
    def entry(self) -> PageEntry:
        """What the manifest says about the page."""
        return self.package.manifest.pages[0]


class Shelf:
    """The assets of a module by the names under which its pages ask for them."""

    def __init__(self, assets: tuple[Asset, ...]) -> None:
        self.assets = assets
        self.addresses = Addresses(assets)
        self.by_name: Mapping[str, Asset] = {
            asset_path(asset.path, asset.data).removeprefix("assets/"): asset for asset in assets
        }


def show(version: Version, shelf: Shelf) -> Shown:
    """Render a page, package it and read the package back: a page alone, so that it takes as long in any course.

    Raises:
        ValueError: if raw HTML swallows what stands after it.
        PackageError: if its questions cannot be used.
    """
    page = version.page
    rendered = render_module(replace(version.module, pages=(page,)), addresses=shelf.addresses, shows_notes=True)
    members = package_members(version.course, replace(version.module, pages=(page,), assets=()), rendered)
    files = format_files(members)
    package = Package(digest_of(files), files, members.__getitem__)
    package.fragment(rendered.language, page.id).parts("")
    for question in package.manifest.pages[0].questions:
        package.question(rendered.language, question)
        package.key(question)
    return Shown(version, package)
