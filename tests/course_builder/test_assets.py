"""Files that a module carries."""

from __future__ import annotations

import pytest

from tests.course_builder.sources import MODULE_YAML, PAGE, SVG, check, codes

ASSET = "modules/m1-town/assets/town.svg"
SHOWN = "# A page\n\n![A town with a harbour](assets/town.svg)\n"


def test_carries_only_the_files_that_pages_use() -> None:
    course, problems = check({PAGE: SHOWN, ASSET: SVG, "modules/m1-town/assets/other.png": b"png"})
    assert [(asset.path, asset.media_type, asset.alt) for asset in course.modules[0].assets] == [
        (ASSET, "image/svg+xml", "A town with a harbour")
    ]
    assert [(problem.severity, problem.code, problem.place.path) for problem in problems] == [
        ("warning", "asset-unused", "modules/m1-town/assets/other.png")
    ]


def test_a_variant_in_another_language_is_used_where_its_original_is() -> None:
    _, problems = check({PAGE: SHOWN, ASSET: SVG, "modules/m1-town/assets/town.fi.svg": SVG})
    assert problems == []


def test_licence_and_author_come_from_module_yaml() -> None:
    module = MODULE_YAML + "assets: {assets/town.svg: {licence: CC0-1.0, author: Somebody}}\n"
    course, problems = check({PAGE: SHOWN, ASSET: SVG, "modules/m1-town/module.yaml": module})
    assert problems == []
    asset = course.modules[0].assets[0]
    assert (asset.licence, asset.author) == ("CC0-1.0", "Somebody")


def test_an_asset_of_the_course_is_found_from_its_root() -> None:
    course, problems = check({PAGE: "# A page\n\n[The plan](/assets/plan.pdf)\n", "assets/plan.pdf": b"%PDF"})
    assert problems == []
    assert course.modules[0].assets[0].path == "assets/plan.pdf"


@pytest.mark.parametrize(
    ("svg", "message"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "the element <script> does not belong"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x()"/>', "the attribute onload would run a script"),
        (b'<svg xmlns:s="http://www.w3.org/2000/svg"><s:script/></svg>', "the element <s:script>"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><foreignObject/></svg>', "the element <foreignObject>"),
        (b'<svg><image href="https://example.org/x.png"/></svg>', "the attribute href points out of the file"),
        (b'<svg><a xlink:href="javascript:x()" xmlns:xlink="x"/></svg>', "the attribute xlink:href points out"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg/>', "the entity a is declared"),
        (b'<?xml-stylesheet href="x"?><svg/>', "the instruction <?xml-stylesheet?> is not allowed"),
        (b"<svg><rect></svg>", "this is not well-formed: mismatched tag"),
        (b"\xff\xfe", "this is not well-formed"),
        (b'<svg><style>@import "https://example.org/x.css"</style></svg>', "a style sheet loads from elsewhere"),
        (b'<svg><rect style="fill:url(https://example.org/x)"/></svg>', "the attribute style loads from elsewhere"),
    ],
)
def test_refuses_svg_files_that_are_more_than_a_picture(svg: bytes, message: str) -> None:
    _, problems = check({PAGE: SHOWN, ASSET: svg})
    assert (problems[0].code, problems[0].place.path) == ("svg-active", ASSET)
    assert problems[0].message.startswith(message)


@pytest.mark.parametrize(
    "svg",
    [
        SVG,
        b'<svg xmlns="http://www.w3.org/2000/svg"><style>.a { fill: url(#b) }</style><use href="#a"/></svg>',
        b'<?xml version="1.0"?><!DOCTYPE svg><svg><image href="data:image/png;base64,x"/></svg>',
    ],
)
def test_accepts_svg_files_that_are_pictures(svg: bytes) -> None:
    assert check({PAGE: SHOWN, ASSET: svg})[1] == []


def test_refuses_kinds_that_no_module_carries() -> None:
    _, problems = check(
        {
            PAGE: "# A page\n\n[A program](run.exe) and [nothing](a.pdf)\n",
            "modules/m1-town/run.exe": b"MZ",
            "modules/m1-town/a.pdf": b"",
        }
    )
    assert codes(problems) == ["asset-kind", "asset-size"]
