# /// mutant
# misconception = "The last hash of an odd level paired with itself"
# revisit = "accountability#from-a-chain-to-a-tree"
# loses = {"tree-any-test" = 2}
# ///
# %% tree
def merkle_root(entries: list[bytes]) -> bytes:
    if not entries:
        return sha256(b"")
    level = [sha256(b"\x00" + entry) for entry in entries]
    while len(level) > 1:
        if len(level) % 2:
            level.append(level[-1])
        level = [sha256(b"\x01" + left + right) for left, right in zip(level[::2], level[1::2], strict=True)]
    return level[0]
