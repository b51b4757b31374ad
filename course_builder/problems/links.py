"""Links: where they lead and what they say."""

from __future__ import annotations

from course_builder.problems.entry import Entry, Subject

SUBJECT = Subject(
    "Links",
    (
        Entry(
            code="link-empty",
            meaning="a link without an address",
            why="It looks like a link and does nothing.",
            mend="Write its address: `[text](address)`.",
            bad="See [the other page]().",
            good="See [the other page](other.md).",
        ),
        Entry(
            code="link-missing-anchor",
            meaning="nothing on the page has the id after `#`",
            why="The link opens the page at its top instead of at the place that is meant.",
            mend="Write the id of a heading or block, or a heading's text in small letters with hyphens.",
            bad="See [the notes](other.md#nots).",
            good="See [the notes](other.md#notes).",
        ),
        Entry(
            code="link-missing-file",
            meaning="a path that leads to no file",
            why="The link would be broken.",
            mend="Correct the path: it is relative to the page; a leading / means the course.",
            bad="See [the other page](othr.md).",
            good="See [the other page](other.md).",
        ),
        Entry(
            code="link-missing-id",
            meaning="nothing in the module has the id",
            why="The link would lead nowhere.",
            mend="Write id:module/id with the id of a page, a heading or a block.",
            bad="See [the notes](id:m1-town/nots).",
            good="See [the notes](id:m1-town/notes).",
        ),
        Entry(
            code="link-other-module",
            meaning="a link to a module that the course does not have, or by path to a page of another one",
            why="It would lead nowhere.",
            mend="Write `id:module/id` with the ids of the module and of a page in it, or list the page under `pages`.",
            bad="See [the second module](id:m2-land/start).",
            good="See [the notes](id:m1-town/notes).",
        ),
        Entry(
            code="link-outside",
            meaning="a path or a symbolic link that leaves the course folder",
            why="The file would not travel with the course.",
            mend="Copy the file into the course.",
            bad="See [the plan](../../../../plan.pdf).",
            good="See [the plan](assets/plan.pdf).",
        ),
        Entry(
            code="link-scheme",
            meaning="an address that is no path and not `https:`, `http:`, `mailto:` or `tel:`",
            why="Browsers block it, or run something.",
            mend="Use a path in the course, or an address that starts with one of these.",
            bad="See [the plan](file:///plan.pdf).",
            good="See [the plan](https://example.org/plan.pdf).",
        ),
        Entry(
            code="link-text",
            meaning="a text such as “here”, which says nothing when it is read alone",
            why="Screen readers list the links of a page; a list of “here” helps nobody.",
            mend="Say what is behind the link.",
            bad="The notes are [here](other.md).",
            good="Read [the notes on the town](other.md).",
        ),
        Entry(
            code="link-without-text",
            meaning="a link without a text",
            why="Nobody can see it, and a screen reader spells out its address.",
            mend="Write what is behind it: `[text](address)`.",
            bad="See [](other.md).",
            good="See [the other page](other.md).",
        ),
    ),
)
