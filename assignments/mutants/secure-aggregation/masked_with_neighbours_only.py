# /// mutant
# misconception = "Masks with the next and the last member only, who can unmask together"
# revisit = "secure-aggregation#the-defence-masks-that-cancel"
# loses = {"masks-hide-test" = 1}
# ///
# %% masks
def pair_masks(me: int, seeds: dict[int, bytes], length: int) -> np.ndarray:
    ring = sorted([me, *seeds])
    place = ring.index(me)
    neighbours = {ring[(place + 1) % len(ring)], ring[place - 1]} - {me}
    total = np.zeros(length, np.uint32)
    for other in neighbours:
        mask = expand(seeds[other], length)
        total = total + mask if me < other else total - mask
    return total
