"""Plain Python's cryptography gives the bytes that the standards print and that the package cryptography gives."""

import cryptography.exceptions
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, x25519
from cryptography.hazmat.primitives.ciphers import aead
from hypothesis import given, settings
from hypothesis import strategies as st

from hipkit import plain_crypto as plain

keys = st.binary(min_size=32, max_size=32)
few = settings(max_examples=25, deadline=None)
h = bytes.fromhex


def test_x25519_as_rfc_7748_prints_it() -> None:
    """Section 5.2, the two vectors and the first iteration; section 6.1."""
    for scalar, u, result in (
        (
            "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
            "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
            "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
        ),
        (
            "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
            "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
            "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
        ),
    ):
        private, public = plain.X25519PrivateKey(h(scalar)), plain.X25519PublicKey(h(u))
        assert private.exchange(public).hex() == result
    nine = h("09" + "00" * 31)
    once = plain.X25519PrivateKey(nine).exchange(plain.X25519PublicKey(nine))
    assert once.hex() == "422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079"
    alice = plain.X25519PrivateKey(h("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a"))
    bob = plain.X25519PrivateKey(h("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb"))
    assert alice.public_key().public_bytes_raw().hex() == (
        "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
    )
    shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"
    assert alice.exchange(bob.public_key()).hex() == bob.exchange(alice.public_key()).hex() == shared


def test_ed25519_as_rfc_8032_prints_it() -> None:
    """Section 7.1, tests 1 to 3."""
    for secret, public, message, signature in (
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
            "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
        ),
    ):
        key = plain.Ed25519PrivateKey(h(secret))
        assert key.public_key().public_bytes_raw().hex() == public
        assert key.sign(h(message)).hex() == signature
        key.public_key().verify(h(signature), h(message))


def test_chacha20_poly1305_as_rfc_8439_prints_it() -> None:
    """Section 2.8.2."""
    text = (
        b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
        b"sunscreen would be it."
    )
    sealed = plain.ChaCha20Poly1305(bytes(range(0x80, 0xA0))).encrypt(
        h("070000004041424344454647"), text, h("50515253c0c1c2c3c4c5c6c7")
    )
    assert sealed[-16:].hex() == "1ae10b594f09e26a7e902ecbd0600691"
    assert sealed[:16].hex() == "d31a8d34648e60db7b86afbc53ef7ec2"


@few
@given(keys, keys)
def test_x25519_agrees_with_the_package(mine: bytes, theirs: bytes) -> None:
    one, other = x25519.X25519PrivateKey.from_private_bytes(mine), x25519.X25519PrivateKey.from_private_bytes(theirs)
    ours = plain.X25519PrivateKey.from_private_bytes(mine)
    assert ours.public_key().public_bytes_raw() == one.public_key().public_bytes_raw()
    public = plain.X25519PublicKey.from_public_bytes(other.public_key().public_bytes_raw())
    assert ours.exchange(public) == one.exchange(other.public_key())
    assert ours.private_bytes_raw() == one.private_bytes_raw() == mine


@few
@given(keys, st.binary(max_size=300), st.integers(0, 511))
def test_ed25519_agrees_with_the_package_and_refuses_a_changed_bit(seed: bytes, message: bytes, bit: int) -> None:
    theirs, ours = ed25519.Ed25519PrivateKey.from_private_bytes(seed), plain.Ed25519PrivateKey.from_private_bytes(seed)
    signature = ours.sign(message)
    assert signature == theirs.sign(message)
    public = plain.Ed25519PublicKey.from_public_bytes(theirs.public_key().public_bytes_raw())
    public.verify(signature, message)
    changed = (int.from_bytes(signature, "big") ^ 1 << bit).to_bytes(64, "big")
    with pytest.raises(plain.InvalidSignature):
        public.verify(changed, message)
    with pytest.raises(plain.InvalidSignature):
        public.verify(signature, message + b"!")
    with pytest.raises(plain.InvalidSignature):
        public.verify(signature + b"\0", message)


def test_a_signature_with_the_order_added_is_refused() -> None:
    key = plain.Ed25519PrivateKey(bytes(32))
    signature = key.sign(b"list")
    s = int.from_bytes(signature[32:], "little") + plain.ORDER
    with pytest.raises(plain.InvalidSignature):
        key.public_key().verify(signature[:32] + s.to_bytes(32, "little"), b"list")


@few
@given(keys, st.binary(min_size=12, max_size=12), st.binary(max_size=200), st.none() | st.binary(max_size=40))
def test_chacha20_poly1305_agrees_with_the_package(key: bytes, nonce: bytes, text: bytes, extra: bytes | None) -> None:
    theirs, ours = aead.ChaCha20Poly1305(key), plain.ChaCha20Poly1305(key)
    sealed = ours.encrypt(nonce, text, extra)
    assert sealed == theirs.encrypt(nonce, text, extra)
    assert ours.decrypt(nonce, sealed, extra) == text
    changed = bytes([sealed[0] ^ 1]) + sealed[1:]
    for one, error in ((ours, plain.InvalidTag), (theirs, cryptography.exceptions.InvalidTag)):
        with pytest.raises(error):
            one.decrypt(nonce, changed, extra)
        with pytest.raises(error):
            one.decrypt(nonce, sealed, b"other" + (extra or b""))


def test_what_has_the_wrong_length_or_a_small_order_is_refused() -> None:
    for make in (plain.X25519PrivateKey, plain.X25519PublicKey, plain.Ed25519PrivateKey, plain.ChaCha20Poly1305):
        with pytest.raises(ValueError, match="32 bytes, not 31"):
            make(bytes(31))
    with pytest.raises(ValueError, match="small order"):
        plain.X25519PrivateKey.generate().exchange(plain.X25519PublicKey(bytes(32)))
