"""Long jobs: in turn, in processes of their own, and never without a word of how they ended."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time

import psutil
import pytest

from entrepot.api import jobs_keep
from entrepot.api.jobs import FILE, Wanted, open_jobs
from entrepot.api.jobs_folder import (
    EXIT,
    PROCESS,
    Progress,
    end_of,
    output_of,
    processes_of,
    progress_of,
)
from entrepot.api.jobs_keep import Keeper, waited_for
from entrepot.errors import LakeError
from entrepot.settings import Limits, read_settings


@pytest.fixture
def book(tmp_path):
    with open_jobs(tmp_path / "lake") as found:
        yield found


@pytest.fixture
def keeper(book):
    found = Keeper(book, Limits())
    found.open()
    yield found
    for job in book.open_jobs():
        found.cancel(job, "test")
        waited_for(found, job.job_id, 30)
    found.close()


@pytest.fixture
def endless(monkeypatch, tmp_path):
    """A package in place of ours whose command ends only when it is ended."""
    return stand_in(
        monkeypatch,
        tmp_path,
        "import os, sys, time, pathlib\n"
        "print('begun', flush=True)\n"
        "pathlib.Path(sys.argv[-1]).touch() if sys.argv[-1].startswith('/') else None\n"
        "time.sleep(600)\n",
    )


def stand_in(monkeypatch, tmp_path, text):
    """Let `python -m entrepot` of jobs run another text; the process beside it stays ours."""
    path = tmp_path / "command.py"
    path.write_text(text, "utf-8")
    hook = tmp_path / "hook"
    hook.mkdir(exist_ok=True)
    (hook / "sitecustomize.py").write_text(
        "import sys, runpy\n"
        "argv = sys.orig_argv\n"
        "if argv[1:3] == ['-m', 'entrepot']:\n"
        f"    sys.argv = argv[2:]\n    runpy.run_path({str(path)!r}, run_name='__main__')\n"
        "    import os\n    sys.stdout.flush()\n    os._exit(0)\n",
        "utf-8",
    )
    known = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", f"{hook}{os.pathsep}{known}")
    return path


def wanted(*arguments, **other):
    return Wanted("screen", "A file", arguments, "a.ost", **other)


def until(true, seconds=30.0):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    assert true()


def begun(book, job):
    folder = book.folder(job.job_id)
    until(lambda: "begun" in output_of(folder))
    return folder


def test_a_job_runs_the_command_it_names_and_keeps_what_it_printed(keeper, book):
    job = keeper.ask(wanted("sources"))
    ended = waited_for(keeper, job.job_id, 60)
    assert ended.state == "failed"
    assert [one.state for one in ended.changes] == ["queued", "running", "failed"]
    assert "exit code 1" in ended.last.detail
    assert any("entrepot ingest" in line for line in output_of(book.folder(job.job_id)))


def test_a_job_that_ends_well_is_done(keeper, book, monkeypatch, tmp_path):
    stand_in(monkeypatch, tmp_path, "print('fine')\n")
    job = waited_for(keeper, keeper.ask(wanted("x")).job_id, 60)
    assert (job.state, output_of(book.folder(job.job_id))) == ("done", ("fine",))


def test_jobs_run_in_the_order_they_were_asked_for_one_at_a_time(keeper, book, endless):
    first, second = (keeper.ask(wanted("x")) for _ in range(2))
    begun(book, first)
    assert book.job(second.job_id).state == "queued"
    keeper.cancel(first, "b.west")
    assert waited_for(keeper, first.job_id, 30).state == "cancelled"
    begun(book, second)


def test_cancelling_ends_the_process_and_says_who_did(keeper, book, endless):
    job = keeper.ask(wanted("x"))
    folder = begun(book, job)
    until(lambda: len(processes_of(folder)) == 2)
    assert keeper.cancel(job, "b.west")
    ended = waited_for(keeper, job.job_id, 30)
    assert (ended.state, ended.last.said_by) == ("cancelled", "b.west")
    assert [pid for pid, _ in processes_of(folder) if psutil.pid_exists(pid)] == []


def test_a_command_that_does_not_listen_is_killed(monkeypatch, tmp_path, book):
    text = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    stand_in(monkeypatch, tmp_path, text + "print('begun', flush=True)\ntime.sleep(600)\n")
    keeper = Keeper(book, Limits())
    keeper.open()
    job = keeper.ask(wanted("x"))
    folder = begun(book, job)
    keeper.cancel(job, "a.ost")
    assert waited_for(keeper, job.job_id, 40).state == "cancelled"
    assert end_of(folder).code == -signal.SIGKILL
    keeper.close()


def test_a_job_that_waits_is_cancelled_at_once(book):
    keeper = Keeper(book, Limits())
    job = keeper.ask(wanted("x"))
    assert keeper.cancel(job, "a.ost")
    assert book.job(job.job_id).state == "cancelled"
    assert not keeper.cancel(job, "a.ost")


def test_a_job_outlives_the_server_and_is_found_again(book, endless):
    before = Keeper(book, Limits())
    before.open()
    job = before.ask(wanted("x"))
    begun(book, job)
    before.close()
    after = Keeper(book, Limits())
    after.turn()
    assert book.job(job.job_id).state == "running"
    after.cancel(job, "a.ost")
    after.open()
    assert waited_for(after, job.job_id, 30).state == "cancelled"
    after.close()


def test_a_job_that_ended_while_no_server_ran_is_settled_from_its_record(book, tmp_path):
    job = book.add(wanted("x"))
    book.say(job.job_id, "running", "server")
    folder = book.folder(job.job_id)
    folder.mkdir(parents=True)
    (folder / PROCESS).write_text(json.dumps([[os.getpid(), 1.0], [os.getpid(), 1.0]]))
    (folder / EXIT).write_text(json.dumps({"code": 0, "why": "", "most_bytes": 1}))
    Keeper(book, Limits()).turn()
    assert book.job(job.job_id).state == "done"


def test_a_process_that_only_has_the_same_number_is_not_the_job(book):
    job = book.add(wanted("x"))
    book.say(job.job_id, "running", "server")
    folder = book.folder(job.job_id)
    folder.mkdir(parents=True)
    (folder / PROCESS).write_text(json.dumps([[os.getpid(), 1.0], [os.getpid(), 1.0]]))
    Keeper(book, Limits()).turn()
    assert book.job(job.job_id).state == "lost"
    assert "left no word" in book.job(job.job_id).last.detail


def test_a_job_whose_keeper_was_killed_is_lost_and_its_command_ends(book, endless):
    keeper = Keeper(book, Limits())
    keeper.open()
    job = keeper.ask(wanted("x"))
    folder = begun(book, job)
    until(lambda: len(processes_of(folder)) == 2)
    beside, command = (pid for pid, _ in processes_of(folder))
    os.kill(beside, signal.SIGKILL)
    assert waited_for(keeper, job.job_id, 30).state == "lost"
    until(lambda: not psutil.pid_exists(command) or gone(command))
    keeper.close()


def gone(pid):
    return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_what_waited_when_the_server_stopped_starts_when_it_comes_back(book, monkeypatch, tmp_path):
    stand_in(monkeypatch, tmp_path, "print('fine')\n")
    job = book.add(wanted("x"))
    keeper = Keeper(book, Limits())
    keeper.open()
    assert waited_for(keeper, job.job_id, 60).state == "done"
    keeper.close()


def test_a_job_ends_at_its_limit_of_time(book, endless):
    keeper = Keeper(book, Limits(hours=1 / 3600))
    keeper.open()
    job = waited_for(keeper, keeper.ask(wanted("x")).job_id, 60)
    assert job.state == "failed"
    assert "the most a job may take" in job.last.detail
    keeper.close()


def test_a_job_ends_at_its_limit_of_memory(book, monkeypatch, tmp_path):
    stand_in(monkeypatch, tmp_path, "import time\nheld = bytearray(300_000_000)\ntime.sleep(600)\n")
    keeper = Keeper(book, Limits(gigabytes=0.2))
    keeper.open()
    job = waited_for(keeper, keeper.ask(wanted("x")).job_id, 60)
    assert job.state == "failed"
    assert "GB of memory; a job may hold 0.2 GB" in job.last.detail
    keeper.close()


def test_only_the_last_lines_are_kept(book, monkeypatch, tmp_path):
    stand_in(monkeypatch, tmp_path, "for n in range(5000): print(n)\nprint('x' * 99_999)\n")
    keeper = Keeper(book, Limits())
    keeper.open()
    job = waited_for(keeper, keeper.ask(wanted("x")).job_id, 60)
    lines = output_of(book.folder(job.job_id))
    assert len(lines) == 200
    assert max(map(len, lines)) <= 2_000
    keeper.close()


def test_two_servers_of_one_lake_start_a_job_once(book):
    job = book.add(wanted("x"))
    assert book.say(job.job_id, "running", "server")
    assert not book.say(job.job_id, "running", "server")


def test_a_job_ends_once(book):
    job = book.add(wanted("x"))
    assert book.say(job.job_id, "done", "server")
    assert not book.say(job.job_id, "lost", "server")
    assert book.job(job.job_id).state == "done"


def test_the_book_is_appended_to_and_never_rewritten(book):
    job = book.add(wanted("x"))
    with sqlite3.connect(book.lake / FILE) as connection:
        for words in ("UPDATE jobs SET title = 'y'", "DELETE FROM job_states"):
            with pytest.raises(sqlite3.IntegrityError, match="never rewritten"):
                connection.execute(words)
    assert book.job(job.job_id).wanted.title == "A file"


def test_a_job_there_is_not_is_said_to_be_none(book):
    with pytest.raises(LakeError, match="There is no job 'x'"):
        book.job("x")


def test_nobody_can_fill_the_queue_without_end(book, monkeypatch):
    monkeypatch.setattr(jobs_keep, "_MOST_OPEN", 1)
    keeper = Keeper(book, Limits())
    keeper.ask(wanted("x"))
    with pytest.raises(LakeError, match="wait already"):
        keeper.ask(wanted("x"))


def test_a_job_does_not_see_the_token_of_the_server(book, monkeypatch, tmp_path):
    monkeypatch.setenv("ENTREPOT_TOKEN", "s" * 20)
    stand_in(monkeypatch, tmp_path, "import os\nprint(os.environ.get('ENTREPOT_TOKEN'))\n")
    keeper = Keeper(book, Limits())
    keeper.open()
    job = waited_for(keeper, keeper.ask(wanted("x")).job_id, 60)
    assert output_of(book.folder(job.job_id)) == ("None",)
    keeper.close()


def test_progress_is_the_last_whole_line_a_command_wrote(tmp_path):
    assert progress_of(tmp_path) is None
    lines = '{"done": 1, "total": 4, "what": "a"}\n{"done": 2, "total": 4, "what": "b"}\n{"done"'
    (tmp_path / "progress.jsonl").write_text(lines, "utf-8")
    assert progress_of(tmp_path) == Progress(2, 4, "b")


def test_a_command_tells_a_file_how_far_it_is(tmp_path, monkeypatch):
    from entrepot.cli.progress import progress

    monkeypatch.setenv("ENTREPOT_PROGRESS_FILE", str(tmp_path / "progress.jsonl"))
    with progress("reading") as report:
        assert progress_of(tmp_path) == Progress(0, 0, "reading")
        time.sleep(0.1)
        report(2, 4, "sheet 2")
    assert progress_of(tmp_path) == Progress(2, 4, "sheet 2")


def test_limits_come_from_the_environment_and_are_above_nothing():
    assert read_settings({"ENTREPOT_JOBS": "3"}).limits.jobs == 3
    assert read_settings({}).limits == Limits()
    with pytest.raises(LakeError, match="ENTREPOT_KEEP_DAYS is '0'"):
        read_settings({"ENTREPOT_KEEP_DAYS": "0"})
