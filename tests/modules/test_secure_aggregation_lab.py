"""The protocol of the lab on secure aggregation, as the notebook has it: exact under every pattern of losses.

The cells that carry the tag `protocol` are run as they stand; the parties live in this process, as in a browser.
"""

import itertools
import json
import subprocess
import sys
import textwrap
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hipkit.parties import Parties, PartyRefused
from hipkit.paths import ROOT

CELLS = json.loads((ROOT / "notebooks" / "secure-aggregation.ipynb").read_text(encoding="utf-8"))["cells"]
STEPS = ["advertise", "share", "mask", "sign", "unmask"]
NEVER = "never"


def lab(members: dict[int, str]) -> dict:
    """The names that the lab's protocol cells make, for these members."""
    imports = next(cell for cell in CELLS if "import hashlib" in "".join(cell["source"]))
    names = {"__name__": "lab"}
    for cell in [imports, *(cell for cell in CELLS if "protocol" in cell["metadata"].get("tags", []))]:
        exec("".join(cell["source"]), names)
    names["MEMBERS"] = members
    return names


SEVEN = {number: f"member {number}" for number in range(1, 8)}
LAB = lab(SEVEN)
REPORTS = np.random.default_rng(7).integers(0, 2**32, (8, 5), dtype=np.uint32)


@pytest.fixture(autouse=True)
def in_one_process(monkeypatch) -> None:
    monkeypatch.setattr(sys, "platform", "emscripten")


def start(names: dict, threshold: int, kind: str = "Institution", **options) -> Parties:
    members = names["MEMBERS"]
    parties = Parties(
        {
            name: partial(names[kind], number, REPORTS[number], threshold=threshold, **options)
            for number, name in members.items()
        }
    )
    registry = {number: parties.ask(name, "enrol") for number, name in members.items()}
    parties.ask_each("meet", {name: [registry] for name in members.values()})
    return parties


def check_losses(names: dict, threshold: int, lost_before: dict[int, str]) -> None:
    """Run with these losses, and hold what comes of it against plain counting and adding."""
    members = names["MEMBERS"]
    stay = {step: {u for u in members if _after(lost_before.get(u, NEVER), step)} for step in STEPS}
    with start(names, threshold) as parties:

        def before(step: str) -> None:
            for u, lost in lost_before.items():
                if lost == step:
                    parties.end(members[u])

        short = next((step for step in STEPS if len(stay[step]) < threshold), None)
        if short:
            with pytest.raises(RuntimeError, match=f"^{short}: {len(stay[short])} answered, {threshold} are needed"):
                names["aggregate"](parties, 1, threshold, before)
            return
        total, who = names["aggregate"](parties, 1, threshold, before)
    assert who == sorted(stay["mask"])
    plain = [sum(int(REPORTS[u][cell]) for u in who) % 2**32 for cell in range(REPORTS.shape[1])]
    assert total.tolist() == plain


def _after(lost: str, step: str) -> bool:
    return lost == NEVER or STEPS.index(lost) > STEPS.index(step)


def test_the_sum_is_exact_under_every_pattern_of_losses_of_three() -> None:
    names = lab({1: "a", 2: "b", 3: "c"})
    for pattern in itertools.product([*STEPS, NEVER], repeat=3):
        check_losses(names, 2, {u: lost for u, lost in enumerate(pattern, 1) if lost != NEVER})


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(list(SEVEN)), st.sampled_from(STEPS), max_size=3), st.sampled_from([1, 3, 4, 5, 7])
)
def test_the_sum_is_exact_whatever_seven_lose(lost_before: dict[int, str], threshold: int) -> None:
    check_losses(LAB, threshold, lost_before)


@given(st.integers(0, 2**256 - 1), st.integers(1, 7), st.data())
def test_shares_give_the_secret_back_from_any_that_reach_the_threshold(secret: int, threshold: int, data) -> None:
    shares = LAB["split"](secret, threshold, list(range(1, 8)))
    holders = data.draw(st.sets(st.integers(1, 7), min_size=threshold))
    assert LAB["join"]({x: shares[x] for x in holders}) == secret
    if threshold > 1:
        fewer = sorted(holders)[: threshold - 1]
        assert LAB["join"]({x: shares[x] for x in fewer}) != secret  # but for a chance of 2^-256


def test_shares_are_those_of_a_polynomial_that_was_worked_out_by_hand(monkeypatch) -> None:
    """1234 + 166 x + 94 x^2: the coefficients of the worked example that many texts print; values at 1 to 6 by hand."""
    coefficients = iter([166, 94])
    monkeypatch.setattr(LAB["secrets"], "randbelow", lambda most: next(coefficients))
    by_hand = {1: 1494, 2: 1942, 3: 2578, 4: 3402, 5: 4414, 6: 5614}
    assert LAB["split"](1234, 3, [1, 2, 3, 4, 5, 6]) == by_hand
    for three in itertools.combinations(by_hand, 3):
        assert LAB["join"]({x: by_hand[x] for x in three}) == 1234


def test_joining_agrees_with_trying_every_polynomial_over_a_small_prime(monkeypatch) -> None:
    """Over 11 elements: the only polynomial of degree two through three points, found by trying all 1,331."""
    monkeypatch.setitem(LAB, "PRIME", 11)
    for points in ({1: 3, 2: 7, 3: 2}, {2: 0, 5: 10, 6: 4}, {1: 1, 4: 1, 9: 1}):
        [secret] = [
            c
            for c, b, a in itertools.product(range(11), repeat=3)
            if all((c + b * x + a * x * x) % 11 == y for x, y in points.items())
        ]
        assert LAB["join"](points) == secret


def test_the_shares_of_fewer_than_the_threshold_do_not_depend_on_the_secret(monkeypatch) -> None:
    monkeypatch.setitem(LAB, "PRIME", 7)
    for secret in (0, 5):
        pairs = [tuple(LAB["split"](secret, 3, [1, 2]).values()) for _ in range(4900)]
        counts = np.bincount([7 * one + other for one, other in pairs], minlength=49)
        assert stats.chisquare(counts).pvalue > 1e-7


def test_the_prime_is_the_first_above_all_secrets_of_32_bytes() -> None:
    assert LAB["PRIME"] == 2**256 + 297

    def is_prime(number: int) -> bool:
        """Miller and Rabin, with forty bases."""
        odd, twos = number - 1, 0
        while odd % 2 == 0:
            odd, twos = odd // 2, twos + 1
        return all(
            any(pow(base, odd << power, number) == number - 1 for power in range(twos)) or pow(base, odd, number) == 1
            for base in range(2, 42)
        )

    assert [offset for offset in range(1, 298) if is_prime(2**256 + offset)] == [297]


def test_a_server_that_changes_a_key_a_letter_or_a_list_is_refused() -> None:
    names = LAB
    with start(names, 5) as parties:
        keys = names["by_number"](parties.ask_each("advertise", {name: [1] for name in SEVEN.values()}))
        changed = {**keys, 2: [keys[3][0], *keys[2][1:]]}
        with pytest.raises(PartyRefused, match="InvalidSignature"):
            parties.ask("member 1", "share", changed)
        with pytest.raises(PartyRefused, match="not due now"):
            parties.ask("member 1", "share", keys)  # it does not try again
        sealed = {u: parties.ask(SEVEN[u], "share", keys) for u in range(2, 8)}
        letters = {u: sealed[u][2] for u in range(3, 8)}
        flipped = {**letters, 3: bytes([letters[3][0] ^ 1]) + letters[3][1:]}
        with pytest.raises(PartyRefused, match="InvalidTag"):
            parties.ask("member 2", "mask", flipped)
        with pytest.raises(PartyRefused, match="InvalidTag"):  # a letter to somebody else
            parties.ask("member 3", "mask", {u: sealed[u][4] for u in (2, 5, 6, 7)})
        parties.ask("member 4", "mask", {u: sealed[u][4] for u in (2, 3, 5, 6, 7)})
        for old in (1, 0):
            with pytest.raises(PartyRefused, match="is over"):
                parties.ask("member 5", "advertise", old)
        with pytest.raises(PartyRefused, match="have met"):
            parties.ask("member 5", "meet", {})


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ([1, 2, 3, 5, 6], "list cannot be right"),  # without the one who shall sign
        ([1, 2, 3, 4, 8], "list cannot be right"),  # nobody has that number
        ([1, 2, 3, 4], "only 4 members on the list"),
        ([1, 2, 3, 4, 4, 4], "only 4 members on the list"),
    ],
)
def test_a_list_that_cannot_be_right_is_not_signed(wrong: list[int], why: str) -> None:
    with start(LAB, 5) as parties:
        LAB["until_masked"](parties, 1)
        with pytest.raises(PartyRefused, match=why):
            parties.ask("member 4", "sign", wrong)


def test_nobody_unmasks_for_signatures_of_another_list_or_another_run() -> None:
    names, everybody = LAB, sorted(SEVEN)
    with start(names, 5) as parties:
        names["until_masked"](parties, 1)
        old = {u: parties.ask(SEVEN[u], "sign", everybody) for u in SEVEN}
        names["until_masked"](parties, 2)
        new = {u: parties.ask(SEVEN[u], "sign", everybody if u < 4 else [2, 3, 4, 5, 6, 7]) for u in SEVEN}
        for wrong, why in (
            (old, "InvalidSignature"),
            ({u: new[u] for u in (1, 2, 3)}, "only 3 signatures"),
            (new, "InvalidSignature"),
        ):
            member = {"only 3 signatures": "member 1", "InvalidSignature": f"member {2 if wrong is old else 3}"}[why]
            with pytest.raises(PartyRefused, match=why):
                parties.ask(member, "unmask", wrong)
        with pytest.raises(PartyRefused, match="not on my list"):
            parties.ask("member 4", "unmask", new)


def test_a_masked_report_is_uniform() -> None:
    with start(LAB, 5) as parties:
        _, _, masked = LAB["until_masked"](parties, 1)
    LAB_CELLS = np.frombuffer(LAB["expand"](b"seed", 200_000).tobytes(), "<u4")
    assert stats.kstest(LAB_CELLS / 2**32, "uniform").pvalue > 1e-7
    assert all(not np.array_equal(np.frombuffer(masked[u], "<u4"), REPORTS[u]) for u in masked)
    assert len({bytes(one) for one in masked.values()}) == 7


@pytest.mark.parametrize(("variance", "epsilon", "shift"), [(11.08, 1.0, 1), (11.08, 2.0, 2), (3.0, 0.5, 1)])
def test_the_delta_of_skellam_noise_is_that_of_two_poisson_numbers(variance: float, epsilon: float, shift: int) -> None:
    """By the convolution of the two distributions, without Bessel functions."""
    one = stats.poisson.pmf(np.arange(400), variance / 2)
    noise = np.convolve(one, one[::-1])  # from -399 to 399
    shifted = np.roll(noise, shift)
    by_hand = np.maximum(shifted - np.exp(epsilon) * noise, 0)[shift:].sum()
    assert LAB["skellam_delta"](variance, epsilon, shift) == pytest.approx(by_hand, rel=1e-6)


def test_the_noise_in_a_sum_is_skellam_with_the_variances_added() -> None:
    kind = LAB["Institution"]
    cells = 20_000
    noise = sum(
        kind(number, np.zeros(cells, np.uint32), noise_variance=3.0)._noise().astype(np.int32) for number in SEVEN
    )
    values, counts = np.unique(np.clip(noise, -12, 12), return_counts=True)
    expected = stats.skellam.pmf(values, 10.5, 10.5)
    expected[[0, -1]] = stats.skellam.cdf(-12, 10.5, 10.5)
    assert stats.chisquare(counts, expected / expected.sum() * cells).pvalue > 1e-7


BROWSER = textwrap.dedent("""
    import json, pathlib, socket, subprocess, sys
    import matplotlib, matplotlib.pyplot, numpy, pandas, scipy.special
    import hipkit.transcript, hipkit.datasets, hipkit.teaching
    matplotlib.use("agg")
    sys.modules.update({name: None for name in list(sys.modules) if name.split(".")[0] == "cryptography"})
    sys.modules["cryptography"] = sys.modules["cloudpickle"] = None
    def none(*arguments, **options): raise OSError("a browser has none")
    subprocess.Popen = socket.socket = socket.create_server = none
    sys.platform = "emscripten"
    names = {"__name__": "__main__"}
    for cell in json.loads(pathlib.Path(sys.argv[1]).read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    print("PARTIES", names["parties"].simulated, names["parties"].how)
    print("TOTAL", names["total"].tolist() == names["true_sum"](names["MEMBERS"]).tolist())
""")


def test_the_whole_lab_runs_where_there_are_no_processes_no_sockets_and_no_package_cryptography() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", BROWSER, str(ROOT / "notebooks" / "secure-aggregation.ipynb")],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert "no package cryptography" in ran.stdout
    assert "PARTIES True SIMULATED: Python in a browser has no processes" in ran.stdout
    assert "TOTAL True" in ran.stdout
    assert "exactly the plain sum: True" in ran.stdout
    assert "the server reads Rollag's report: True" in ran.stdout
