"""Tools that others use for such pages, each with its own settings around the same texts.

They come from their registries into ``var/bench``, apart from what the project itself needs; Hugo comes from Debian.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.corpus import plain

HOME = Path(__file__).parents[2] / "var" / "bench"
PYTHON = HOME / "python" / "bin"
NODE = HOME / "node"
PYTHON_PACKAGES = ("mkdocs-material==9.8.2", "zensical==0.0.73", "sphinx==9.0.4", "myst-parser==5.2.0")
NODE_PACKAGES = ("@11ty/eleventy@3.1.8",)

_MKDOCS = """\
site_name: Generated
docs_dir: pages
site_dir: out
theme:
  name: material
plugins: [search]
markdown_extensions:
  - tables
  - pymdownx.highlight
  - pymdownx.superfences
"""
_SPHINX = """\
project = "Generated"
extensions = ["myst_parser"]
exclude_patterns = ["out", "conf.py"]
suppress_warnings = ["toc.not_included", "myst"]
"""
_SPHINX_INDEX = "# Generated\n\n```{toctree}\n:glob:\n\n*/*\n```\n"
_HUGO = 'baseURL = "https://example.org/"\ntitle = "Generated"\ncontentDir = "pages"\npublishDir = "out"\n'
_HUGO_SINGLE = "<!doctype html><title>{{ .Title }}</title>{{ .Content }}\n"
_HUGO_LIST = (
    "<!doctype html><title>{{ .Title }}</title>{{ range .Pages }}<a href='{{ .Permalink }}'>{{ .Title }}</a>{{ end }}\n"
)
_ELEVENTY = """\
module.exports = (config) => {
  config.addPassthroughCopy("pages/**/*.svg");
  return { dir: { input: "pages", includes: "../layouts", output: "out" }, markdownTemplateEngine: false };
};
"""
_ELEVENTY_LAYOUT = "<!doctype html><title>Generated</title>{{ content | safe }}\n"


@dataclass(frozen=True, slots=True)
class Peer:
    """A tool: ``files`` are its settings, ``made`` is what has to go before it starts from nothing."""

    name: str
    program: Path | str
    arguments: Sequence[str]
    files: Mapping[str, str]
    made: Sequence[str] = ("out",)
    most_pages: int | None = None
    front_matter: str = ""

    @property
    def command(self) -> list[str] | None:
        """What to run in the peer's folder, or ``None`` if the peer is not there."""
        found = shutil.which(str(self.program))
        return [found, *self.arguments] if found else None


PEERS = (
    Peer(
        "Hugo",
        "hugo",
        ["--quiet"],
        {
            "config.toml": _HUGO,
            "layouts/_default/single.html": _HUGO_SINGLE,
            "layouts/_default/list.html": _HUGO_LIST,
            "layouts/index.html": _HUGO_LIST,
        },
        ("out", "resources", ".hugo_build.lock"),
        front_matter="---\ntitle: Page\n---\n",
    ),
    Peer(
        "Eleventy",
        NODE / "node_modules" / ".bin" / "eleventy",
        ["--quiet"],
        {
            ".eleventy.js": _ELEVENTY,
            "layouts/page.njk": _ELEVENTY_LAYOUT,
            "pages/pages.json": json.dumps({"layout": "page.njk"}),
        },
    ),
    Peer("Zensical", PYTHON / "zensical", ["build"], {"mkdocs.yml": _MKDOCS}, ("out", ".cache"), most_pages=300),
    Peer("MkDocs Material", PYTHON / "mkdocs", ["build", "--quiet"], {"mkdocs.yml": _MKDOCS}, most_pages=300),
    Peer(
        "Sphinx with MyST",
        PYTHON / "sphinx-build",
        ["-q", "-j", "2", "pages", "out"],
        {"pages/conf.py": _SPHINX, "pages/index.md": _SPHINX_INDEX},
        most_pages=300,
    ),
)


def install() -> None:
    """Fetch the peers that are not there; one that cannot be had is missing in the table."""
    HOME.mkdir(parents=True, exist_ok=True)
    if not all((PYTHON / name).exists() for name in ("mkdocs", "zensical", "sphinx-build")):
        _try([sys.executable, "-m", "venv", str(HOME / "python")])
        _try(
            [str(PYTHON / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PYTHON_PACKAGES]
        )
    if not (NODE / "node_modules" / ".bin" / "eleventy").exists() and shutil.which("npm"):
        NODE.mkdir(exist_ok=True)
        options = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--prefix", str(NODE))
        _try(["npm", "install", *options, *NODE_PACKAGES])
    if not shutil.which("hugo") and shutil.which("apt-get") and os.geteuid() == 0:
        _try(["apt-get", "install", "-y", "-qq", "hugo"])


def write_site(peer: Peer, folder: Path, course: Path) -> None:
    """Put a course's texts and images where a peer reads them, without what only we read."""
    for source in sorted((course / "modules").rglob("*")):
        target = folder / "pages" / source.relative_to(course / "modules")
        if source.suffix == ".md":
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(peer.front_matter + plain(source.read_text()))
        elif source.suffix == ".svg":
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    for name, text in peer.files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)


def _try(command: Sequence[str]) -> None:
    done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    if done.returncode:
        print(f"{' '.join(command[:4])} …: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
