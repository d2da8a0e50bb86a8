# /// mutant
# misconception = "The proof not looked at where the head is the same"
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
        if (size, root) == (self.size, self.root):
            return True
        if self.size and not is_consistent(self.size, self.root, size, root, proof):
            return False
        self.size, self.root = size, root
        return True

    def latest(self) -> tuple[int, bytes]:
        return self.size, self.root
