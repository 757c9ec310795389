"""What a script of Redis finds: the rows and what a program reaches are the same set."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from lockstep.harness.engines.outside.redis import Client
from lockstep.reference.languages import built_ins
from lockstep.reference.redis.inventory import LIBRARIES
from tests.redis.test_redis import Serving

pytest.importorskip("fakeredis")

_WALK = """
local found = {}
for name, value in pairs(_G) do
  found[#found + 1] = name
  if type(value) == "table" and value ~= _G then
    for inner in pairs(value) do found[#found + 1] = name .. "." .. inner end
  end
end
return found
"""
# Redis says this only to libraries while they load.
_LOADING = "redis.register_function"
# What modules are called, and what the server itself calls.
_UNDESCRIBED = re.compile(r"(cjson|cmsgpack)\._[A-Z]+|__redis__err__handler")


@pytest.fixture(scope="module", params=["vm", "treewalk"])
def client(request: pytest.FixtureRequest) -> Iterator[Client]:
    serving = Serving("--engine", request.param)
    made = serving.client()
    yield made
    made.close()
    serving.stop()


def test_the_rows_are_what_a_script_reaches(client: Client) -> None:
    reply = client.ask([b"EVAL", _WALK.encode(), b"0"])
    assert isinstance(reply, list)
    reached = [name.decode() for name in reply if isinstance(name, bytes)]
    assert len(reached) == len(set(reached))
    assert {row.name for row in built_ins("redis")} - {_LOADING} == set(reached)


def test_every_row_says_where_it_is_described_and_since_when() -> None:
    own = {holder + row.name for holder, rows in LIBRARIES for row in rows}
    for row in built_ins("redis"):
        assert (row.section == "-") == (_UNDESCRIBED.fullmatch(row.name) is not None), row
        if row.name in own:
            assert re.fullmatch(r"lua-(api|debugging)", row.section), row
            assert re.fullmatch(r"\d\.\d+\.\d+", row.since), row
            assert row.arity is not None, row
