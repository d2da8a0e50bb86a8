# /// mutant
# misconception = "A larger log taken for an extension, without looking at the proof"
# revisit = "accountability#signed-heads-and-a-witness"
# loses = {"witness-refuse-test" = 2}
# ///
# %% witness
class Witness:
    def __init__(self, log_key: bytes) -> None:
        self.log_key = Ed25519PublicKey.from_public_bytes(log_key)
        self.size, self.root = 0, b""

    def submit(self, size: int, root: bytes, signature: bytes, proof: list[bytes]) -> bool:
        try:
            self.log_key.verify(signature, head_bytes(size, root))
        except InvalidSignature:
            return False
        if size < self.size or (size == self.size and root != self.root):
            return False
        self.size, self.root = size, root
        return True

    def latest(self) -> tuple[int, bytes]:
        return self.size, self.root
