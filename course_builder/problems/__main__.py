"""``python -m course_builder.problems`` writes ``docs/problems.md`` to the standard output."""

import sys

from course_builder.problems.page import docs_page

sys.stdout.write(docs_page())
