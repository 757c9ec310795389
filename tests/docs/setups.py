"""What stands in a reader's folder before a page begins, and which of its commands are not run here, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# A suite in Test262's form, in place of the real one: what a page shows of it runs in a moment.
_TEST262: Mapping[str, str] = {
    "harness/assert.js": "function assert(holds) { if (!holds) throw new Test262Error(); }\n",
    "harness/sta.js": "function Test262Error(message) { this.message = message; }\n",
    "test/language/expressions/addition/a.js": "/*---\nfeatures: [let]\n---*/\nassert(1 + 1 === 2);\n",
    "test/language/expressions/arrow-function/b.js": "/*---\nflags: [noStrict]\n---*/\nassert((() => 1)() === 1);\n",
    "test/language/types/boolean/c.js": "/*---\n---*/\nassert(!false);\n",
    "test/built-ins/Array/d.js": "/*---\nflags: [raw]\n---*/\n[1].length;\n",
    # Enough for each of four shards to have some.
    **{
        f"test/language/types/number/{name}.js": f"/*---\n---*/\nassert({name!r} !== 0);\n"
        for name in "efghijkl"
    },
}
# An engine that a reader has built: the commands of a page find it where theirs would be.
_MUJS = '#!/bin/sh\nwhile [ "${1#--}" != "$1" ]; do shift; done\nexec mujs "$@"\n'


@dataclass(frozen=True)
class Setup:
    """How a page is run.

    Attributes:
        files: name -> text, in the reader's folder; what begins with `#!` can be run.
        links: name there -> what it is in the project.
        commands: that were run before the page begins.
        environment: variables; `{work}` in a value is the reader's folder.
        needs: programs; where one is missing the page is skipped.
        may_lack: programs; where one is missing, commands that name it are passed by.
        exceptions: a command as the page shows it -> why it is not run.
        instead: a command -> what is run in its place: on another port, on less, or with what other machines would have done.
        stays: a command that goes on until somebody ends it -> what it prints when it is ready.
        servers: what runs beside the page -> what it prints when it is ready.
        unlike: a command that is run -> why what it prints is not what the page shows.
        ends: a command in an `sh` block -> the exit status that it has, if not 0.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)
    commands: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    may_lack: tuple[str, ...] = ()
    exceptions: Mapping[str, str] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)
    stays: Mapping[str, str] = field(default_factory=dict)
    servers: Mapping[str, str] = field(default_factory=dict)
    unlike: Mapping[str, str] = field(default_factory=dict)
    ends: Mapping[str, int] = field(default_factory=dict)


def below(folder: str, files: Mapping[str, str]) -> Mapping[str, str]:
    """The same files in a folder."""
    return {f"{folder}/{name}": text for name, text in files.items()}


_SMALL_SUITES = {"LOCKSTEP_SUITES": "{work}/../suites", "LOCKSTEP_STATUS": "{work}/status"}
_SMALL_TEST262 = below("../suites/test262", _TEST262)

_REGISTRY = "installs packages; .ci/run and .ci/wheel do it"
_NETWORK = "clones over a network"
_HOUR = "takes up to an hour"
_OWN_ENGINE = "of versions of an engine that a reader has; tests/harness/test_bisecting.py runs its like"
_MINUTES = "takes minutes; .ci/run runs a sample of it"
_PUBLIC = "a public suite that is cloned over a network; .ci/run runs a sample of it where it is"
_WHOLE = "its figures are of the whole of Test262"
_NO_STATUS = 3  # nothing is recorded that a run could be judged by

SETUPS: Mapping[str, Setup] = {
    "README.md": Setup(
        files={
            **_SMALL_TEST262,
            "build/qjs": _MUJS,
            "tests/a.js": "print(6 * 7)\n",
            "tests/a.out": "42\n",
            "program.js": "var a = 1;\nprint(a); print(typeof Intl);\n",
        },
        environment={**_SMALL_SUITES, "GITHUB_STEP_SUMMARY": "{work}/summary.md"},
        needs=("mujs", "duk", "node"),
        may_lack=("jsc",),
        exceptions={
            "python3 -m venv .venv && .venv/bin/pip install -e . && .venv/bin/lockstep run": _REGISTRY,
            "python3 -m venv .venv && .venv/bin/pip install -e '.[development,engines]' && .venv/bin/pytest tests fixtures": _REGISTRY,
            "lockstep suites fetch test262": _NETWORK,
            "lockstep run lua --engine lua5.4:vm,lupa:lua54": _PUBLIC,
            "lockstep run clojure-test-suite --update-status": _PUBLIC,
            "lockstep repl python --backend treewalk": "asks whoever sits before it; the tests of each language drive it",
            ".venv/bin/pip install -e '.[redis]'": _REGISTRY,
            "lockstep serve redis --port 6379 --steps 1000000 --memory 64": "docs/redis.md shows it too, where it is run",
            "lockstep serve redis --port 6379 --upstream redis://127.0.0.1:6380/0": "likewise",
        },
        instead={
            "lockstep status": f"LOCKSTEP_STATUS={ROOT}/status lockstep status",
            "lockstep status javascript": f"LOCKSTEP_STATUS={ROOT}/status lockstep status javascript",
            "lockstep merge shard*.jsonl --output run.jsonl": (
                "for n in 2 3 4; do lockstep run test262 --shard $n/4 --output shard$n.jsonl --fail-on never; done; "
                "lockstep merge shard*.jsonl --output run.jsonl && lockstep status --update run.jsonl"
            ),
            "lockstep diff before.jsonl after.jsonl": "lockstep diff run.jsonl run.jsonl",
            "lockstep diff javascript:vm node --suite test262 --causes": (
                "lockstep diff javascript:vm node --suite test262 --causes --filter 'built-ins/*'"
            ),
            "lockstep bench lua": "lockstep bench lua --program tak --rounds 1 --seconds 0 --engine lua5.4:vm",
            "pytest test262 sci-tests fixtures --engine javascript:vm -n 2 -k arrow": (
                f"cd {ROOT} && pytest fixtures --engine javascript:vm -n 2 -k uncaught -q -p no:cacheprovider; cd - > /dev/null"
            ),
        },
        unlike={"lockstep run test262 --engine mujs,duk --filter 'language/expressions/a*'": _WHOLE},
        ends={
            "lockstep engines check './build/qjs {file}'": 1,
            "lockstep run test262 --engine mujs,duk --filter 'language/expressions/a*'": _NO_STATUS,
            """lockstep compare js -e 'print(`${[...new Set("aab")]}`)' --engine mujs,duk,jsc,node,javascript:vm --coalesce""": 1,
            "lockstep run test262 --engine mine='./build/qjs {file}' --filter 'language/*'": _NO_STATUS,
            "lockstep run test262 --shard 1/4 --output shard1.jsonl --annotations github": _NO_STATUS,
            "lockstep run test262 --engine javascript:vm --filter 'language/expressions/*'": _NO_STATUS,
        },
    ),
    "CONTRIBUTING.md": Setup(
        exceptions={
            "python3 -m venv .venv && .venv/bin/pip install -e '.[development,engines]'": _REGISTRY,
            ".venv/bin/tox": "runs these tests",
            "bash .ci/run": "runs these tests",
            "lockstep run fixtures python-parity lua redis clojure-test-suite sci test262 --update-status --fail-on never": _MINUTES,
        }
    ),
    "docs/recipes.md": Setup(
        exceptions=dict.fromkeys(
            (
                "lockstep run fixtures --filter javascript/clamp.js --fail-on any",
                "lockstep inventory javascript --filter 'Math.cl*'",
                "pytest tests/harness/test_inventory.py -k javascript",
                "lockstep run fixtures --filter python/breakpoints.py --fail-on any",
                "lockstep inventory python --filter 'break*'",
                "pytest tests/python/test_built_ins.py",
                "lockstep run fixtures --filter clojure/partitionv.clj --fail-on any",
                "lockstep inventory clojure --filter '*/partitionv'",
                "pytest tests/clojure/test_built_ins.py",
                "lockstep run fixtures --filter lua/5.4/stack_limit.lua --fail-on any",
                "lockstep inventory lua5.4 --filter 'debug.setc*'",
                "pytest tests/lua/test_built_ins.py",
            ),
            "tests/docs/test_recipes.py runs it on a copy of the project",
        )
    ),
    "docs/ci.md": Setup(
        files={
            **_SMALL_TEST262,
            "lockstep.toml": (
                '[lockstep]\ndefault = ["test262"]\nengines = ["mine"]\nfilter = ["language/*"]\n'
                '[engines.mine]\nlanguage = "javascript"\ncommand = "mujs {file}"\n[gate]\nat-least = 3\n'
            ),
        },
        environment={**_SMALL_SUITES, "GITHUB_STEP_SUMMARY": "{work}/summary.md"},
        commands=tuple(
            f"lockstep run --shard {shard}/3 --output shard{shard}.jsonl --no-history --fail-on never"
            for shard in (2, 3)
        ),
        needs=("mujs",),
        unlike={"lockstep merge shard1.jsonl shard3.jsonl --output run.jsonl; echo $?": _WHOLE},
        ends={"lockstep gate run.jsonl --annotations github": _NO_STATUS},
    ),
    "docs/cluster.md": Setup(
        files={
            **_SMALL_TEST262,
            "lockstep.toml": '[clusters.lab]\nkind = "local"\nworkers = 2\n',
        },
        environment=_SMALL_SUITES,
        exceptions={
            "lockstep run test262 --engine javascript:vm --cluster ssh:one,two,three": (
                "needs machines of these names; tests/harness/test_cluster.py runs one over SSH"
            ),
        },
        instead={
            "lockstep run test262 --engine javascript:vm --cluster local:4": (
                "lockstep run test262 --engine javascript:vm --cluster local:2 --fail-on never --output run.jsonl"
            ),
            "lockstep run test262 --engine javascript:vm --cluster lab": (
                "lockstep run test262 --engine javascript:vm --cluster lab --fail-on never"
            ),
            "lockstep run test262 --engine javascript:vm --cluster tcp://10.0.0.5:8786": (
                "lockstep run test262 --engine javascript:vm --cluster tcp://127.0.0.1:{port:other} --fail-on never"
            ),
            "lockstep run --rerun missing run.jsonl --cluster lab": (
                "head -n 3 run.jsonl > part.jsonl; mv part.jsonl run.jsonl; "
                "lockstep run --rerun missing run.jsonl --cluster lab"
            ),
            "dask scheduler --port 8786": "dask scheduler --host 127.0.0.1 --no-dashboard --port {port:scheduler}",
            "lockstep serve worker tcp://10.0.0.5:8786 -j 16": "lockstep serve worker tcp://127.0.0.1:{port:scheduler} -j 1",
        },
        stays={
            "dask scheduler --port 8786": "Scheduler at:",
            "lockstep serve worker tcp://10.0.0.5:8786 -j 16": "worker",
        },
        servers={
            "dask scheduler --host 127.0.0.1 --no-dashboard --port {port:other}": "Scheduler at:",
            "dask worker tcp://127.0.0.1:{port:other} --nworkers 1 --nthreads 1 --no-dashboard": "Registered",
        },
        ends={"lockstep run --rerun missing run.jsonl --cluster lab": _NO_STATUS},
    ),
    "docs/engines.md": Setup(needs=("mujs",), ends={"lockstep engines check mujs": 1}),
    "docs/languages.md": Setup(
        files={
            "tools/bf.py": "import pathlib, sys\nprint('Hello' if '+' in pathlib.Path(sys.argv[1]).read_text() else '')\n",
            "programs/hello.bf": "++++++++[>++++<-]\n",
            "programs/hello.out": "Hello\n",
        },
    ),
    "docs/library.md": Setup(
        files={
            **_SMALL_TEST262,
            "build/qjs": _MUJS,
            "../suites/test262/test/language/expressions/addition/m.js": "/*---\n---*/\nassert(false);\n",
        },
        environment=_SMALL_SUITES,
        needs=("mujs", "node", "lua5.4"),
    ),
    "docs/manual.md": Setup(
        links={"docs": "docs", "mkdocs.yml": "mkdocs.yml", "tests": "tests"},
        exceptions={
            "python -m tests.docs.write docs/tutorials/engine.md": "writes into the project",
            "mkdocs build --strict --site-dir public/docs": "tests/docs/test_site.py builds it",
            "mkdocs build --strict": "likewise",
            "lockstep site build public": "docs/site.md shows it, where it is run",
        },
    ),
    "docs/record.md": Setup(
        files=_SMALL_TEST262,
        environment=_SMALL_SUITES,
        commands=(
            "lockstep run test262 --engine javascript:vm --fail-on never",
            *(
                f"lockstep run test262 --shard {shard}/2 --output shard{shard}.jsonl --no-history --fail-on never"
                for shard in (1, 2)
            ),
        ),
        instead={
            "lockstep history --run 12": "lockstep history --run 1",
            "lockstep history --case language/types/a.js": "lockstep history --case language/types/boolean/c.js",
        },
    ),
    "docs/redis.md": Setup(
        needs=("redis-server", "redis-cli"),
        exceptions={
            "pip install -e '.[redis]'": _REGISTRY,
            "lockstep run redis": _MINUTES,
        },
        instead={
            "lockstep serve redis --port 6379": "lockstep serve redis --port {port:ours}",
            "lockstep serve redis --engine lua5.1:treewalk --steps 1000000": (
                "lockstep serve redis --port {port:limited} --engine lua5.1:treewalk --steps 1000000"
            ),
            "lockstep serve redis --upstream redis://127.0.0.1:6380/0 --memory 64": (
                "lockstep serve redis --port {port:front} --upstream redis://127.0.0.1:{port:real}/0 --memory 64"
            ),
            """redis-cli EVAL "return redis.call('incr', KEYS[1])" 1 counter""": (
                """redis-cli -p {port:ours} EVAL "return redis.call('incr', KEYS[1])" 1 counter"""
            ),
            "lockstep diff redis:lua5.1:vm redis-server --suite redis": (
                "lockstep diff redis:lua5.1:vm redis-server --suite redis --sample 100"
            ),
            "lockstep diff redis:lua5.1:vm redis://127.0.0.1:7000 --suite redis": (
                "lockstep diff redis:lua5.1:vm redis://127.0.0.1:{port:empty} --suite redis --sample 100"
            ),
        },
        stays={
            "lockstep serve redis --port 6379": "127.0.0.1",
            "lockstep serve redis --engine lua5.1:treewalk --steps 1000000": "127.0.0.1",
            "lockstep serve redis --upstream redis://127.0.0.1:6380/0 --memory 64": "127.0.0.1",
        },
        servers={
            "redis-server --port {port:real} --save ''": "Ready to accept connections",
            "redis-server --port {port:empty} --save ''": "Ready to accept connections",
        },
    ),
    "docs/report.md": Setup(
        files={**_SMALL_TEST262, "build/qjs": _MUJS},
        environment=_SMALL_SUITES,
        needs=("mujs", "node"),
        instead={
            "lockstep report run.jsonl --html run.html": (
                "lockstep run test262 --engine node --output run.jsonl --fail-on never && lockstep report run.jsonl --html run.html"
            )
        },
        ends={
            "lockstep run test262 --engine mine='./build/qjs {file}' --engine node --html run.html": _NO_STATUS
        },
    ),
    "docs/scale.md": Setup(
        exceptions={
            "lockstep run test262 --engine javascript:vm,mujs --sample 40 --fail-on never --output RECORD": _HOUR,
            "createdb scale && python bench/store/measure.py RECORD --store postgresql://USER@localhost/scale --rows 10000000": _HOUR,
            "python bench/cluster/measure.py --only scheduler": _HOUR,
            "python bench/cluster/measure.py --only client": _HOUR,
        }
    ),
    "docs/site.md": Setup(
        files=_SMALL_TEST262,
        environment=_SMALL_SUITES,
        needs=("mujs",),
        commands=(
            "lockstep run test262 --engine mujs --fail-on never --output monday.jsonl",
            "lockstep run test262 --engine mujs,javascript:vm --fail-on never --output friday.jsonl",
        ),
        instead={
            "lockstep site build OUT": f"lockstep site build STATUS --status {ROOT}/status",
            "lockstep site build OUT --store postgresql://me@host/lockstep": (
                "lockstep run test262 --engine mujs --fail-on never --store sqlite:///team.sqlite && "
                "lockstep site build STORE --store sqlite:///team.sqlite"
            ),
            "lockstep serve site": "lockstep serve site --port {port:site}",
        },
        stays={"lockstep serve site": "127.0.0.1"},
        exceptions={
            ".ci/site OUT records/*.jsonl": _HOUR,
            ".ci/records records": _MINUTES,
        },
    ),
    "docs/fuzzing.md": Setup(
        needs=("node",),
        instead={
            "lockstep fuzz javascript": "lockstep fuzz javascript --programs 3 --seed 1",
            "lockstep fuzz lua5.4 --seconds 600 --keep found": "lockstep fuzz lua5.4 --programs 10 --seed 1 --keep found",
            "lockstep fuzz javascript --engine 'mine=./build/qjs {file}' --against node,javascript:vm": (
                "lockstep fuzz javascript --engine 'mine=node {file}' --against node,javascript:vm --programs 3 --seed 1"
            ),
        },
    ),
    "docs/bisecting.md": Setup(
        exceptions={
            "lockstep bisect --engine './qjs {file}' --repository ../quickjs --build 'make qjs' --good v0.9 --bad master "
            "--case test262:language/expressions/addition/S11.6.1_A1.js": _OWN_ENGINE,
            "lockstep bisect --engine 'npx -y quickjs@{version} {file}' --versions 0.9.0,0.10.0,0.11.0 --language javascript -e 'print(1)'": _OWN_ENGINE,
            "lockstep bisect --good './qjs-1 {file}' --between './qjs-2 {file}' --bad './qjs-3 {file}' --language javascript program.js": _OWN_ENGINE,
            "lockstep bisect --engine javascript:vm --good HEAD~20 program.js": _OWN_ENGINE,
        },
    ),
    "docs/store.md": Setup(
        files={
            **_SMALL_TEST262,
            "../suites/test262/test/language/types/number/m.js": "/*---\n---*/\nassert(false);\n",
        },
        environment=_SMALL_SUITES,
        commands=(
            "lockstep run test262 --engine javascript:vm --fail-on never",
            "lockstep run test262 --engine javascript:vm --fail-on never --output mine.jsonl",
            *(
                f"lockstep run test262 --engine javascript:vm --shard {shard}/2 --output shard{shard}.jsonl "
                "--no-history --fail-on never"
                for shard in (1, 2)
            ),
        ),
        exceptions={
            "pip install 'psycopg[binary]>=3.2,<4'": _REGISTRY,
            "createdb -h db.example.org lockstep": "needs a PostgreSQL; tests/harness/test_store.py starts one",
        },
        instead={
            "lockstep run test262 --store postgresql://ci@db.example.org/lockstep": (
                "lockstep run test262 --engine javascript:vm --store sqlite:///team.sqlite"
            ),
            "lockstep diff store:40 store:41 --causes": "lockstep diff store:1 store:2 --causes",
            "lockstep report store:41 --html page.html": "lockstep report store:2 --html page.html",
            "lockstep run test262 --rerun store:41": "lockstep run test262 --rerun store:2",
            "lockstep store copy ~/.local/share/lockstep/history.sqlite postgresql://ci@db.example.org/lockstep": (
                "lockstep store copy $XDG_DATA_HOME/lockstep/history.sqlite sqlite:///copy.sqlite"
            ),
        },
        ends={
            "lockstep run test262 --store postgresql://ci@db.example.org/lockstep": _NO_STATUS,
            "lockstep run test262 --rerun store:41": _NO_STATUS,
        },
    ),
    "docs/suites.md": Setup(
        files={
            "lockstep.toml": '[suites.ours]\nlanguage = "javascript"\nfiles = "*.js"\nexpect = "output"\n',
            **{f"{name}.js": f"console.log('{name}')\n" for name in ("new", "newer", "same")},
            "other.js": "console.log('x')\n",
            "other.out": "w\n",
            "same.out": "same\n",
        },
        needs=("node",),
        ends={"lockstep fixtures write ours --engine node": 1},
    ),
    "docs/tutorials/engine.md": Setup(needs=("git",)),
    "docs/tutorials/suite.md": Setup(needs=("node",)),
    "docs/tutorials/compare.md": Setup(
        needs=("mujs", "duk", "node", "lua5.4"),
        ends={
            "lockstep compare js -e 'print([3, 1, 2].toSorted().join())' --engine mujs,duk,node,javascript:vm": 1,
            "lockstep compare js -p 'typeof 10n' --engine mujs,duk,node,javascript:vm --coalesce": 1,
            "lockstep diff mine node --suite ours --causes": 1,
            "lockstep diff before.jsonl after.jsonl": 1,
        },
    ),
    "docs/tutorials/team.md": Setup(needs=("lua5.4", "lua5.1")),
}
NONE = Setup()
