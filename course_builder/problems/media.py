"""Video, sound, scenes and what comes from other hosts."""

from __future__ import annotations

from course_builder.problems.entry import Entry, Subject

_FILM = "::: media {{src=assets/film.webm {}}}\n\n:::"
_WHOLE = _FILM.format("captions=assets/film.vtt transcript=assets/film.md description=none-needed")
_SCENE = "::: scene {{src=assets/square.jpg kind=panorama}}\n\nYou stand on the market square.\n\n{}\n\n:::"
_PLACES = "| Place | Yaw | Pitch | Text |\n|---|---|---|---|\n| {} |"
_HALL = "::: scene {{src=assets/{} kind=model {}}}\n\nThe hall has a tower.\n\n:::"
_MAP = '::: embed {{src={} title="Map of the town"}}\n\n:::'
_LARGE = (
    "::: media {src=https://maps.example.org/film.webm captions=assets/film.vtt transcript=assets/film.md"
    " description=none-needed}\n\n:::"
)

SUBJECT = Subject(
    "Media, scenes and other hosts",
    (
        Entry(
            code="asset-from-elsewhere",
            meaning="a file of a block that is a web address",
            why="Learners' addresses would reach another site without being asked.",
            mend="Copy the file into the course.",
            bad=_SCENE.format("").replace("kind=", "poster=https://example.org/square.jpg kind="),
            good=_SCENE.format("").replace("kind=", "poster=assets/square.jpg kind="),
        ),
        Entry(
            code="captions-syntax",
            meaning="a cue in a WebVTT file that a player would skip",
            why="The sentence would be missing for who reads the captions.",
            mend="Write times as 00:01.000 --> 00:04.000, with points, and an empty line between cues.",
            at="assets/film.vtt",
            bad="WEBVTT\n\n00:00:01,000 --> 00:00:02,000\nWelcome.",
            good="WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nWelcome.",
        ),
        Entry(
            code="host-address",
            meaning="an address of an embed or a video that is not plain `https://`",
            why="It could be read and changed on its way, or lead to another place than it says.",
            mend="Write an address that starts with https://.",
            bad=_MAP.format("http://maps.example.org/town"),
            good=_MAP.format("https://maps.example.org/town"),
        ),
        Entry(
            code="host-place",
            meaning="something from another host in a question or a facilitator's note",
            why="Only pages themselves may load from elsewhere.",
            mend="Put it on the page itself, or copy the file into the course.",
            bad=f"::: facilitator\n\n{_LARGE}\n\n:::",
            good=_LARGE,
        ),
        Entry(
            code="host-unknown",
            meaning="an embed or a video of a host that the course does not allow",
            why="A course says to whom it sends its learners; nobody else learns that they are there.",
            mend="Add the host to `hosts` in course.yaml.",
            bad=_MAP.format("https://tracker.example.org/town"),
            good=_MAP.format("https://maps.example.org/town"),
        ),
        Entry(
            code="media-without-captions",
            meaning="a video without captions",
            why="Who cannot hear it, or sits in an open office, misses all that is said.",
            mend="Name a WebVTT file with `captions=`, or write captions=none-needed if nothing is heard.",
            bad=_FILM.format("transcript=assets/film.md description=none-needed"),
            good=_WHOLE,
        ),
        Entry(
            code="media-without-description",
            meaning="a video without an audio description, and without the word that none is needed",
            why="Who cannot see it misses what is only shown.",
            mend="Name a description with `description=`, or write description=none-needed if the sound says all.",
            bad=_FILM.format("captions=assets/film.vtt transcript=assets/film.md"),
            good=_WHOLE,
        ),
        Entry(
            code="media-without-transcript",
            meaning="a video or a sound without a transcript",
            why="It cannot be read, searched, translated or printed.",
            mend="Name a Markdown, text or WebVTT file with `transcript=`.",
            bad=_FILM.format("captions=assets/film.vtt description=none-needed"),
            good=_WHOLE,
        ),
        Entry(
            code="panorama-shape",
            severity="warning",
            meaning="a panorama that is not twice as wide as high",
            why="The picture is laid around the reader as a whole sphere. In another shape it is drawn out, and "
            "its places stand where nobody expects them.",
            mend="Export the whole sphere, twice as wide as high. Fill what the camera did not see with one colour.",
            bad=_SCENE.format("").replace("square.jpg", "narrow.png"),
            good=_SCENE.format(""),
        ),
        Entry(
            code="scene-angle",
            meaning="a place of a scene whose yaw or pitch is no angle",
            why="The place would be shown where it is not.",
            mend="Write degrees: yaw from -180 to 360 to the right, pitch from -90 to 90 up.",
            bad=_SCENE.format(_PLACES.format("Harbour | east | 0 | It is old.")),
            good=_SCENE.format(_PLACES.format("Harbour | 90 | 0 | It is old.")),
        ),
        Entry(
            code="scene-model",
            meaning="a 3D model that the player cannot show",
            why="Learners would see its picture only.",
            mend="Export it as glTF 2.0 binary (.glb), with everything embedded and without KTX2 textures.",
            bad=_HALL.format("broken.glb", "poster=assets/square.jpg"),
            good=_HALL.format("hall.glb", "poster=assets/square.jpg"),
        ),
        Entry(
            code="scene-place",
            meaning="a place of a scene without a name or a text",
            why="A learner who goes there finds nothing.",
            mend="Write what is there, and what there is to know about it.",
            bad=_SCENE.format(_PLACES.format("Harbour | 90 | 0 | ")),
            good=_SCENE.format(_PLACES.format("Harbour | 90 | 0 | It is old.")),
        ),
        Entry(
            code="scene-table",
            meaning="a table of places that has other columns",
            why="The columns are known by their order.",
            mend="Write four columns in this order: Place | Yaw | Pitch | Text.",
            bad=_SCENE.format("| Place | Text |\n|---|---|\n| Harbour | It is old. |"),
            good=_SCENE.format(_PLACES.format("Harbour | 90 | 0 | It is old.")),
        ),
        Entry(
            code="scene-without-poster",
            meaning="a 3D model without a picture",
            why="Nothing is shown until it is asked for, in print, and where it cannot be drawn.",
            mend="Name a picture of it: poster=assets/name.jpg.",
            bad=_HALL.format("hall.glb", "ar=yes"),
            good=_HALL.format("hall.glb", "ar=yes poster=assets/square.jpg"),
        ),
        Entry(
            code="scene-without-text",
            meaning="a scene without a text that says the same",
            why="Who cannot see or turn it has nothing to learn from.",
            mend="Say in the block, beside the table, what there is to see and why it matters.",
            bad="::: scene {src=assets/square.jpg kind=panorama}\n\n:::",
            good=_SCENE.format(""),
        ),
        Entry(
            code="transcript-empty",
            meaning="a transcript that says nothing",
            why="It promises what it does not hold.",
            mend="Write what is heard and seen.",
            at="assets/film.md",
            bad="<!-- to be written -->",
            good="Aino says: Welcome.",
        ),
        Entry(
            code="transcript-text",
            meaning="a block or a footnote in a transcript",
            why="A transcript is words only: it opens inside another block.",
            mend="Write it as plain text.",
            at="assets/film.md",
            bad="Aino says: Welcome.\n\n::: details {title=More}\n\nShe smiles.\n\n:::",
            good="Aino says: Welcome. She smiles.",
        ),
    ),
)
