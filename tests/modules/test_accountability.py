"""The Merkle tree, the witness and the AuditEvents that the module accountability builds, against others' answers."""

import hashlib
import json
import random
from types import SimpleNamespace

import jsonschema_rs
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pymerkle import InmemoryTree

from hipkit.datasets import load_access_log, load_organisations, load_personnel, load_persons
from hipkit.datasets.contracts import contract

LAB, LESSON = "notebooks/accountability.ipynb", "book/secure-use-and-sharing/accountability.md"
# The test vectors of Certificate Transparency, as github.com/transparency-dev/merkle publishes them (testonly).
ENTRIES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {  # (index, size)
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}
CONSISTENCY = {  # (old size, size)
    (1, 1): [],
    (1, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (6, 8): [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}
SIZES = range(1, 65)


@pytest.fixture(scope="module")
def sample() -> dict:
    loaded = {"persons": load_persons, "staff": load_personnel, "organisations": load_organisations}
    return {name: load("sample") for name, load in loaded.items()} | {"hospital": 1}


@pytest.fixture(scope="module", params=[LAB, LESSON])
def built(request, built_in, sample) -> SimpleNamespace:
    """What the lab or the lesson defines."""
    return SimpleNamespace(**built_in(request.param, **sample))


@pytest.fixture(scope="module")
def lab(built_in, sample) -> SimpleNamespace:
    return SimpleNamespace(**built_in(LAB, **sample))


@pytest.fixture(scope="module")
def judge() -> InmemoryTree:
    """A tree over 64 entries by a library that others wrote."""
    tree = InmemoryTree(algorithm="sha256")
    for number in range(max(SIZES)):
        tree.append_entry(b"entry %d" % number)
    return tree


@pytest.fixture(scope="module")
def leaves(built) -> list[bytes]:
    return [built.leaf_hash(b"entry %d" % number) for number in range(max(SIZES))]


def in_hex(hashes: list[bytes]) -> list[str]:
    return [one.hex() for one in hashes]


def test_roots_and_proofs_are_the_published_ones(built) -> None:
    leaves = [built.leaf_hash(bytes.fromhex(entry)) for entry in ENTRIES]
    assert in_hex([built.root(leaves[:size]) for size in range(9)]) == ROOTS
    for (index, size), proof in INCLUSION.items():
        assert in_hex(built.inclusion_proof(leaves[:size], index)) == proof
    for (old_size, size), proof in CONSISTENCY.items():
        assert in_hex(built.consistency_proof(leaves[:size], old_size)) == proof


def test_every_inclusion_proof_is_pymerkles(built, leaves, judge) -> None:
    for size in SIZES:
        assert built.root(leaves[:size]) == judge.get_root(size)
        for index in range(size):
            # pymerkle counts from 1, and its path begins with the leaf.
            path = judge.prove_inclusion(index + 1, size).path
            assert path == [leaves[index], *built.inclusion_proof(leaves[:size], index)], (index, size)


def test_every_consistency_proof_passes_the_rfcs_verifier_with_pymerkles_roots(built, leaves, judge) -> None:
    # pymerkle's own consistency proofs are not those of RFC 9162: it cuts the trees into other pieces.
    for size in SIZES:
        for old_size in range(1, size + 1):
            old, new = judge.get_root(old_size), judge.get_root(size)
            proof = built.consistency_proof(leaves[:size], old_size)
            assert rfc_says_consistent(old_size, old, size, new, proof), (old_size, size)
            assert built.roots_by_consistency(old_size, size, proof, old) == (old, new), (old_size, size)


def rfc_says_consistent(old_size: int, old: bytes, size: int, new: bytes, proof: list[bytes]) -> bool:
    """The verifier of RFC 9162, section 2.1.4.2: bit by bit, in another way than the module's."""

    def node(left: bytes, right: bytes) -> bytes:
        return hashlib.sha256(b"\x01" + left + right).digest()

    if old_size == size:
        return not proof and old == new
    path = [old, *proof] if old_size & (old_size - 1) == 0 else list(proof)
    if not path:
        return False
    fn, sn = old_size - 1, size - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for hash_ in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(hash_, fr), node(hash_, sr)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node(sr, hash_)
        fn, sn = fn >> 1, sn >> 1
    return fr == old and sr == new and sn == 0


def test_an_entry_is_verified_at_its_place_only(lab, judge) -> None:
    leaves = [lab.leaf_hash(b"entry %d" % number) for number in range(max(SIZES))]
    for size in SIZES:
        root = judge.get_root(size)
        for index in range(size):
            proof = lab.inclusion_proof(leaves[:size], index)
            assert lab.root_by_inclusion(leaves[index], index, size, proof) == root
            for other in range(size):
                if other != index:
                    assert not verified(lab, leaves[index], other, size, proof, root), (index, other, size)
            for wrong in ([*proof, proof[0] if proof else root], proof[:-1] if proof else [root]):
                assert not verified(lab, leaves[index], index, size, wrong, root)


def verified(lab, leaf: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    try:
        return lab.root_by_inclusion(leaf, index, size, proof) == root
    except ValueError:
        return False


def test_a_consistency_proof_with_anything_changed_is_refused(lab) -> None:
    rng = random.Random(1)
    leaves = [lab.leaf_hash(b"entry %d" % number) for number in range(max(SIZES))]
    for _ in range(300):
        size = rng.randint(2, max(SIZES))
        old_size = rng.randint(1, size - 1)
        proof = lab.consistency_proof(leaves[:size], old_size)
        old, new = lab.root(leaves[:old_size]), lab.root(leaves[:size])
        assert lab.is_consistent(old_size, old, size, new, proof)
        place = rng.randrange(len(proof))
        flipped = bytes([proof[place][0] ^ 1]) + proof[place][1:]
        changed = leaves[:size]
        changed[rng.randrange(old_size)] = lab.leaf_hash(b"another")
        for wrong in (
            (old_size, old, size, new, [*proof[:place], flipped, *proof[place + 1 :]]),
            (old_size, old, size, new, proof[:-1]),
            (old_size, old, size, new, [*proof, proof[0]]),
            (old_size, new, size, new, proof),
            (size, new, old_size, old, proof),
            (0, old, size, new, proof),
            (old_size, old, size, lab.root(changed), lab.consistency_proof(changed, old_size)),
        ):
            assert not lab.is_consistent(*wrong)


def test_the_witness_signs_growth_and_remembers_nothing_that_it_refused(built, leaves) -> None:
    key = Ed25519PrivateKey.generate()
    witness = built.Witness(key.public_key().public_bytes_raw())

    def submit(leaves: list[bytes], old_size: int, signer: Ed25519PrivateKey = key) -> bytes:
        head = len(leaves), built.root(leaves)
        proof = built.consistency_proof(leaves, old_size) if old_size else []
        return witness.submit(*head, signer.sign(built.head_bytes(*head)), proof)

    edited = [leaves[1], leaves[0], *leaves[2:]]
    for size, old_size in ((20, 0), (20, 20), (33, 20)):
        signature = submit(leaves[:size], old_size)
        witness.key.public_key().verify(signature, built.head_bytes(size, built.root(leaves[:size])))
    for wrong, old_size, signer in (
        (edited[:40], 33, key),  # the past changed
        (edited[:33], 33, key),  # the same size, another log
        (leaves[:20], 20, key),  # shrunk
        (leaves[:40], 20, key),  # a proof for another size
        (leaves[:40], 33, Ed25519PrivateKey.generate()),  # not the log's signature
    ):
        with pytest.raises(ValueError, match=r"sign|shrunk|changed|extend|proof|unpack"):
            submit(wrong, old_size, signer)
        assert (witness.size, witness.root) == (33, built.root(leaves[:33]))
    submit(leaves[:40], 33)


def test_every_opening_is_an_audit_event_by_hl7s_schema(lab, strict_hl7_schema) -> None:
    judge = jsonschema_rs.validator_for(strict_hl7_schema)
    log = load_access_log("sample")
    rows = log.assign(at=log["at"].dt.strftime("%Y-%m-%dT%H:%M:%S")).to_dict("records")
    for row in rows:
        event = lab.audit_event(row)
        assert judge.is_valid(event), json.dumps(event)[:800]
        assert json.loads(json.dumps(event)) == event
    for spoil in (
        lambda event: event.pop("source"),
        lambda event: event.update(action="read"),
        lambda event: event.update(recorded="29.11.2025"),
        lambda event: event.pop("agent"),
        lambda event: event.update(reader="somebody"),
    ):
        event = lab.audit_event(rows[0])
        spoil(event)
        assert not judge.is_valid(event)


def test_audit_events_know_every_action_and_purpose_of_the_log(lab) -> None:
    columns = contract("access_log").by_name
    assert set(lab.ACTION) == set(columns["action"].allowed)
    assert set(lab.PURPOSE) == set(columns["purpose"].allowed)
