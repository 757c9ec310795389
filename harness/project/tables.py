"""The form of `lockstep.toml`, table by table; docs/project.md describes it for those who write one."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from lockstep.harness.languages.descriptor import Language

# How a case of a suite of one's own says what it must do (docs/suites.md).
Expect = Literal["comments", "output", "completes", "marker", "tap", "oracle", "checker"]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """A table whose keys are written with hyphens; an unknown one is an error."""


class LimitsTable(_Table, frozen=True):
    """Limits of a case.

    Attributes:
        steps: function entries and loop turns, where the engine counts them.
        seconds: of wall time.
        memory: in MiB.
        output: in characters.
    """

    steps: int | None = None
    seconds: float | None = None
    memory: int | None = None
    output: int | None = None


class EngineTable(_Table, frozen=True):
    """`[engines.NAME]`: a command, and how it is understood.

    Attributes:
        command: as a shell reads it, or its words; `{file}` and other places in it are filled in (docs/engines.md).
        language: what it speaks; "" for that of its profile.
        profile: the name of a shipped one, or a table of its own; "" for the one made for its program.
        protocol: it speaks the worker protocol.
        version: the command that tells its version.
        groups: it is meant too when `--engine @GROUP` is asked for.
        environment: variables for its processes.
        limits: in place of a suite's own.
        cluster: where workers of a cluster find its program: `path`, `upload` or `image` (docs/cluster.md).
    """

    command: str | tuple[str, ...]
    language: str = ""
    profile: str | dict[str, Any] = ""
    protocol: bool = False
    version: str | tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    limits: LimitsTable = LimitsTable()
    cluster: Literal["path", "upload", "image"] = "path"


class RuleTable(_Table, frozen=True):
    """`[[suites.NAME.rules]]`: what holds for the cases that globs name.

    Attributes:
        files: globs over case ids.
        skip: why they are not run.
        features: names under which they are also counted.
        modes: the ways in which they run.
    """

    files: str | tuple[str, ...]
    skip: str = ""
    features: tuple[str, ...] = ()
    modes: tuple[str, ...] = ()


class SuiteTable(_Table, frozen=True):
    """`[suites.NAME]`: a folder of programs, and what each must do.

    Attributes:
        files: globs, relative to the project file.
        of: another suite, of whose cases this is a choice; then `filter`, `exclude` and `features` choose, and of the other keys
            only `limits`, `revision` and `rules` mean anything.
        filter: globs over the cases of that suite.
        features: names, any of which its cases must carry.
        language: what they are written in; of several, each runs every file.
        exclude: globs of files that are no cases.
        expect: how a case says what it must do.
        marker: the line that must be printed last, for `expect = "marker"`.
        oracle: the engine whose answers count, for `expect = "oracle"`.
        checker: `module:function`, for `expect = "checker"`; the module is found beside the project file too.
        includes: files that run before each case.
        roots: folders in which programs find libraries.
        modes: the ways in which a case runs where it says nothing itself.
        arguments: of each program.
        frontmatter: whether a comment in front (`/*--- ... ---*/`, or `---` lines) says features, modes and skips.
        revision: a version of the suite: expectations of another one are not compared; "" if that does not matter.
        limits: of a case.
        rules: skips, features and modes by globs.
    """

    files: str | tuple[str, ...] = ()
    language: str | tuple[str, ...] = ()
    of: str = ""
    filter: tuple[str, ...] = ()
    features: tuple[str, ...] = ()
    exclude: str | tuple[str, ...] = ()
    expect: Expect = "completes"
    marker: str = ""
    oracle: str = ""
    checker: str = ""
    includes: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    modes: tuple[str, ...] = ("",)
    arguments: tuple[str, ...] = ()
    frontmatter: bool = True
    revision: str = ""
    limits: LimitsTable = LimitsTable()
    rules: tuple[RuleTable, ...] = ()


class LockstepTable(_Table, frozen=True):
    """`[lockstep]`: where things live, and what is run where nobody says what.

    Attributes:
        status: the folder of expectations, one file a suite.
        history: the file of earlier runs.
        store: what stands in place of that, and of kept outcomes: `postgresql://...`, `sqlite:///...`, or a path.
        cache: the folder of what can be made again.
        suites: the folder in which public suites lie.
        default: the suites of a bare `lockstep run`.
        engines: the engines of a run that names none, by name or `@GROUP`.
        jobs: engine processes at a time; 0 for one a core.
        limits: of a case, in place of a suite's own.
        filter, exclude, features: of a run that says none.
    """

    status: str = "conformance/status"
    history: str = "conformance/history.sqlite"
    store: str = ""
    cache: str = ""
    suites: str = ""
    default: tuple[str, ...] = ()
    engines: tuple[str, ...] = ()
    jobs: int = 0
    limits: LimitsTable = LimitsTable()
    filter: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    features: tuple[str, ...] = ()


class GateTable(_Table, frozen=True):
    """`[gate]`: what makes a run fail, where the command line says nothing.

    Attributes:
        fail_on: the reasons (docs/status.md).
        at_least: fewer executions than this are `vacuous`.
        retries: how often what is not as expected is run again alone.
    """

    fail_on: tuple[str, ...] = ()
    at_least: int | None = None
    retries: int | None = None


class ClusterTable(_Table, frozen=True):
    """`[clusters.NAME]`: a cluster that `--cluster NAME` starts, or one that runs.

    Attributes:
        kind: how it is started: `local`, `ssh`, `kubernetes`, `slurm`, `pbs`, `lsf`, `sge`, `htcondor`, `oar`; or `address`.
        address: of the scheduler of a cluster that runs.
        workers: how many are started.
        options: of the class of Dask that starts them, as its documentation has them.
        patience: seconds to wait for workers, and for a scheduler that has gone.
    """

    kind: Literal[
        "address", "local", "ssh", "kubernetes", "slurm", "pbs", "lsf", "sge", "htcondor", "oar"
    ] = "address"
    address: str = ""
    workers: int | None = None
    options: dict[str, Any] = {}
    patience: float = 60.0


class ProjectTable(_Table, frozen=True):
    """The whole file.

    Attributes:
        lockstep: where things live, and what is run where nobody says what.
        engines: commands with a name.
        languages: that Lockstep does not know, or knows otherwise.
        suites: folders of programs, and choices from other suites.
        gate: what makes a run fail.
        clusters: where `--cluster NAME` runs.
    """

    lockstep: LockstepTable = LockstepTable()
    engines: dict[str, EngineTable] = {}
    languages: dict[str, Language] = {}
    suites: dict[str, SuiteTable] = {}
    gate: GateTable = GateTable()
    clusters: dict[str, ClusterTable] = {}
