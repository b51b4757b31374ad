"""Files of a course: encodings, assets, SVG."""

from __future__ import annotations

from course_builder.problems.entry import Entry, Subject

_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'

SUBJECT = Subject(
    "Files",
    (
        Entry(
            code="asset-kind",
            meaning="a file of a kind that a module cannot carry, or an image that is none",
            why="An LMS would not serve it, or a browser not show it.",
            mend="Save it in another format; link to what is no image.",
            bad="![The plan of the town](assets/plan.pdf)",
            good="Read [the plan of the town](assets/plan.pdf).",
        ),
        Entry(
            code="asset-missing",
            meaning="`assets` in `module.yaml` names a file that is not there",
            why="A licence or author would be lost.",
            mend="Correct the path: it is relative to the module's folder.",
            at="module.yaml",
            bad="assets: {assets/twon.svg: {licence: CC0-1.0}}",
            good="assets: {assets/town.svg: {licence: CC0-1.0}}",
        ),
        Entry(
            code="asset-size",
            meaning="a file that is empty or over 50 MB",
            why="An empty file shows nothing; a big one shuts out those with a slow line.",
            mend="Export it anew; put large videos on a host.",
        ),
        Entry(
            code="asset-unused",
            severity="warning",
            meaning="no page uses this file",
            why="It travels nowhere, and the next author wonders what it is for.",
            mend="Use it, or delete it.",
        ),
        Entry(
            code="file-name",
            meaning="a file whose name is not in UTF-8, or that two files have",
            why="Systems differ in which bytes they take for a letter: nothing could point at it everywhere.",
            mend="Rename it.",
        ),
        Entry(
            code="file-not-utf-8",
            meaning="a file in another encoding",
            why="Letters such as ä, õ and š would turn into other ones.",
            mend="Save the file in the encoding UTF-8.",
        ),
        Entry(
            code="file-too-long",
            meaning="a text of more than a million bytes, or with more than 20,000 opening brackets",
            why="Nobody reads a page of a hundred thousand words, and no phone shows it.",
            mend="Write it in several files.",
        ),
        Entry(
            code="file-unreadable",
            meaning="a file that cannot be read",
            why="What is in it is missing from the course.",
            mend="Look at its permissions, or at what the link points to.",
        ),
        Entry(
            code="svg-active",
            meaning="an SVG file that is more than a picture",
            why="Opened on its own, an SVG could run scripts or tell another site who looks at it.",
            mend="Export it as a plain SVG, without scripts, entities and references to other files.",
            at="assets/town.svg",
            bad=_SVG.format("<script>alert(1)</script>"),
            good=_SVG.format('<path d="M0 0h9"/>'),
        ),
    ),
)
