"""X25519, Ed25519 and ChaCha20-Poly1305 in plain Python, for labs where the package cryptography cannot be had.

A browser is such a place. The classes have the names and methods of those of cryptography that the labs use, and give
the same bytes. They are slow and take a time that depends on the secrets: good for learning, not for protecting anyone.

Sources: RFC 7748 (X25519), RFC 8032 section 5.1 (Ed25519), RFC 8439 (ChaCha20-Poly1305).
"""

import hashlib
import hmac
import secrets
import struct
from collections.abc import Iterator

P = 2**255 - 19  # the field of both curves
ORDER = 2**252 + 27742317777372353535851937790883648493  # of Ed25519's base point
D = -121665 * pow(121666, -1, P) % P
A24 = 121665
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)
KEY_BYTES = 32
TAG_BYTES = 16
NONCE_BYTES = 12
WORD = 0xFFFFFFFF


class InvalidSignature(Exception):
    """The signature is not one of this message by this key."""


class InvalidTag(Exception):
    """The ciphertext was changed, or is for another key, nonce or associated data."""


def _sized(data: bytes, size: int, what: str) -> bytes:
    if len(data) != size:
        raise ValueError(f"{what} must have {size} bytes, not {len(data)}")
    return bytes(data)


def _clamped(data: bytes) -> int:
    """The number that 32 secret bytes stand for on both curves."""
    return int.from_bytes(data, "little") & ((1 << 254) - 8) | 1 << 254


def _x25519(scalar: int, u: int) -> int:
    """The u coordinate of scalar times the point with coordinate u: the Montgomery ladder."""
    x2, z2, x3, z3 = 1, 0, u, 1
    for bit in reversed(range(255)):
        swap = scalar >> bit & 1
        if swap:
            x2, z2, x3, z3 = x3, z3, x2, z2
        plus, minus = (x2 + z2) % P, (x2 - z2) % P
        square, other = plus * plus % P, minus * minus % P
        difference = (square - other) % P
        crossed, back = (x3 - z3) * plus % P, (x3 + z3) * minus % P
        x3, z3 = pow(crossed + back, 2, P), u * pow(crossed - back, 2, P) % P
        x2, z2 = square * other % P, difference * (square + A24 * difference) % P
        if swap:
            x2, z2, x3, z3 = x3, z3, x2, z2
    return x2 * pow(z2, P - 2, P) % P


class X25519PublicKey:
    """A public key for key agreement."""

    def __init__(self, data: bytes) -> None:
        self._data = _sized(data, KEY_BYTES, "an X25519 public key")

    @classmethod
    def from_public_bytes(cls, data: bytes) -> "X25519PublicKey":
        return cls(data)

    def public_bytes_raw(self) -> bytes:
        return self._data


class X25519PrivateKey:
    """A private key for key agreement."""

    def __init__(self, data: bytes) -> None:
        self._data = _sized(data, KEY_BYTES, "an X25519 private key")

    @classmethod
    def generate(cls) -> "X25519PrivateKey":
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def from_private_bytes(cls, data: bytes) -> "X25519PrivateKey":
        return cls(data)

    def private_bytes_raw(self) -> bytes:
        return self._data

    def public_key(self) -> X25519PublicKey:
        return X25519PublicKey(self._times(9))

    def exchange(self, peer: X25519PublicKey) -> bytes:
        """The 32 bytes that both sides get.

        Raises:
            ValueError: the other side's key is one of the few that give zero whatever this key is.
        """
        shared = self._times(int.from_bytes(peer.public_bytes_raw(), "little") & ((1 << 255) - 1))
        if not any(shared):
            raise ValueError("the other side's public key has a small order")
        return shared

    def _times(self, u: int) -> bytes:
        return _x25519(_clamped(self._data), u % P).to_bytes(KEY_BYTES, "little")


# Ed25519: a point is (X, Y, Z, T) with x = X/Z, y = Y/Z and x*y = T/Z.
Point = tuple[int, int, int, int]
NEUTRAL: Point = (0, 1, 1, 0)


def _plus(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(scalar: int, point: Point) -> Point:
    result = NEUTRAL
    while scalar:
        if scalar & 1:
            result = _plus(result, point)
        point = _plus(point, point)
        scalar >>= 1
    return result


def _same(one: Point, other: Point) -> bool:
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (one[1] * other[2] - other[1] * one[2]) % P == 0


def _compressed(point: Point) -> bytes:
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(KEY_BYTES, "little")


def _decompressed(data: bytes) -> Point:
    """The point of 32 bytes; ValueError if there is none."""
    number = int.from_bytes(data, "little")
    odd, y = number >> 255, number & ((1 << 255) - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if y >= P or (x * x - square) % P or (x == 0 and odd):
        raise ValueError("these bytes are no point of the curve")
    if x & 1 != odd:
        x = P - x
    return x, y, 1, x * y % P


BASE = _decompressed((4 * pow(5, -1, P) % P).to_bytes(KEY_BYTES, "little"))


def _hashed(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % ORDER


class Ed25519PublicKey:
    """A key that verifies signatures."""

    def __init__(self, data: bytes) -> None:
        self._data = _sized(data, KEY_BYTES, "an Ed25519 public key")

    @classmethod
    def from_public_bytes(cls, data: bytes) -> "Ed25519PublicKey":
        return cls(data)

    def public_bytes_raw(self) -> bytes:
        return self._data

    def verify(self, signature: bytes, data: bytes) -> None:
        """Say nothing if the signature is right.

        Raises:
            InvalidSignature: it is not.
        """
        try:
            key, nonce = _decompressed(self._data), _decompressed(signature[:KEY_BYTES])
        except ValueError:
            raise InvalidSignature from None
        s = int.from_bytes(signature[KEY_BYTES:], "little")
        challenge = _hashed(signature[:KEY_BYTES], self._data, data)
        right = _same(_times(s, BASE), _plus(nonce, _times(challenge, key)))
        if len(signature) != 2 * KEY_BYTES or s >= ORDER or not right:
            raise InvalidSignature


class Ed25519PrivateKey:
    """A key that signs."""

    def __init__(self, data: bytes) -> None:
        self._data = _sized(data, KEY_BYTES, "an Ed25519 private key")
        expanded = hashlib.sha512(self._data).digest()
        self._scalar, self._prefix = _clamped(expanded[:KEY_BYTES]), expanded[KEY_BYTES:]
        self._public = _compressed(_times(self._scalar, BASE))

    @classmethod
    def generate(cls) -> "Ed25519PrivateKey":
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def from_private_bytes(cls, data: bytes) -> "Ed25519PrivateKey":
        return cls(data)

    def public_key(self) -> Ed25519PublicKey:
        return Ed25519PublicKey(self._public)

    def sign(self, data: bytes) -> bytes:
        """A signature of 64 bytes."""
        r = _hashed(self._prefix, data)
        nonce = _compressed(_times(r, BASE))
        s = (r + _hashed(nonce, self._public, data) * self._scalar) % ORDER
        return nonce + s.to_bytes(KEY_BYTES, "little")


def _quarter_round(state: list[int], a: int, b: int, c: int, d: int) -> None:
    for one, other, third, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        state[one] = state[one] + state[other] & WORD
        mixed = state[third] ^ state[one]
        state[third] = (mixed << turn | mixed >> (32 - turn)) & WORD


def _chacha20_block(key: bytes, counter: int, nonce: bytes) -> bytes:
    start = [*struct.unpack("<4I", b"expand 32-byte k"), *struct.unpack("<8I", key), counter]
    start += struct.unpack("<3I", nonce)
    state = list(start)
    for _ in range(10):
        for column in range(4):
            _quarter_round(state, column, column + 4, column + 8, column + 12)
        for column in range(4):
            right = [(column + step) % 4 for step in range(4)]
            _quarter_round(state, right[0], 4 + right[1], 8 + right[2], 12 + right[3])
    return struct.pack("<16I", *((one + other) & WORD for one, other in zip(state, start, strict=True)))


def _chacha20(key: bytes, nonce: bytes, data: bytes) -> bytes:
    stream = b"".join(_chacha20_block(key, 1 + number, nonce) for number in range((len(data) + 63) // 64))
    return bytes(one ^ other for one, other in zip(data, stream, strict=False))


def _blocks(data: bytes) -> Iterator[int]:
    """Sixteen bytes at a time as a number, padded with zeros, with a one above."""
    for start in range(0, len(data), 16):
        yield int.from_bytes(data[start : start + 16].ljust(16, b"\0"), "little") | 1 << 128


def _poly1305(key: bytes, data: bytes) -> bytes:
    """The tag of data whose length is a multiple of sixteen."""
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for block in _blocks(data):
        total = (total + block) * r % (2**130 - 5)
    return ((total + int.from_bytes(key[16:], "little")) % 2**128).to_bytes(TAG_BYTES, "little")


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 16)


class ChaCha20Poly1305:
    """Authenticated encryption."""

    def __init__(self, key: bytes) -> None:
        self._key = _sized(key, KEY_BYTES, "a ChaCha20-Poly1305 key")

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The ciphertext with its tag of 16 bytes. A nonce of 12 bytes is used once with a key."""
        sealed = _chacha20(self._key, _sized(nonce, NONCE_BYTES, "the nonce"), data)
        return sealed + self._tag(nonce, sealed, associated_data or b"")

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """The text.

        Raises:
            InvalidTag: the ciphertext, nonce, key or associated data are not those of one encryption.
        """
        sealed, tag = data[:-TAG_BYTES], data[-TAG_BYTES:]
        if not hmac.compare_digest(self._tag(nonce, sealed, associated_data or b""), tag):
            raise InvalidTag
        return _chacha20(self._key, nonce, sealed)

    def _tag(self, nonce: bytes, sealed: bytes, associated: bytes) -> bytes:
        lengths = struct.pack("<2Q", len(associated), len(sealed))
        one_time_key = _chacha20_block(self._key, 0, _sized(nonce, NONCE_BYTES, "the nonce"))[:KEY_BYTES]
        return _poly1305(one_time_key, _padded(associated) + _padded(sealed) + lengths)
