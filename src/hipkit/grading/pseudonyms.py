"""Pseudonyms that only the holder of a key can undo: the student's id under HMAC (RFC 2104) with SHA-256.

The key stands beside the gradebook, for its owner only. Whoever has it and a list of students can say who is who.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from hipkit.errors import KitError

KEY = "pseudonyms.key"
KEY_BYTES = 32


def read_key(course_root: Path) -> bytes:
    """The key of a course; made when it is asked for the first time.

    Raises:
        KitError: others may read the file, or it holds no key.
    """
    path = course_root / KEY
    try:
        with open(path, "x", encoding="ascii", opener=_for_the_owner_only) as file:
            file.write(secrets.token_hex(KEY_BYTES))
    except FileExistsError:
        pass
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise KitError(f"Other users can read {path}, the key to the pseudonyms. Run: chmod 600 {path}")
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii"))
    except ValueError as error:
        raise KitError(f"{path} holds no key. Put back the file that was there; a new one gives new names.") from error
    if len(key) != KEY_BYTES:
        raise KitError(f"{path} holds no key. Put back the file that was there; a new one gives new names.")
    return key


def pseudonym(key: bytes, purpose: str, student: str) -> str:
    """A student's pseudonym, 16 hexadecimal digits; another one for each purpose, so that two cannot be joined."""
    return hmac.new(key, f"{purpose}\0{student}".encode(), hashlib.sha256).hexdigest()[:16]


def numbered(key: bytes, purpose: str, students: list[str]) -> dict[str, str]:
    """Student -> "Student 1", "Student 2" and so on, in the order of their pseudonyms."""
    mixed = sorted(students, key=lambda student: pseudonym(key, purpose, student))
    return {student: f"Student {number}" for number, student in enumerate(mixed, start=1)}


def _for_the_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
