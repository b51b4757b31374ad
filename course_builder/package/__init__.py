"""The module package: the only door between the builder, which writes it, and the tool, which reads it."""

from course_builder.package.format import DEFAULT, FORMAT_VERSION, Limits, PackageError, is_public
from course_builder.package.fragment import Fragment, Html, Part, QuestionPlace, QuizEnd, QuizStart, rebase
from course_builder.package.manifest import (
    CriterionText,
    Feedback,
    HintText,
    LimitsEntry,
    Manifest,
    ObjectiveEntry,
    OptionText,
    PageEntry,
    QuestionText,
    QuizEntry,
)
from course_builder.package.package import Package
from course_builder.package.read import open_directory, read_package, unpack
from course_builder.package.workshop import (
    BoardEntry,
    FieldEntry,
    NamedEntry,
    PollEntry,
    ScaleEntry,
    SessionEntry,
    SessionNotes,
    StepEntry,
    WorksheetEntry,
)

__all__ = [
    "DEFAULT",
    "FORMAT_VERSION",
    "BoardEntry",
    "CriterionText",
    "Feedback",
    "FieldEntry",
    "Fragment",
    "HintText",
    "Html",
    "Limits",
    "LimitsEntry",
    "Manifest",
    "NamedEntry",
    "ObjectiveEntry",
    "OptionText",
    "Package",
    "PackageError",
    "PageEntry",
    "Part",
    "PollEntry",
    "QuestionPlace",
    "QuestionText",
    "QuizEnd",
    "QuizEntry",
    "QuizStart",
    "ScaleEntry",
    "SessionEntry",
    "SessionNotes",
    "StepEntry",
    "WorksheetEntry",
    "is_public",
    "open_directory",
    "read_package",
    "rebase",
    "unpack",
]
