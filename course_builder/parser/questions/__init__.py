"""Question blocks → :class:`course_builder.model.Question`; a file for each way of answering."""

from course_builder.parser.questions.reading import PARTS, Surroundings, read_question

__all__ = ["PARTS", "Surroundings", "read_question"]
