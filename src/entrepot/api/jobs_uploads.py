"""Files that people sent: each in a folder with a name nobody chose, described beside it.

::

    lake/uploads/<16 hex>/upload.json      who sent it, under which name, its digest and size
    lake/uploads/<16 hex>/file.csv         the bytes as they came
    lake/uploads/<16 hex>/answers/         what a screening of it said

The name a file had is only ever shown. It is no part of a path.
"""

from __future__ import annotations

import hashlib
import json
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from entrepot.api.database import now
from entrepot.api.jobs_folder import came_at, put
from entrepot.errors import LakeError, SourceError

FOLDER = "uploads"
ABOUT = "upload.json"
_COMING = ".coming-"
_ID = re.compile(r"[0-9a-f]{16}")
_ENDING = re.compile(r"(?:\.[a-z0-9]{1,8}){1,2}")
_LONGEST = 150  # letters of a name that are shown
_ABANDONED = timedelta(days=1)  # after which an upload that never ended is swept


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody sent.

    Args:
        upload_id: Its id, which is the name of its folder.
        name: The name it had; to be shown, never used as a path.
        ending: The end of the name it is kept under, from a closed list.
        purpose: ``screen``, ``ingest`` or ``read``.
        sha256: Its digest.
        size_bytes: Its size.
        sent_by: Who sent it.
        sent_at: When, UTC, ISO 8601.
    """

    upload_id: str
    name: str
    ending: str
    purpose: str
    sha256: str
    size_bytes: int
    sent_by: str
    sent_at: str

    @property
    def stored_name(self) -> str:
        """The name it is kept under."""
        return f"file{self.ending}"

    def removed_on(self, days: int) -> str:
        """The day on which it is removed, ISO 8601.

        Args:
            days: Days it is kept.
        """
        return (datetime.fromisoformat(self.sent_at) + timedelta(days=days)).date().isoformat()


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of a file that comes.

    Args:
        name: The name it has.
        ending: The end of the name it is kept under.
        purpose: What it is for.
        sent_by: Who sends it.
    """

    name: str
    ending: str
    purpose: str
    sent_by: str


class Incoming:
    """A file that is being received.

    Args:
        folder: Its folder, which gets its own name when the file is whole.
        said: What is said of it.
        most: Bytes it may have.
    """

    def __init__(self, folder: Path, said: Said, most: int) -> None:
        self._folder = folder
        self._said = said
        self._most = most
        self._digest = hashlib.sha256()
        self._file: IO[bytes] = (folder / f"file{said.ending}").open("xb")
        self.name = said.name
        self.size = 0

    def take(self, block: bytes) -> None:
        """Take some bytes.

        Args:
            block: The bytes.

        Raises:
            SourceError: If they are more than a file may have.
        """
        self.size += len(block)
        if self.size > self._most:
            raise SourceError(too_large(self._said.name, self._most))
        self._digest.update(block)
        self._file.write(block)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def keep(self) -> Upload:
        """Keep the file: it is whole.

        Returns:
            The upload.

        Raises:
            SourceError: If it holds nothing.
        """
        self.close()
        if not self.size:
            raise SourceError(f"{shown_name(self._said.name)}: the file is empty (0 bytes).")
        upload_id = self._folder.name.removeprefix(_COMING)
        made = Upload(
            upload_id,
            shown_name(self._said.name),
            self._said.ending,
            self._said.purpose,
            self._digest.hexdigest(),
            self.size,
            self._said.sent_by,
            now().isoformat(),
        )
        put(self._folder / ABOUT, json.dumps(asdict(made), ensure_ascii=False))
        self._folder.rename(self._folder.with_name(upload_id))
        return made


class Uploads:
    """The uploads of one lake.

    Args:
        lake: Folder of the lake.
    """

    def __init__(self, lake: Path) -> None:
        self._root = lake / FOLDER

    @contextmanager
    def incoming(self, said: Said, most: int) -> Iterator[Incoming]:
        """Receive a file; nothing of it stays where it is not kept.

        Args:
            said: What is said of it.
            most: Bytes it may have.

        Yields:
            Where its bytes go.

        Raises:
            LakeError: If the end of its name is none.
        """
        if not _ENDING.fullmatch(said.ending):
            raise LakeError(f"The end of a name is {said.ending!r}, expected such as '.csv'.")
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = self._root / f"{_COMING}{secrets.token_hex(8)}"
        folder.mkdir(mode=0o700)
        file = Incoming(folder, said, most)
        try:
            yield file
        finally:
            file.close()
            shutil.rmtree(folder, ignore_errors=True)  # where it was kept it has another name

    def folder(self, upload_id: str) -> Path:
        """The folder of an upload.

        Args:
            upload_id: Its id.

        Raises:
            LakeError: If there is no such upload.
        """
        folder = self._root / upload_id
        if not _ID.fullmatch(upload_id) or not (folder / ABOUT).is_file():
            raise LakeError(
                f"There is no upload {upload_id[:40]!r}: it was removed, or never came. /screen "
                "lists those there are."
            )
        return folder

    def upload(self, upload_id: str) -> Upload:
        """One upload.

        Args:
            upload_id: Its id.

        Raises:
            LakeError: If there is no such upload.
        """
        return Upload(**json.loads((self.folder(upload_id) / ABOUT).read_text("utf-8")))

    def all(self, purpose: str) -> tuple[Upload, ...]:
        """Uploads for a purpose, the newest first.

        Args:
            purpose: ``screen``, ``ingest`` or ``read``.
        """
        if not self._root.is_dir():
            return ()
        found = [
            self.upload(path.parent.name)
            for path in self._root.glob(f"*/{ABOUT}")
            if _ID.fullmatch(path.parent.name)
        ]
        kept = [one for one in found if one.purpose == purpose]
        return tuple(sorted(kept, key=lambda one: (one.sent_at, one.upload_id), reverse=True))

    def remove(self, upload_id: str) -> None:
        """Remove an upload with all that was made from it.

        Args:
            upload_id: Its id.
        """
        shutil.rmtree(self.folder(upload_id))

    def sweep(self, days: int, in_use: frozenset[str] = frozenset()) -> tuple[str, ...]:
        """Remove what is kept too long, and what never came whole.

        Args:
            days: Days an upload is kept.
            in_use: Uploads that a job works on.

        Returns:
            Ids of what was removed.
        """
        if not self._root.is_dir():
            return ()
        gone = []
        moment = datetime.now(UTC)
        for folder in sorted(self._root.iterdir()):
            age = moment - datetime.fromtimestamp(folder.stat().st_mtime, UTC)
            if folder.name.startswith(_COMING) and age > _ABANDONED:
                shutil.rmtree(folder, ignore_errors=True)
            elif folder.name not in in_use and _is_past(folder, days):
                shutil.rmtree(folder, ignore_errors=True)
                gone.append(folder.name)
        return tuple(gone)


def _is_past(folder: Path, days: int) -> bool:
    age = datetime.now(UTC) - came_at(folder / ABOUT)
    return _ID.fullmatch(folder.name) is not None and age > timedelta(days=days)


def shown_name(name: str) -> str:
    r"""A name as it can be shown: no sign that cannot be seen or turns others round, and not long.

    Args:
        name: The name.

    Example:
        >>> shown_name("a\x00b.csv"), shown_name("")
        ('a�b.csv', 'file without a name')
    """
    plain = "".join(one if one.isprintable() else "\N{REPLACEMENT CHARACTER}" for one in name)
    return plain[:_LONGEST].strip() or "file without a name"


def too_large(name: str, most: int) -> str:
    """The sentence for a file that is too large.

    Args:
        name: Its name.
        most: Bytes it may have.
    """
    return (
        f"{shown_name(name)}: larger than {most / 1e6:,.0f} MB, the most this server takes. Send "
        "it in parts, or give it to the command line."
    )
