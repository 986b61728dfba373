"""An ingest that is killed and run again ends in the same lake, byte for byte."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from entrepot.bench.io_files import pack_7z, write_comext_month, write_comtrade

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="kills forks of a process"),
]

TOTALS = """reporter,iso,y,m,VALUE_IN_EUR
Germany,DE,2022,1,10.1
France,FR,2022,1,20.2
"""

# A process with everything imported, so that each of its forks begins at once. A fork counts what
# it does to files, as Python's audit events tell, and kills itself with SIGKILL at a given event,
# or is killed by its parent after a given time, in the midst of what the engine writes.
DRIVER = """
    import json, os, signal, sys, time
    from datetime import UTC, datetime
    import pyarrow as pa
    pa.array(["x"])  # loads what pyarrow loads at first use, once for all forks
    from entrepot.lake import open_lake
    from entrepot.settings import Settings
    from entrepot.sources.ingest import ingest

    NOW = datetime(2024, 3, 20, 9, 30, tzinfo=UTC)
    EVENTS = ("open", "os.", "shutil.")

    def run(lake, paths, last=None, threads=None, seconds=None):
        reading, writing = os.pipe()
        child = os.fork()
        if child:
            os.close(writing)
            if seconds is not None:
                time.sleep(seconds)
                os.kill(child, signal.SIGKILL)
            told = os.read(reading, 100)
            os.close(reading)
            return os.waitpid(child, 0)[1], int(told or 0)
        count = 0
        def watch(event, given):
            nonlocal count
            if event.startswith(EVENTS) and lake in str(given):
                count += 1
                if count == last:
                    os.kill(os.getpid(), signal.SIGKILL)
        sys.addaudithook(watch)
        if threads is not None:
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
        with open_lake(lake, Settings(threads=threads)) as opened:
            ingest(opened, paths, retrieved_at=NOW)
        os.write(writing, str(count).encode())
        os._exit(0)

    for line in sys.stdin:
        print(json.dumps(run(**json.loads(line))), flush=True)
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A folder with two months of Comext, one packed, a table of UN Comtrade and one of totals."""
    folder = tmp_path_factory.mktemp("files")
    write_comext_month(folder / "full_v2_202301.dat", 3000)
    packed = tmp_path_factory.mktemp("text") / "full_v2_202302.dat"
    write_comext_month(packed, 3000, month=2)
    pack_7z(packed, folder / "full_v2_202302.7z")
    write_comtrade(folder / "comtrade.csv", 3000)
    (folder / "totals.csv").write_text(TOTALS)
    return sorted(folder.iterdir())


@pytest.fixture(scope="module")
def run():
    """Ingest in a fork of a warm process: how it ended, and the events it counted."""
    command = [sys.executable, "-c", textwrap.dedent(DRIVER)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def ask(lake, paths, **how):
            order = {"lake": str(lake), "paths": [str(path) for path in paths], **how}
            process.stdin.write(json.dumps(order) + "\n")
            process.stdin.flush()
            return json.loads(process.stdout.readline())

        yield ask


@pytest.fixture(scope="module")
def whole(tmp_path_factory, run, files):
    """A lake that nobody interrupted, and the events and seconds it took."""
    lake, begun = tmp_path_factory.mktemp("whole") / "lake", time.monotonic()
    status, count = run(lake, files)
    assert status == 0
    return bytes_of(lake), count, time.monotonic() - begun


def bytes_of(lake):
    """Digest of every file of a lake but its lock."""
    return {
        path.relative_to(lake).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(lake.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


@pytest.mark.parametrize("share", [0.02, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 0.99])
def test_killed_in_a_file_operation_and_run_again_it_is_the_same_lake(
    tmp_path, run, files, whole, share
):
    lake, (expected, count, _) = tmp_path / "lake", whole
    assert run(lake, files, last=max(int(share * count), 1))[0] == signal.SIGKILL
    assert run(lake, files)[0] == 0
    assert bytes_of(lake) == expected


@pytest.mark.parametrize("share", [0.1, 0.35, 0.6])
def test_killed_while_the_engine_writes_and_run_again_it_is_the_same_lake(
    tmp_path, run, files, whole, share
):
    lake, (expected, _, seconds) = tmp_path / "lake", whole
    run(lake, files, seconds=share * seconds)  # done before, on a machine that has become faster
    assert run(lake, files)[0] == 0
    assert bytes_of(lake) == expected


def test_killed_again_and_again_it_still_ends_in_the_same_lake(tmp_path, run, files, whole):
    """Each run gets so far that it commits a file, and dies in the next."""
    lake, (expected, count, _) = tmp_path / "lake", whole
    ends = []
    while not ends or ends[-1]:
        ends.append(run(lake, files, last=count // 3)[0])
        assert len(ends) <= len(files)
    assert ends.count(signal.SIGKILL) >= 2
    assert bytes_of(lake) == expected


def test_neither_threads_nor_the_order_of_files_change_a_byte(tmp_path, run, files, whole):
    for place, (order, threads) in enumerate([(files[::-1], 1), (files[2:] + files[:2], None)]):
        lake = tmp_path / str(place)
        assert run(lake, order, threads=threads)[0] == 0
        assert bytes_of(lake) == whole[0]
