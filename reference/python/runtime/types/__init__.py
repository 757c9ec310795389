"""Built-in types: what the guest sees in them where it may not see the host's own."""

from lockstep.reference.python.runtime.types import (  # noqa: F401  # each says what the guest sees of its types
    callables,
    objects,
    strings,
    suspended,
    tracebacks,
)
