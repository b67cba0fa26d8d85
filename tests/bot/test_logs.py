"""What passes the gate of the logs: an allow-list of fields, and of other libraries no message."""

import ast
import subprocess
import sys
from pathlib import Path

from bot import logs

ROOT = Path(__file__).parent.parent.parent

SCRIPT = """
import logging, warnings
from bot import logs
logs.set_up(json=True)
logs.log.info("happened", code="K7Q4-F2MX", chat_id=12345678, text="CANARY")
logging.getLogger("telegram.ext").error("CANARY token 123:ABC %s", {"x": "CANARY"})
try:
    raise ValueError("CANARY")
except ValueError:
    logging.getLogger("sqlalchemy").exception("CANARY")
warnings.warn("CANARY")
raise RuntimeError("CANARY")
"""


def test_only_allowed_fields_and_no_foreign_message_is_logged() -> None:
    """Unknown fields are dropped; libraries keep name, line and error class; an uncaught error only its class."""
    found = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=False)
    said = found.stderr + found.stdout
    assert "CANARY" not in said
    assert "12345678" not in said
    assert "123:ABC" not in said
    for part in (
        '"code": "K7Q4-F2MX"',
        '"logger": "telegram.ext"',
        '"error": "ValueError"',
        '"error": "RuntimeError at',
    ):
        assert part in said


def logged(source: str) -> set[str]:
    """The names of the fields that a module hands to the log."""
    return {
        field.arg or "**"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "log"
        for field in node.keywords
    }


def test_every_field_that_is_logged_passes_the_gate() -> None:
    """Else an operator reads that something went wrong and not what: the gate drops a name that it does not know."""
    dropped = {
        f"{path.relative_to(ROOT)}: {field}"
        for package in ("bot", "flows", "storage", "locales")
        for path in (ROOT / package).rglob("*.py")
        for field in logged(path.read_text()) - logs.FIELDS
    }
    assert dropped == set()
