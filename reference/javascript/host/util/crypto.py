"""`node:crypto`, of which there are digests and random numbers, and the global `crypto`."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import uuid
from typing import TYPE_CHECKING, Callable, Protocol

from lockstep.reference.javascript.host.buffers.buffer import view_bytes
from lockstep.reference.javascript.host.buffers.encodings import bytes_of_text, encoding_name, text_of_bytes
from lockstep.reference.javascript.host.definition import (
    add_functions,
    class_of,
    coded_error,
    namespace,
    wrong_type,
)
from lockstep.reference.javascript.host.hosting import Part, hosting_of, part_of
from lockstep.reference.javascript.host.modules.refused import refusing
from lockstep.reference.javascript.runtime.objects.ordinary import JSObject, slow_object, stored
from lockstep.reference.javascript.runtime.objects.property import plain
from lockstep.reference.javascript.runtime.objects.typed_array import JSTypedArray
from lockstep.reference.javascript.runtime.operations.conversion import to_integer_or_infinity, to_string
from lockstep.reference.javascript.runtime.operations.objects import call
from lockstep.reference.javascript.runtime.values import Value, undefined
from lockstep.reference.javascript.syntax.utf16 import to_utf16

if TYPE_CHECKING:
    from lockstep.reference.javascript.runtime.interfaces import Realm

_REFUSED = [
    "createCipheriv",
    "createDecipheriv",
    "createDiffieHellman",
    "createECDH",
    "createPrivateKey",
    "createPublicKey",
    "createSecretKey",
    "createSign",
    "createVerify",
    "diffieHellman",
    "generateKey",
    "generateKeyPair",
    "generateKeyPairSync",
    "generateKeySync",
    "hkdf",
    "hkdfSync",
    "pbkdf2",
    "pbkdf2Sync",
    "privateDecrypt",
    "privateEncrypt",
    "publicDecrypt",
    "publicEncrypt",
    "scrypt",
    "scryptSync",
    "sign",
    "verify",
]
# node's names of digests are those of the host, some with a dash.
_DIGESTS = (
    "md5",
    "sha1",
    "sha224",
    "sha256",
    "sha384",
    "sha512",
    "sha3-224",
    "sha3-256",
    "sha3-384",
    "sha3-512",
)
_LONGEST_RANDOM = 65536


class _Digest(Protocol):
    """What hashlib and hmac make."""

    def update(self, data: bytes, /) -> None:
        """Take in bytes."""

    def digest(self) -> bytes:
        """What has been taken in, digested."""
        ...

    def copy(self) -> _Digest:
        """Another that has taken in the same."""
        ...


class JSDigest(JSObject):
    """A `Hash` or `Hmac`.

    Attributes:
        digest_: what takes the bytes; None once it was asked for its digest.
    """

    __slots__ = ("digest_",)

    digest_: _Digest | None


class Crypto(Part):
    """The functions of one realm."""

    def __init__(self, realm: Realm) -> None:
        super().__init__(realm)
        self.hash_prototype = self._digest_class("Hash")
        self.hmac_prototype = self._digest_class("Hmac")
        add_functions(realm, self.hash_prototype, [("copy", self.copy, 0)])

    def _digest_class(self, name: str) -> JSObject:
        _, prototype = class_of(self.realm, name, refusing(self.realm, f"node:crypto: {name}"), tag=False)
        add_functions(self.realm, prototype, [("update", self.update, 1), ("digest", self.digest, 0)])
        return prototype

    def bytes_of(self, value: Value, encoding: Value = undefined) -> bytes:
        """The bytes of a string or a view.

        Raises:
            ThrowCompletion: it is neither.
        """
        if isinstance(value, str):
            name = encoding_name(encoding) if isinstance(encoding, str) else None
            return bytes_of_text(value, name or "utf8")
        if isinstance(value, JSTypedArray):
            return bytes(view_bytes(value))
        wanted = "of type string or an instance of Buffer, TypedArray, or DataView"
        raise wrong_type(self.realm, 'The "data" argument', wanted, value)

    def create_hash(self, _this: Value, name: Value = undefined, *_rest: Value) -> Value:
        """`createHash`.

        Raises:
            ThrowCompletion: there is no such digest.
        """
        return self._made(self.hash_prototype, hashlib.new(self._host_name(name)))

    def create_hmac(
        self, _this: Value, name: Value = undefined, key: Value = undefined, *_rest: Value
    ) -> Value:
        """`createHmac`.

        Raises:
            ThrowCompletion: there is no such digest.
        """
        return self._made(self.hmac_prototype, hmac.new(self.bytes_of(key), digestmod=self._host_name(name)))

    def hash(
        self,
        _this: Value,
        name: Value = undefined,
        data: Value = undefined,
        encoding: Value = "hex",
        *_rest: Value,
    ) -> Value:
        """`hash`: at once."""
        return self._written(hashlib.new(self._host_name(name), self.bytes_of(data)).digest(), encoding)

    def _host_name(self, name: Value) -> str:
        asked = to_string(name).lower().replace("sha-", "sha") if isinstance(name, str) else ""
        if asked not in _DIGESTS:
            raise coded_error(self.realm, "Error", "ERR_OSSL_EVP_UNSUPPORTED", "Digest method not supported")
        return asked.replace("-", "_")

    def _made(self, prototype: JSObject, digest: _Digest) -> JSDigest:
        made = slow_object(JSDigest, prototype)
        made.digest_ = digest
        return made

    def _own(self, this: Value) -> JSDigest:
        if isinstance(this, JSDigest):
            return this
        raise wrong_type(self.realm, 'The "this" value', "an instance of Hash", this)

    def _open(self, this: Value) -> _Digest:
        digest = self._own(this).digest_
        if digest is None:
            raise coded_error(self.realm, "Error", "ERR_CRYPTO_HASH_FINALIZED", "Digest already called")
        return digest

    def update(
        self, this: Value, data: Value = undefined, encoding: Value = undefined, *_rest: Value
    ) -> Value:
        """`update`: takes in a string or bytes."""
        self._open(this).update(self.bytes_of(data, encoding))
        return this

    def digest(self, this: Value, encoding: Value = undefined, *_rest: Value) -> Value:
        """`digest`: bytes, or their text in an encoding."""
        found = self._open(this).digest()
        self._own(this).digest_ = None
        return self._written(found, encoding)

    def copy(self, this: Value, *_rest: Value) -> Value:
        """`copy`: another with what this one has taken in."""
        return self._made(self.hash_prototype, self._open(this).copy())

    def _written(self, data: bytes, encoding: Value) -> Value:
        name = encoding_name(encoding) if isinstance(encoding, str) else None
        return hosting_of(self.realm).buffer_of(data) if name is None else text_of_bytes(data, name)

    def random_bytes(
        self, _this: Value, size: Value = undefined, callback: Value = undefined, *_rest: Value
    ) -> Value:
        """`randomBytes`: now, or to a callback."""
        count = to_integer_or_infinity(size)
        if not 0 <= count < 2**31:
            text = (
                f'The value of "size" is out of range. It must be >= 0 && <= 2147483647. Received {count:g}'
            )
            raise coded_error(self.realm, "RangeError", "ERR_OUT_OF_RANGE", text)
        made = hosting_of(self.realm).buffer_of(secrets.token_bytes(int(count)))
        if callback is undefined:
            return made
        call(callback, undefined, undefined, made)
        return undefined

    def random_int(
        self, _this: Value, low: Value = undefined, high: Value = undefined, *_rest: Value
    ) -> Value:
        """`randomInt`: from `low`, or 0, up to and without `high`."""
        first, last = (0.0, low) if high is undefined else (low, high)
        start, end = int(to_integer_or_infinity(first)), int(to_integer_or_infinity(last))
        if start >= end:
            text = f'The value of "max" is out of range. It must be greater than the value of "min" ({start}). Received {end}'
            raise coded_error(self.realm, "RangeError", "ERR_OUT_OF_RANGE", text)
        return float(start + secrets.randbelow(end - start))

    def random_uuid(self, *_rest: Value) -> Value:
        """`randomUUID`."""
        return to_utf16(str(uuid.uuid4()))

    def random_values(self, _this: Value, view: Value = undefined, *_rest: Value) -> Value:
        """`getRandomValues`: fills a view."""
        if not isinstance(view, JSTypedArray):
            raise wrong_type(self.realm, 'The "data" argument', "an instance of ArrayBufferView", view)
        target = view_bytes(view)
        if len(target) > _LONGEST_RANDOM:
            raise coded_error(
                self.realm,
                "RangeError",
                "ERR_OUT_OF_RANGE",
                f"The requested length exceeds {_LONGEST_RANDOM} bytes",
            )
        target[:] = secrets.token_bytes(len(target))
        return view

    def equal(self, _this: Value, left: Value = undefined, right: Value = undefined, *_rest: Value) -> Value:
        """`timingSafeEqual`."""
        first, second = self.bytes_of(left), self.bytes_of(right)
        if len(first) != len(second):
            text = "Input buffers must have the same byte length"
            raise coded_error(self.realm, "RangeError", "ERR_CRYPTO_TIMING_SAFE_EQUAL_LENGTH", text)
        return hmac.compare_digest(first, second)


def crypto_module(realm: Realm) -> JSObject:
    """`node:crypto`."""
    own = part_of(realm, Crypto)
    made = namespace(realm)
    rows: list[tuple[str, Callable[..., Value], int]] = [
        ("createHash", own.create_hash, 2),
        ("createHmac", own.create_hmac, 3),
        ("hash", own.hash, 3),
        ("randomBytes", own.random_bytes, 2),
        ("randomInt", own.random_int, 3),
        ("randomUUID", own.random_uuid, 1),
        ("randomFillSync", own.random_values, 1),
        ("getRandomValues", own.random_values, 1),
        ("timingSafeEqual", own.equal, 2),
        ("getHashes", lambda *_rest: realm.make_array(list(_DIGESTS)), 0),
    ]
    add_functions(
        realm, made, [*rows, *((name, refusing(realm, f"node:crypto: {name}"), 0) for name in _REFUSED)]
    )
    stored(made)["webcrypto"] = plain(make_crypto(realm))
    return made


def make_crypto(realm: Realm) -> JSObject:
    """The global `crypto`."""
    own = part_of(realm, Crypto)
    rows: list[tuple[str, Callable[..., Value], int]] = [
        ("getRandomValues", own.random_values, 1),
        ("randomUUID", own.random_uuid, 0),
    ]
    return namespace(realm, rows, "Crypto")
