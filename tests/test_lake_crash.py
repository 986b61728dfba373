"""A writer that is killed, two writers at once, files that vanish: the lake is never torn."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import textwrap
import time
from datetime import date
from pathlib import Path

import pytest
from lake_rows import flow_row

from entrepot.errors import LakeError
from entrepot.lake import open_lake
from entrepot.settings import Settings
from entrepot.tables import FLOWS

OLD, NEW = 100.0, 200.0

# The child kills itself with SIGKILL at one step of a write: nothing can be cleaned up.
WRITER = """
    import os, signal, sys
    sys.path.insert(0, sys.argv[3])
    from lake_rows import flow_row
    from entrepot import lake_files, manifest, transaction
    from entrepot.lake import open_lake
    from entrepot.tables import FLOWS

    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    def after(count, function):
        calls = iter(range(count))
        def wrapped(*given):
            result = function(*given)
            if next(calls, None) == count - 1:
                die()
            return result
        return wrapped

    step = sys.argv[2]
    if step == "staged":
        transaction.publish = die
    elif step == "one file renamed":
        transaction.publish = after(1, transaction.publish)
    elif step == "before the manifest":
        transaction.write_manifest = die
    elif step == "manifest half written":
        manifest.make_durable = die
    elif step == "after the manifest":
        transaction.write_manifest = after(1, transaction.write_manifest)
    else:
        raise SystemExit(f"no step {step}")

    from datetime import date
    with open_lake(sys.argv[1]) as lake, lake.write() as tx:
        tx.put(FLOWS, [flow_row(value=200.0), flow_row(value=200.0, period=date(2021, 1, 1))],
               unit="s1")
"""


def run_writer(lake, step):
    script = textwrap.dedent(WRITER)
    command = [sys.executable, "-c", script, str(lake), step, str(Path(__file__).parent)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def write(path, value):
    with open_lake(path) as lake, lake.write() as tx:
        rows = [flow_row(value=value), flow_row(value=value, period=date(2021, 1, 1))]
        tx.put(FLOWS, rows, unit="s1")


def read(path):
    with open_lake(path) as lake:
        return lake.table(FLOWS).collect()["value"].to_list()


def tidy(path):
    """Whether the lake holds the files of its manifest and no others."""
    entries = json.loads((path / "manifest.json").read_text())["tables"]["flows"]
    named = {path / entry["path"] for entry in entries}
    return set(path.rglob("*.parquet")) == named and not any((path / ".staging").iterdir())


STEPS = {
    "staged": OLD,
    "one file renamed": OLD,
    "before the manifest": OLD,
    "manifest half written": OLD,
    "after the manifest": NEW,
}


@pytest.mark.parametrize(("step", "visible"), STEPS.items(), ids=STEPS)
def test_a_killed_writer_leaves_the_old_rows_or_the_new_ones_whole(tmp_path, step, visible):
    path = tmp_path / "lake"
    write(path, OLD)
    killed = run_writer(path, step)
    assert killed.returncode == -signal.SIGKILL, killed.stderr

    assert read(path) == [visible, visible]  # readable at once, before any repair

    with open_lake(path) as lake:
        assert lake.repair() != ()
        assert lake.repair() == ()
    assert tidy(path)
    assert read(path) == [visible, visible]

    write(path, NEW)
    assert read(path) == [NEW, NEW]


@pytest.mark.parametrize("step", ["one file renamed", "before the manifest"])
def test_the_next_write_repairs_by_itself(tmp_path, step):
    path = tmp_path / "lake"
    killed = run_writer(path, step)  # in the very first write
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    write(path, NEW)
    assert read(path) == [NEW, NEW]
    assert tidy(path)


def test_repair_touches_nothing_that_is_not_ours(tmp_path):
    path = tmp_path / "lake"
    write(path, OLD)
    strangers = [path / "flows" / "mine.parquet", path / "raw" / "photo.jpg", path / "notes.md"]
    for stranger in strangers:
        stranger.parent.mkdir(exist_ok=True)
        stranger.write_text("keep me")
    with open_lake(path) as lake:
        assert lake.repair() == ()
    assert all(stranger.exists() for stranger in strangers)


def test_a_lost_manifest_stops_the_writer_before_it_removes_anything(tmp_path):
    path = tmp_path / "lake"
    write(path, OLD)
    (path / "manifest.json").unlink()
    with pytest.raises(LakeError, match=r"is missing although the lake holds 2 files"):
        write(path, NEW)
    assert len(list(path.rglob("*.parquet"))) == 2


def test_a_torn_manifest_is_named(tmp_path):
    path = tmp_path / "lake"
    write(path, OLD)
    manifest = path / "manifest.json"
    manifest.write_text(manifest.read_text()[:40])
    with pytest.raises(LakeError, match=r"manifest.json: not a manifest of format 1"):
        read(path)


def test_a_file_cut_short_is_named(tmp_path):
    path = tmp_path / "lake"
    write(path, OLD)
    victim = min(path.rglob("*.parquet"))
    victim.write_bytes(victim.read_bytes()[:100])
    with pytest.raises(LakeError, match=r"year=2021.*is gone or cut short"):
        read(path)


HOLDER = """
    import sys, time
    sys.path.insert(0, sys.argv[2])
    from lake_rows import flow_row
    from entrepot.lake import open_lake
    from entrepot.tables import FLOWS

    with open_lake(sys.argv[1]) as lake, lake.write() as tx:
        tx.put(FLOWS, [flow_row(source_id="other")], unit="other")
        print("holding", flush=True)
        time.sleep(float(sys.argv[3]))
"""


@pytest.fixture
def holder(tmp_path):
    """Start another process that holds the write lock of the lake for some seconds."""
    started = []

    def hold(seconds):
        script = textwrap.dedent(HOLDER)
        place = [str(tmp_path / "lake"), str(Path(__file__).parent), str(seconds)]
        process = subprocess.Popen(
            [sys.executable, "-c", script, *place], stdout=subprocess.PIPE, text=True
        )
        started.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "holding\n"
        return process

    yield hold
    for process in started:
        process.kill()
        process.communicate()


def test_a_second_writer_waits_for_the_first(tmp_path, holder):
    process = holder(1.0)
    write(tmp_path / "lake", NEW)
    assert process.wait() == 0
    with open_lake(tmp_path / "lake") as lake:
        assert lake.units(FLOWS) == {"s1", "other"}
        assert lake.row_count(FLOWS) == lake.table(FLOWS).collect().shape[0] == 3


def test_a_second_writer_that_waited_too_long_is_told(tmp_path, holder):
    holder(60)
    with (
        open_lake(tmp_path / "lake", Settings(lock_timeout=0.2)) as lake,
        pytest.raises(LakeError) as error,
        lake.write(),
    ):
        pass
    assert "another process has been writing to this lake for 0.2 s" in str(error.value)
    assert "ENTREPOT_LOCK_TIMEOUT" in str(error.value)


def test_a_reader_never_waits(tmp_path, holder):
    write(tmp_path / "lake", OLD)
    holder(60)
    begun = time.monotonic()
    assert read(tmp_path / "lake") == [OLD, OLD]
    assert time.monotonic() - begun < 10


def test_a_killed_writer_does_not_keep_the_lock(tmp_path, holder):
    process = holder(60)
    process.kill()
    process.wait()
    write(tmp_path / "lake", NEW)
    assert read(tmp_path / "lake") == [NEW, NEW]
