"""Passwords: which ones are taken, and their hashes (Argon2id)."""

from __future__ import annotations

import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from entrepot.errors import LakeError

SHORTEST, LONGEST = 12, 1_000  # letters; the upper bound keeps hashing cheap
_FEWEST = 5  # different letters
_HASHER = PasswordHasher()  # Argon2id with the parameters of RFC 9106 for little memory
_AT_ONCE = BoundedSemaphore(2)  # each hash takes 64 MiB
_NOBODY = _HASHER.hash("nobody has this password")  # so that unknown names take as long


def hashed(name: str, password: str) -> str:
    """Hash a password.

    Args:
        name: Name of the account it is for.
        password: The password.

    Returns:
        Its hash with parameters and salt.

    Raises:
        LakeError: If it can be guessed.
    """
    letters = _letters(password)
    if not SHORTEST <= len(letters) <= LONGEST:
        raise LakeError(
            f"The password has {len(letters)} letters, expected {SHORTEST} to {LONGEST:,}."
        )
    if len(set(letters)) < _FEWEST or name in letters.casefold():
        raise LakeError(
            "The password can be guessed: it repeats a few letters or holds the account's name. "
            "Take several words that have nothing to do with each other."
        )
    with _AT_ONCE:
        return _HASHER.hash(letters)


def matches(known: str | None, password: str) -> bool:
    """Whether a password is the one that was hashed; takes as long where none was.

    Args:
        known: Its hash; ``None`` where there is no such account.
        password: What somebody gave.
    """
    if len(password) > LONGEST:
        return False
    try:
        with _AT_ONCE:
            _HASHER.verify(known or _NOBODY, _letters(password))
    except (VerificationError, InvalidHashError):
        return False
    return known is not None


def renewed(known: str, password: str) -> str | None:
    """The hash with today's parameters, where it was made with others.

    Args:
        known: Its hash.
        password: The password, which was right.

    Returns:
        Another hash; ``None`` where the one there is will do.
    """
    if not _HASHER.check_needs_rehash(known):
        return None
    with _AT_ONCE:
        return _HASHER.hash(_letters(password))


def _letters(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
