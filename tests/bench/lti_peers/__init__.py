"""LTI tools of others, installed from their registries into ``var/bench``, apart from what the project needs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench.peers import HOME

HERE = Path(__file__).parent
PYTHON = HOME / "lti-python" / "bin" / "python"
NODE = HOME / "lti-node"
PYTHON_PACKAGES = (
    "PyLTI1p3==2.0.0",
    "flask==3.1.3",
    "Flask-Caching==2.5.1",
    "redis==8.1.0",
    "granian==2.8.7",
    "PyJWT==2.15.1",
    "cryptography==50.0.2",
)
NODE_PACKAGES = ("ltijs@5.9.9", "ltijs-sequelize@2.4.4", "pg@8.23.1")


def has_pylti1p3() -> bool:
    """Fetch it where it is not there; says whether it is now."""
    done = PYTHON.parents[1] / ".installed"
    if not done.exists():
        pip = (str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        if _run([sys.executable, "-m", "venv", str(PYTHON.parents[1])]) and _run([*pip, *PYTHON_PACKAGES]):
            done.touch()
    return done.exists()


def has_ltijs() -> bool:
    """Fetch it where it is not there; says whether it is now."""
    done = NODE / ".installed"
    if not done.exists() and shutil.which("npm"):
        NODE.mkdir(parents=True, exist_ok=True)
        options = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(NODE))
        if _run(["npm", "install", *options, *NODE_PACKAGES]):
            done.touch()
    return done.exists()


def _run(command: Sequence[str]) -> bool:
    done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        print(f"{' '.join(command[:4])} …: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
    return done.returncode == 0
