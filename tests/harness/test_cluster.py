"""A run on a cluster: the same verdicts as here, and nothing lost or doubled whatever happens to its processes."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from lockstep import launch
from tests.harness.black_box import fake, lines_of, run
from tests.harness.loopback import Loopback, loopback

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")

_PROJECT = f"""
[languages.toy]
extensions = [".toy"]
comment = "#"

[engines.toy]
language = "toy"
command = ["{sys.executable}", "{{file}}"]

[engines.own]
language = "toy"
command = ["./toy", "{{file}}"]
cluster = "upload"

[engines.far]
language = "toy"
command = ["/opt/nowhere/toy", "{{file}}"]
cluster = "image"

[suites.plain]
language = "toy"
files = "plain/*.toy"
expect = "output"
includes = ["support/first.toy"]
limits = {{ seconds = 2 }}

[suites.points]
language = "toy"
files = "points/*.toy"
expect = "tap"

[suites.odd]
language = "toy"
files = "odd/**/*.toy"
expect = "checker"
checker = "judges.words:check"

[suites.lua]
language = "lua5.4"
files = "lua/*.lua"
expect = "marker"
marker = "done"
"""
_WHAT = {
    "passes": "print('out')",
    "differs": "print('other')",
    "throws": "raise ValueError('no')",
    "hangs": "while True: pass",
    "dies": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "interrupts": "import os, signal; os.kill(os.getpid(), signal.SIGINT); print('out')",
    "sleeps": "import time; time.sleep(0.2); print('out')",
}
_CHECKER = """
def check(path, outcome):
    return None if outcome.output.startswith(RIGHT) else f"{path}: not {RIGHT}"
"""


class Bench:
    """A project, and what runs of it on this machine and on a cluster record."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        self._write("lockstep.toml", _PROJECT)
        self._write("support/first.toy", "first = 1\n")
        program = self._write("toy", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        program.chmod(0o755)
        for name, text in _WHAT.items():
            for number in range(1 if name in ("hangs", "dies", "interrupts") else 10):
                self._write(f"plain/{name}{number}.toy", f"assert first\n{text}\n")
                self._write(f"plain/{name}{number}.out", "out\n")
        self._write("plain/golden.toy", "print('nobody says what')\n")
        self._write("odd/blank name.toy", "import sys\nprint('fine', sys.argv[0])\n")
        self._write("odd/" + os.fsdecode(b"no text \xff.toy"), "print('fine')\n")
        self._write("odd/more/wide.toy", "# ---\n# includes: [shared/word.toy]\n# ---\nprint(word)\n")
        self._write("shared/word.toy", "word = 'fine'\n")
        self._write("linked/far.toy", "print('bad')\n")
        (folder / "odd" / "link").symlink_to("../linked")
        (folder / "odd" / "circle").symlink_to(".")
        self._write("judges/words.py", "from wording.right import RIGHT\nimport side\n" + _CHECKER)
        self._write("wording/__init__.py", "")
        self._write("wording/right.py", "RIGHT = 'fine'\n")
        self._write("side.py", "")
        self._write("points/some.toy", "print('1..3\\nok 1 - one\\nnot ok 2 - two\\nok 3 # skip no')\n")
        for number in range(60):
            self._write(
                f"lua/work{number}.lua", "local n = 0 for i = 1, 2e4 do n = n + i end print('done')\n"
            )

    def _write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def run(self, *arguments: str, code: int | None = 0) -> str:
        """`lockstep run` in the project; what it says beside its tables."""
        with self.started(*arguments) as process:
            out, err = process.communicate(timeout=180)
        assert "Traceback" not in err, err
        assert code is None or process.returncode == code, out + err
        return out + err

    def started(self, *arguments: str, start_new_session: bool = False) -> subprocess.Popen[str]:
        """The same, still running."""
        words = ("run", "--fail-on", "never", "--no-history", *arguments)
        return subprocess.Popen(
            [sys.executable, "-m", "lockstep.harness.cli", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=self.environment,
            cwd=self.folder,
            start_new_session=start_new_session,
        )

    def recorded(self, name: str = "run.jsonl") -> dict[tuple[str, ...], dict[str, object]]:
        """The rows of a record, without what differs from run to run; a key that stands twice must be one that is run again."""
        rows: dict[tuple[str, ...], dict[str, Any]] = {}
        for line in lines_of(self.folder / name):
            if "case" in line:
                key = tuple(line[part] for part in ("suite", "case", "mode", "engine"))
                assert key not in rows or rows[key]["verdict"] in ("crash", "timeout"), line
                rows[key] = {
                    part: value for part, value in line.items() if part not in ("ms", "first", "tries")
                }
        return rows


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """A project with cases that end in every way."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LOCKSTEP_")}
    places = {"LOCKSTEP_STATUS": "status", "LOCKSTEP_CACHE": "cache", "LOCKSTEP_HISTORY": "history.sqlite"}
    environment = {
        **kept,
        **{name: str(tmp_path / place) for name, place in places.items()},
        "COLUMNS": "200",
    }
    (tmp_path / "project").mkdir()
    return Bench(tmp_path / "project", environment)


@pytest.fixture
def cluster(bench: Bench, tmp_path: Path) -> Iterator[Loopback]:
    """A scheduler; workers have a cache of their own, as on another machine."""
    elsewhere = {**bench.environment, "LOCKSTEP_CACHE": str(tmp_path / "elsewhere")}
    with loopback(tmp_path / "cluster", elsewhere) as found:
        yield found


def wait_for_rows(bench: Bench, count: int, cluster: Loopback) -> Path:
    """Wait until a run has recorded so many lines; the record."""
    record = bench.folder / "run.jsonl"
    until = time.monotonic() + 60
    while not record.is_file() or record.read_text().count("\n") < count:
        assert time.monotonic() < until, cluster.said()
        time.sleep(0.02)
    return record


ENGINES = ("--engine", "toy,own,lua5.4:vm")


def test_verdicts_are_the_same(bench: Bench, cluster: Loopback) -> None:
    bench.run(*ENGINES, "--output", "here.jsonl")
    cluster.start_worker("one")
    cluster.start_worker("two")
    where = ("--cluster", cluster.address)
    bench.run(*ENGINES, *where, "--output", "there.jsonl")
    here, there = bench.recorded("here.jsonl"), bench.recorded("there.jsonl")
    assert here == there
    odd = {key[1]: row["verdict"] for key, row in here.items() if key[0] == "odd" and key[3] == "toy"}
    assert odd == {
        "odd/blank name.toy": "pass",
        "odd/no text \\udcff.toy": "pass",
        "odd/more/wide.toy": "pass",
        "odd/link/far.toy": "fail",
    }
    assert here["odd", "odd/blank name.toy", "", "toy"]["output"] == "fine odd/blank name.toy\n"
    assert {row["verdict"] for row in here.values()} == {
        "pass",
        "fail",
        "timeout",
        "crash",
        "error",
        "skipped",
    }
    heads = [lines_of(bench.folder / name)[0] for name in ("here.jsonl", "there.jsonl")]
    assert [{**head, "started": ""} for head in heads] == [{**heads[0], "started": ""}] * 2
    # What is known of the one holds for the other: outcomes, status, retries.
    alone = (*ENGINES, "--filter", "plain/[pt]*s[0-3].toy")
    bench.run(*alone, *where, "--reuse-unversioned", "--update-status", "--output", "run.jsonl")
    known = bench.recorded()
    assert {row["verdict"] for row in known.values()} == {"pass", "fail"}
    assert f"{len(known)} of {len(known)} outcomes" in bench.run(*alone, "--reuse-unversioned")
    (bench.folder / "plain" / "passes0.toy").write_text("raise ValueError('now')\n")
    said = bench.run(*alone, *where, "--retries", "1", "--output", "run.jsonl")
    assert "Regressions: 2" in said
    tried = [row["case"] for row in lines_of(bench.folder / "run.jsonl") if "tries" in row]
    assert tried == ["plain/passes0.toy"] * 2


def test_processes_of_this_machine(bench: Bench) -> None:
    said = bench.run("lua", "--engine", "lua5.4:vm", "--cluster", "local:2", "--output", "run.jsonl")
    assert "worker" not in said
    assert [row["verdict"] for row in bench.recorded().values()] == ["pass"] * 60
    # The run keeps interrupts from its workers, and these do not hand that on to engines.
    bench.run(
        "plain",
        "--engine",
        "toy",
        "--cluster",
        "local:1",
        "--filter",
        "plain/inter*",
        "--output",
        "run.jsonl",
    )
    assert [row["verdict"] for row in bench.recorded().values()] == ["crash"]
    said = bench.run(
        "plain", "--engine", "far", "--cluster", "local:1", "--filter", "plain/passes0.toy", code=3
    )
    assert "left out: " in said
    assert "cannot start /opt/nowhere/toy" in said


@pytest.mark.parametrize("seconds", [0.1, 0.6, 1.2, 3.0])
def test_a_terminal_interrupts_a_run_with_workers_of_its_own(bench: Bench, seconds: float) -> None:
    process = bench.started(
        "lua",
        "--engine",
        "lua5.4:treewalk",
        "--cluster",
        "local:2",
        "--repeat",
        "100",
        start_new_session=True,
    )
    while not psutil.Process(process.pid).children():  # the engine is asked who it is
        assert process.poll() is None
        time.sleep(0.01)
    time.sleep(seconds)
    below = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    assert "Traceback" not in err, err
    _, left = psutil.wait_procs(below, 5)
    assert left == []


def test_a_terminal_interrupts_workers(bench: Bench, cluster: Loopback) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "lockstep.harness.cli", "serve", "worker", cluster.address, "--name", "here"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=bench.environment,
        start_new_session=True,
    )
    assert process.stdout is not None
    while not process.stdout.readline().startswith("here: at"):
        assert process.poll() is None
    below = psutil.Process(process.pid).children(recursive=True)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")
    _, left = psutil.wait_procs(below, 5)
    assert left == []


def test_workers_are_killed(bench: Bench, cluster: Loopback) -> None:
    bench.run("lua", "--engine", "lua5.4:treewalk,lua5.4:vm", "--output", "here.jsonl")
    cluster.start_worker("one")
    cluster.start_worker("two")
    process = bench.started(
        "lua", "--engine", "lua5.4:treewalk,lua5.4:vm", "--cluster", cluster.address, "--output", "run.jsonl"
    )
    wait_for_rows(bench, 5, cluster)
    killed = []
    for number in range(30):
        for child in cluster.children(number % 2):
            child.kill()
            killed.append(child.pid)
        try:
            out, err = process.communicate(timeout=4.0)
            break
        except subprocess.TimeoutExpired:
            continue
    else:
        raise AssertionError(cluster.said())
    assert killed
    assert process.returncode == 0, out + err + cluster.said()
    assert bench.recorded() == bench.recorded("here.jsonl")


def test_the_scheduler_goes_and_comes_back(bench: Bench, cluster: Loopback) -> None:
    cluster.start_worker("one")
    process = bench.started(
        "lua", "--engine", "lua5.4:treewalk", "--cluster", cluster.address, "--output", "run.jsonl"
    )
    wait_for_rows(bench, 5, cluster)
    assert cluster.scheduler is not None
    cluster.scheduler.kill()
    cluster.scheduler.wait()
    time.sleep(1.0)
    cluster.start_scheduler()
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, out + err + cluster.said()
    assert "the scheduler is gone" in err
    assert [row["verdict"] for row in bench.recorded().values()] == ["pass"] * 60


def test_an_interrupted_run_goes_on(bench: Bench, cluster: Loopback) -> None:
    cluster.start_worker("one")
    process = bench.started(
        "lua", "--engine", "lua5.4:treewalk", "--cluster", cluster.address, "--output", "run.jsonl"
    )
    record = wait_for_rows(bench, 5, cluster)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, out + err
    done = len(bench.recorded())
    assert 0 < done < 60
    said = bench.run("--rerun", "missing", "run.jsonl", "--cluster", cluster.address)
    assert "60" in said
    assert [row["verdict"] for row in bench.recorded().values()] == ["pass"] * 60
    lines = lines_of(record)
    assert len(lines) == 62
    assert lines[-1]["counts"] == {"lua5.4:treewalk": {"pass": 60}}
    assert "nothing is missing" in bench.run("--rerun", "missing", "run.jsonl", code=2)
    assert "there is no such record" in bench.run("--rerun", "missing", "runn.jsonl", code=2)


def test_a_slow_worker_holds_up_nobody(bench: Bench, cluster: Loopback) -> None:
    cluster.start_worker("one")
    cluster.start_worker("two")
    process = bench.started(
        "lua", "--engine", "lua5.4:treewalk", "--cluster", cluster.address, "--output", "run.jsonl"
    )
    wait_for_rows(bench, 3, cluster)
    stopped = cluster.children(0)
    for one in stopped:
        one.suspend()
    try:
        out, err = process.communicate(timeout=90)
    finally:
        for one in stopped:
            one.resume()
    assert process.returncode == 0, out + err
    assert [row["verdict"] for row in bench.recorded().values()] == ["pass"] * 60


def test_a_worker_with_another_lockstep_is_refused(bench: Bench, cluster: Loopback, tmp_path: Path) -> None:
    other = tmp_path / "other" / "lockstep"
    shutil.copytree(launch.PACKAGE, other, ignore=shutil.ignore_patterns("__pycache__"))
    with (other / "harness" / "judge.py").open("a") as file:
        file.write("\n# changed\n")
    cluster.start_worker("same")
    cluster.start_worker("older", PYTHONPATH=str(other.parent))
    said = bench.run("lua", "--engine", "lua5.4:vm", "--cluster", cluster.address, "--output", "run.jsonl")
    assert "worker older is not used: it runs Lockstep 0.1.0 (" in said
    assert [row["verdict"] for row in bench.recorded().values()] == ["pass"] * 60


def test_a_worker_without_an_engine_is_no_failure_of_it(bench: Bench, cluster: Loopback) -> None:
    program = bench.folder.parent / "bin" / "toy-by-path"
    program.parent.mkdir()
    shutil.copy(bench.folder / "toy", program)
    here = f"{program.parent}{os.pathsep}{bench.environment['PATH']}"
    with (bench.folder / "lockstep.toml").open("a") as file:
        file.write('\n[engines.bypath]\nlanguage = "toy"\ncommand = ["toy-by-path", "{file}"]\n')
    ask = ("plain", "--engine", "bypath", "--filter", "plain/passes*", "--output", "run.jsonl")
    bench.environment["PATH"] = here
    cluster.start_worker("without")
    said = bench.run(*ask, "--cluster", cluster.address, code=3)
    assert "worker without: engine bypath: cannot start toy-by-path: no such program" in said
    assert bench.recorded() == {}
    cluster.start_worker("with", PATH=here)
    said = bench.run(*ask, "--cluster", cluster.address)
    assert "worker without: engine bypath" in said
    assert [row["verdict"] for row in bench.recorded().values()] == ["pass"] * 10


def test_a_worker_without_room_is_told(bench: Bench, cluster: Loopback) -> None:
    # The program of an engine does not fit.
    with (bench.folder / "toy").open("a") as file:
        file.write("# padding\n" * 20_000)
    ask = ("plain", "--engine", "own", "--filter", "plain/passes*", "--output", "run.jsonl")
    cluster.start_worker("full", wrapper=("prlimit", "--fsize=100000"))
    cluster.start_worker("roomy", LOCKSTEP_CACHE=str(bench.folder.parent / "roomy"))
    said = bench.run(*ask, "--cluster", cluster.address)
    assert "worker full is not used: File too large" in said
    assert [row["verdict"] for row in bench.recorded().values()] == ["pass"] * 10


def test_addresses_that_are_none(bench: Bench) -> None:
    ask = ("lua", "--engine", "lua5.4:vm", "--cluster")
    assert "did you mean local?" in bench.run(*ask, "locl", code=3)
    assert "not 'local:0'" in bench.run(*ask, "local:0", code=3)
    with (bench.folder / "lockstep.toml").open("a") as file:
        file.write('\n[clusters.lab]\naddress = "tcp://127.0.0.1:9"\npatience = 4\n')
    said = bench.run(*ask, "lab", code=3)
    assert "waiting for a scheduler at tcp://127.0.0.1:9 (4 s at most)" in said
    assert "no scheduler answers at tcp://127.0.0.1:9" in said
    worker = [sys.executable, "-m", "lockstep.harness.cli", "serve", "worker", "nonsense"]
    served = subprocess.run(
        worker, env=bench.environment, cwd=bench.folder, capture_output=True, text=True, check=False
    )
    assert served.returncode == 2, served.stderr
    assert served.stderr.startswith("'nonsense' is no address of a scheduler")
    assert "name it (--cluster)" in bench.run("lua", "--upload", code=2)


def test_no_engine_is_left_behind(bench: Bench, cluster: Loopback) -> None:
    cluster.start_worker("one")
    bench.run("lua", "--engine", "lua5.4:vm", "--cluster", cluster.address)
    until = time.monotonic() + 10
    while True:
        below = psutil.Process(cluster.workers[0].pid).children(recursive=True)
        left = [one for one in below if "reference.worker" in " ".join(one.cmdline())]
        if not left:
            break
        assert time.monotonic() < until, left
        time.sleep(0.1)


def test_a_cluster_over_ssh(bench: Bench, tmp_path: Path) -> None:
    server = shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")
    if server is None or shutil.which("ssh-keygen") is None:
        pytest.skip("no sshd here (package openssh-server)")
    for name in ("host", "client"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / name], check=True)
    shutil.copy(tmp_path / "client.pub", tmp_path / "authorized")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    key = (tmp_path / "host.pub").read_text()
    (tmp_path / "known").write_text(f"[127.0.0.1]:{port} {key}")
    config = tmp_path / "sshd_config"
    config.write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {tmp_path / 'host'}\nAuthorizedKeysFile {tmp_path / 'authorized'}\n"
        f"StrictModes no\nUsePAM no\nPidFile none\n"
    )
    with (bench.folder / "lockstep.toml").open("a") as file:
        file.write(
            f"""
[clusters.lab]
kind = "ssh"
options.hosts = ["127.0.0.1", "127.0.0.1"]
options.remote_python = "{sys.executable}"
options.worker_options = {{ nthreads = 1 }}
options.connect_options = {{ port = {port}, client_keys = ["{tmp_path / "client"}"], known_hosts = "{tmp_path / "known"}" }}
"""
        )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    with subprocess.Popen([server, "-D", "-e", "-f", str(config)], stderr=subprocess.DEVNULL) as running:
        try:
            said = bench.run("lua", "--engine", "lua5.4:vm", "--cluster", "lab", "--output", "run.jsonl")
        finally:
            running.terminate()
    assert "distributed" not in said
    assert [row["verdict"] for row in bench.recorded().values()] == ["pass"] * 60


def test_a_cluster_of_a_batch_system(bench: Bench, tmp_path: Path) -> None:
    pytest.importorskip("dask_jobqueue", reason="dask-jobqueue is not installed")
    programs = tmp_path / "bin"
    programs.mkdir()
    # A batch system of one machine: a job is run at once.
    submit = '#!/bin/sh\nfor script; do :; done\ncp "$script" "$0.$$"\nsetsid sh "$0.$$" </dev/null >/dev/null 2>&1 &\necho "Submitted batch job $!"\n'
    for name, text in (("sbatch", submit), ("scancel", "#!/bin/sh\nkill -- -$1\n")):
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    bench.environment["PATH"] = f"{programs}{os.pathsep}{bench.environment['PATH']}"
    with (bench.folder / "lockstep.toml").open("a") as file:
        file.write(
            '\n[clusters.batch]\nkind = "slurm"\nworkers = 2\n'
            'options = { cores = 1, memory = "1GB", walltime = "00:05:00" }\n'
        )
    bench.run("lua", "--engine", "lua5.4:vm", "--cluster", "batch", "--output", "run.jsonl")
    assert [row["verdict"] for row in bench.recorded().values()] == ["pass"] * 60


def test_a_public_suite_that_is_a_folder(environment: dict[str, str], tmp_path: Path) -> None:
    found = []
    for number, where in enumerate((("-j", "1"), ("--cluster", "local:1"))):
        record = tmp_path / f"{number}.jsonl"
        run(environment, "--engine", fake("always-pass"), *where, "--output", str(record), "--no-history")
        found.append(
            {(row["case"], row["mode"]): row["verdict"] for row in lines_of(record) if "case" in row}
        )
    assert found[0] == found[1]
    assert len(found[0]) == 7
