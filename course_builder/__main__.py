"""``python -m course_builder`` is ``course-builder``."""

from course_builder.cli import main

if __name__ == "__main__":
    main(prog_name="course-builder")
