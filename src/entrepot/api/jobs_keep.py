"""Looking after jobs: started in turn, settled when they end, found again after a restart."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from datetime import timedelta

import psutil

from entrepot.api.database import now
from entrepot.api.jobs import Job, JobBook, State, Wanted
from entrepot.api.jobs_folder import CANCEL, ORDER, Ended, end_of, processes_of, put
from entrepot.api.jobs_uploads import Uploads
from entrepot.errors import LakeError
from entrepot.settings import Limits

SERVER = "server"
_TURN = 0.5  # seconds between two looks
_BIRTH = 30.0  # seconds within which a process that was started has written its id
_HOUR = 3_600.0
_SAME = 1.0  # seconds by which two readings of one moment of birth may differ
_MOST_OPEN = 100  # jobs that wait; above it somebody pressed a button too often


class Keeper:
    """Looks after the jobs of one lake while it is open.

    Args:
        book: The book of jobs.
        limits: How many run at once, for how long, in how much memory.
    """

    def __init__(self, book: JobBook, limits: Limits) -> None:
        self.book = book
        self.limits = limits
        self._wake = threading.Event()
        self._is_closing = False
        self._started: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()
        self._swept = 0.0
        self._thread = threading.Thread(target=self._look_after, name="jobs", daemon=True)

    def open(self) -> None:
        """Begin to look after the jobs."""
        self._thread.start()

    def close(self) -> None:
        """Stop looking after them; what runs goes on."""
        self._is_closing = True
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join()

    def ask(self, wanted: Wanted) -> Job:
        """Put a job into the queue.

        Args:
            wanted: What is asked for.

        Returns:
            The job.

        Raises:
            LakeError: If too many wait already.
        """
        if len(self.book.open_jobs()) >= _MOST_OPEN:
            raise LakeError(f"{_MOST_OPEN} jobs wait already. Cancel some at /jobs, or wait.")
        job = self.book.add(wanted)
        self._wake.set()
        return job

    def cancel(self, job: Job, by: str) -> bool:
        """Cancel a job: at once where it waits, as soon as its process ends where it runs.

        Args:
            job: The job.
            by: Who cancels it.

        Returns:
            Whether it will be cancelled; not where it had ended.
        """
        with self._lock:  # it is not started while we look
            current = self.book.job(job.job_id)
            if current.state == "queued":
                return self.book.say(job.job_id, "cancelled", by, "Cancelled before it began.")
            if current.has_ended:
                return False
            self.book.say(job.job_id, "cancelling", by)
            put(self.book.folder(job.job_id) / CANCEL, by)
        self._wake.set()
        return True

    def turn(self) -> None:
        """Settle what has ended and start what may start."""
        with self._lock:
            running = 0
            waiting = []
            for job in self.book.open_jobs():
                if job.state == "queued":
                    waiting.append(job)
                elif not self._settled(job):
                    running += 1
            for job in waiting[: max(0, self.limits.jobs - running)]:
                self._begin(job)

    def _begin(self, job: Job) -> None:
        try:
            self._start(job)
        except OSError as error:
            why = f"It could not be begun: {error.strerror}. Make room on the disk; start it again."
            self.book.say(job.job_id, "failed", SERVER, why)

    def _look_after(self) -> None:
        while not self._is_closing:
            try:
                self.turn()
                self._sweep()
            except (LakeError, OSError) as error:  # a full disk passes; the next turn tries again
                print(f"Jobs cannot be looked after: {error}", file=sys.stderr)
            self._wake.wait(_TURN)
            self._wake.clear()

    def _sweep(self) -> None:
        """Remove what was kept long enough, at the start and once an hour."""
        if self._swept and time.monotonic() - self._swept < _HOUR:
            return
        self._swept = time.monotonic()
        jobs = self.book.jobs()
        in_use = {job.wanted.upload_id or "" for job in jobs if not job.has_ended}
        Uploads(self.book.lake).sweep(self.limits.keep_days, frozenset(in_use))
        kept = timedelta(days=self.limits.keep_days)
        for job in jobs:
            if job.has_ended and now() - job.last.said_at > kept:
                shutil.rmtree(self.book.folder(job.job_id), ignore_errors=True)

    def _start(self, job: Job) -> None:
        if not self.book.say(job.job_id, "running", SERVER):
            return  # another server took it
        folder = self.book.folder(job.job_id)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        order = {
            "arguments": ["--lake", str(self.book.lake), *job.wanted.arguments],
            "seconds": self.limits.hours * 3600,
            "bytes": int(self.limits.gigabytes * 1e9),
        }
        put(folder / ORDER, json.dumps(order))
        # A session of its own: Ctrl+C at the server does not reach it.
        self._started[job.job_id] = subprocess.Popen(
            [sys.executable, "-m", "entrepot.api.jobs_run", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        )

    def _settled(self, job: Job) -> bool:
        """Whether a job that was started has ended; its end is written down then."""
        own = self._started.get(job.job_id)
        if own is not None and own.poll() is None:
            return False
        folder = self.book.folder(job.job_id)
        processes = processes_of(folder)
        if own is None and processes and _lives(*processes[0]):
            return False
        ended = end_of(folder)
        if ended is None and own is None and not processes and _is_new(job):
            return False  # another server may have started it this moment
        self._started.pop(job.job_id, None)
        if ended is None:
            _end_orphan(processes)
        state, detail = _said(ended, self.limits)
        cancelled_by = next((c.said_by for c in job.changes if c.state == "cancelling"), SERVER)
        self.book.say(job.job_id, state, cancelled_by if state == "cancelled" else SERVER, detail)
        return True


def _is_new(job: Job) -> bool:
    return (now() - job.last.said_at).total_seconds() < _BIRTH


def _lives(pid: int, born: float) -> bool:
    """Whether a process still runs; another that got its number later is another."""
    try:
        process = psutil.Process(pid)
        is_same = abs(process.create_time() - born) < _SAME
        return bool(is_same and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _end_orphan(processes: tuple[tuple[int, float], ...]) -> None:
    """End a command whose process beside it is gone: nobody would hear how it ends."""
    for pid, born in processes[1:]:
        if _lives(pid, born):
            psutil.Process(pid).kill()


def _said(ended: Ended | None, limits: Limits) -> tuple[State, str]:
    """The state a job ends in, with one sentence."""
    if ended is None:
        return "lost", (
            "Its process is gone and left no word of how it ended: the machine may have been "
            "restarted. What it committed before is in the lake. Start it again."
        )
    if ended.why == "cancelled":
        return "cancelled", "Cancelled while it ran. What it committed before is in the lake."
    if ended.why == "stopped":
        return "failed", "Ended from outside with the server's machine. Start it again."
    if ended.why == "time":
        return "failed", f"Ended after {limits.hours:g} hours, the most a job may take."
    if ended.why == "memory":
        return "failed", (
            f"Ended because it held {ended.most_bytes / 1e9:.1f} GB of memory; a job may hold "
            f"{limits.gigabytes:g} GB."
        )
    if ended.code:
        return "failed", f"It ended with exit code {ended.code}; its last words say why."
    return "done", ""


def waited_for(keeper: Keeper, job_id: str, seconds: float) -> Job:
    """Wait until a job has ended.

    Args:
        keeper: Who looks after it.
        job_id: The job.
        seconds: Longest wait.

    Returns:
        The job, ended or not.
    """
    until = time.monotonic() + seconds
    job = keeper.book.job(job_id)
    while not job.has_ended and time.monotonic() < until:
        time.sleep(_TURN / 5)
        job = keeper.book.job(job_id)
    return job
