# /// mutant
# misconception = "The size itself taken for the number of an entry, though they are counted from 0"
# revisit = "accountability#from-a-chain-to-a-tree"
# loses = {"inclusion-refuse-test" = 2}
# ///
# %% inclusion
def verify_inclusion(entry: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> bool:
    def led_to(index: int, size: int, proof: list[bytes]) -> bytes | None:
        if size == 1:
            return None if proof else sha256(b"\x00" + entry)
        if not proof:
            return None
        k = 1 << ((size - 1).bit_length() - 1)
        if index < k:
            below = led_to(index, k, proof[:-1])
            return below and sha256(b"\x01" + below + proof[-1])
        below = led_to(index - k, size - k, proof[:-1])
        return below and sha256(b"\x01" + proof[-1] + below)

    return 0 <= index <= size and led_to(index, size, proof) == root
