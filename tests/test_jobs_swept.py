"""What jobs leave behind is removed after so many days, never that of a job which runs."""

from __future__ import annotations

from datetime import timedelta

from entrepot.api import jobs_keep
from entrepot.api.database import now
from entrepot.api.jobs import Wanted, open_jobs
from entrepot.api.jobs_keep import Keeper
from entrepot.settings import Limits


def test_the_folder_of_a_job_goes_when_it_ended_long_ago_and_not_while_it_runs(
    tmp_path, monkeypatch
):
    with open_jobs(tmp_path / "lake") as book:
        jobs = [book.add(Wanted("detect", "x", (), "a.ost")) for _ in range(2)]
        for job in jobs:
            book.folder(job.job_id).mkdir(parents=True)
            book.say(job.job_id, "running", "server")
        ended, running = jobs
        book.say(ended.job_id, "done", "server")
        Keeper(book, Limits(keep_days=30))._sweep()
        assert book.folder(ended.job_id).is_dir()
        later = now() + timedelta(days=31)
        monkeypatch.setattr(jobs_keep, "now", lambda: later)
        Keeper(book, Limits(keep_days=30))._sweep()
        assert not book.folder(ended.job_id).exists()
        assert book.folder(running.job_id).is_dir()
        assert book.job(ended.job_id).state == "done"
