"""The tool and the practice LMS, as they run in the demo."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lti_tool.demo import prepare
from lti_tool.demo.answers import AnswerKey, read_answers
from lti_tool.demo.stack import Addresses, Stack, free_port
from lti_tool.practice_lms.config import ProfileName


@dataclass(frozen=True)
class World:
    """The two sites and what is known of the module on them."""

    stack: Stack
    answers: AnswerKey
    tool_database: Path

    @property
    def tool(self) -> str:
        return self.stack.addresses.tool

    @property
    def lms(self) -> str:
        return self.stack.addresses.lms


@contextmanager
def start_world(folder: Path, profile: ProfileName = "strict") -> Iterator[World]:
    """Start the tool and the practice LMS on two sites, as ``lti-tool demo`` does; the LMS behaves as ``profile``."""
    addresses = Addresses(tool_port=free_port(), lms_port=free_port())
    packages = prepare.build_course(folder / "packages")
    environment = prepare.environment_for(folder, addresses)
    prepare.prepare_database(environment, packages, addresses, profile)
    answers = read_answers(packages[0])
    named = {"module_id": answers.module_id, "module_title": answers.module_title}
    with Stack(addresses, folder, environment, **named, profile=profile) as stack:
        yield World(stack, answers, folder / "tool" / "lti-tool.db")
