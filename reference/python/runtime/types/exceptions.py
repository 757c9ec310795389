"""Built-in exceptions that the guest has of its own (Library Reference, Built-in Exceptions)."""

from __future__ import annotations

from lockstep.reference.python.runtime.sealed import SealedType, shown_as


class GuestMemoryError(Exception, metaclass=SealedType):
    """The guest's `MemoryError`: a guest may raise and catch it.

    The host's own means that memory really ran out, and passes through every guest handler.
    """


shown_as(GuestMemoryError, "MemoryError")
