"""What the harness itself costs, beside xargs, the official test262-harness and eshost, all in one run.

    python bench/harness/compare.py [--node-modules FOLDER] [--files N] [--only PART] [--update-status]

FOLDER is where `npm install test262-harness eshost-cli` put its packages; without it these rows are left out. Needs the suite
test262 (LOCKSTEP_SUITES), and node for the rows with node.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lockstep.harness.status.status import status_folder
from lockstep.harness.status.yaml_file import dump_yaml, load_yaml
from lockstep.harness.suites import open_suite

HERE = Path(__file__).parent
LOCKSTEP = [sys.executable, "-m", "lockstep.harness.cli"]
NULL = f"null=protocol:{sys.executable} {HERE / 'null_engine.py'}"
FOLDER = "language/expressions/a*"


def timed(words: list[str], **variables: str) -> tuple[float, str]:
    """Seconds of wall time of a command, and what it printed."""
    # What is installed has been compiled.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.monotonic()
    done = subprocess.run(words, capture_output=True, text=True, env={**environment, **variables}, check=False)
    seconds = time.monotonic() - started
    if done.returncode not in (0, 1):
        sys.exit(f"{' '.join(words)}: {done.stderr[-2000:]}")
    return seconds, done.stdout


def run(engine: str, jobs: int, *more: str) -> tuple[float, int]:
    """Seconds and executions of a run of test262."""
    words = [*LOCKSTEP, "run", "test262", "--engine", engine, "-j", str(jobs), "--no-history", "--fail-on", "never", *more]
    seconds, text = timed(words)
    numbers = re.search(r"^test262 .*? (\d+) +[\d.]+ %", text, re.MULTILINE)
    return seconds, int(numbers[1]) if numbers else 0


def overhead(files: int) -> dict[str, object]:
    """Milliseconds of the harness for one execution: with the protocol, and with a plain command beside xargs."""
    few, many = ("--sample", "400"), ("--sample", str(max(2, 90_000 // files)))
    rows: dict[str, object] = {}
    (base, least), (whole, most) = run(NULL, 1, *few), run(NULL, 1, *many)
    rows["protocol ms an execution"] = round(1e3 * (whole - base) / (most - least), 3)
    program = shutil.which("true") or "true"
    (base, least), (whole, most) = run(f"true={program} {{file}}", 1, *few), run(f"true={program} {{file}}", 1, *many)
    ours = 1e3 * (whole - base) / (most - least)
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as names:
        names.write("\n".join(f"/tmp/{number}.js" for number in range(most)))
        names.flush()
        theirs, _ = timed(["xargs", "-a", names.name, "-n", "1", "-P", "1", program])
    rows["plain command ms an execution"] = round(ours, 3)
    rows["xargs ms an execution"] = round(1e3 * theirs / most, 3)
    return rows


def index() -> dict[str, object]:
    """Seconds to index Test262 without and with what an earlier index left, and MiB for it."""
    program = (
        "import resource, time; from lockstep.harness.suites import open_suite; started = time.monotonic();"
        "open_suite('test262').cases(); print(time.monotonic() - started,"
        " resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)"
    )
    place = open_suite("test262").source_path(open_suite("test262").cases()[0])
    suites = str(next(path for path in place.parents if path.name.startswith("test262")))
    with tempfile.TemporaryDirectory() as cache:
        holder = Path(cache) / "suites"
        holder.mkdir()
        (holder / "test262").symlink_to(suites)
        variables = {"LOCKSTEP_CACHE": cache, "LOCKSTEP_SUITES": str(holder)}
        (_, cold), (_, warm) = (timed([sys.executable, "-c", program], **variables) for _ in range(2))
    return {
        "index cold seconds": round(float(cold.split()[0]), 2),
        "index warm seconds": round(float(warm.split()[0]), 2),
        "index MiB": round(float(warm.split()[1])),
    }


def lanes() -> dict[str, object]:
    """How many times as fast two lanes are as one."""
    more = ("--filter", "language/expressions/a*")
    one, _ = run("javascript:vm", 1, *more)
    two, _ = run("javascript:vm", 2, *more)
    return {"two lanes to one": round(one / two, 2)}


def others(modules: Path | None) -> dict[str, object]:
    """The official harness on node, ours through the adapter and as a plain command, two lanes each, seconds."""
    rows: dict[str, object] = {}
    if shutil.which("node") is None:
        return rows
    filters = ("--filter", FOLDER)
    seconds, executions = run("node", 2, *filters)
    rows |= {"executions": executions, "ours, node kept running": round(seconds, 1)}
    rows["ours, a process for each program"] = round(run("plain=node {file}", 2, *filters)[0], 1)
    official = modules / ".bin" / "test262-harness" if modules is not None else None
    if official is not None and official.exists():
        suite = open_suite("test262")
        place = suite.source_path(suite.cases()[0])
        root = next(path for path in place.parents if (path / "harness" / "assert.js").is_file())
        with tempfile.TemporaryDirectory() as scratch:
            # It wants the version that stands in a file of the suite's repository.
            for name in ("test", "harness"):
                (Path(scratch) / name).symlink_to(root / name)
            (Path(scratch) / "package.json").write_text('{"version": "5.0.0"}')
            words = [str(official), "--hostType=node", f"--hostPath={shutil.which('node')}", "-t", "2", f"--test262Dir={scratch}"]
            folders = sorted(f"{path}/**/*.js" for path in (Path(scratch) / "test" / "language" / "expressions").glob("a*"))
            seconds, text = timed([*words, *folders])
            found = re.search(r"Ran (\d+) tests", text)
            rows["test262-harness"] = round(seconds, 1)
            rows["test262-harness executions"] = int(found[1]) if found else 0
    eshost = modules / ".bin" / "eshost" if modules is not None else None
    with tempfile.TemporaryDirectory() as scratch:
        program = Path(scratch) / "one.js"
        program.write_text("print(1);\n")
        words = [*LOCKSTEP, "compare", "js", "--engine", "plain=node {file}", str(program)]
        rows["compare, one program"] = round(min(timed(words)[0] for _ in range(5)), 3)
        if eshost is not None and eshost.exists():
            home = {"HOME": scratch}
            timed([str(eshost), "--add", "node", "node", str(shutil.which("node"))], **home)
            rows["eshost, one program"] = round(min(timed([str(eshost), str(program)], **home)[0] for _ in range(5)), 3)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--node-modules", type=Path)
    parser.add_argument("--files", type=int, default=3000)
    parser.add_argument("--only", choices=["overhead", "index", "lanes", "others"], action="append", default=[])
    parser.add_argument("--update-status", action="store_true")
    options = parser.parse_args()
    rows: dict[str, object] = {"measured": time.strftime("%Y-%m-%d"), "cores": os.cpu_count()}
    parts = {
        "overhead": lambda: overhead(options.files),
        "index": index,
        "lanes": lanes,
        "others": lambda: others(options.node_modules),
    }
    for name, part in parts.items():
        if options.only and name not in options.only:
            continue
        found = part()
        for name, value in found.items():
            print(f"{name}: {value}", flush=True)
        rows |= found
    if options.update_status:
        path = status_folder() / "bench.yaml"
        content = load_yaml(path)
        content["harness"] = {**content.get("harness", {}), **rows}
        head = "".join(line + "\n" for line in path.read_text().splitlines() if line.startswith("#"))
        dump_yaml(path, content, head)


main()
