"""How much memory a stretch of work took at its peak, as Linux counts it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_KB_PER_MB = 1024.0


def peak_since() -> Callable[[], float | None]:
    """Begin to watch the resident memory of this process.

    Tracing allocations would slow the work down several times; the kernel keeps the peak anyway.

    Returns:
        A function that says how many MB the peak since now lies above what is held now; ``None``
        where the system keeps no such count.
    """
    try:
        _RESET.write_text("5")  # sets the peak to what is held now
        before = _megabytes("VmRSS")
    except OSError:
        return _unknown
    return lambda: max(_megabytes("VmHWM") - before, 0.0)


def peak() -> float | None:
    """MB of resident memory this process has held at its peak; ``None`` where that is unknown."""
    try:
        return _megabytes("VmHWM")
    except OSError:
        return None


def peak_of(process: int) -> float | None:
    """MB of resident memory another process has held at its peak.

    Args:
        process: Its number.

    Returns:
        The peak; ``None`` where the system keeps no such count, or the process is gone.
    """
    try:
        return _megabytes("VmHWM", Path(f"/proc/{process}/status"))
    except OSError:
        return None


def _megabytes(name: str, status: Path = _STATUS) -> float:
    lines = status.read_text("ascii").splitlines()
    (line,) = (line for line in lines if line.startswith(f"{name}:"))
    return int(line.split()[1]) / _KB_PER_MB


def _unknown() -> None:
    """Nothing is known."""
