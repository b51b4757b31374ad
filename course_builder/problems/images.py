"""Images: each says in words what it shows."""

from __future__ import annotations

from course_builder.problems.entry import Entry, Subject

SUBJECT = Subject(
    "Images",
    (
        Entry(
            code="image-alt",
            meaning="an alternative text that does not say what the image shows, such as a file name",
            why="Who cannot see the image hears a file name.",
            mend="Say what the image shows and why it is here.",
            bad="![town.svg](assets/town.svg)",
            good="![A map of the town: the harbour lies in the north](assets/town.svg)",
        ),
        Entry(
            code="image-decorative",
            meaning="a decorative image with an alternative text",
            why="One of the two is wrong: what is decorative is not read out.",
            mend="Leave the brackets empty, or take `.decorative` away.",
            bad="![A map of the town](assets/town.svg){.decorative}",
            good="![](assets/town.svg){.decorative}",
        ),
        Entry(
            code="image-from-elsewhere",
            meaning="an image that is not in the course",
            why="It would tell another site who is learning, and break when that site changes.",
            mend="Copy it into `assets/`, if its licence allows it.",
            bad="![A map of the town](https://example.org/town.svg)",
            good="![A map of the town](assets/town.svg)",
        ),
        Entry(
            code="image-without-alt",
            meaning="an image without an alternative text",
            why="Who cannot see the image does not learn what it shows.",
            mend="Say in the brackets what it shows; `![](…){.decorative}` if it shows nothing that matters.",
            bad="![](assets/town.svg)",
            good="![A map of the town](assets/town.svg)",
        ),
        Entry(
            code="image-without-file",
            meaning="an image without a file",
            why="There is nothing to show.",
            mend="Write its path: `![…](assets/file.svg)`.",
            bad="![A map of the town]()",
            good="![A map of the town](assets/town.svg)",
        ),
    ),
)
