"""Persons: age and sex, couples, parents, homes, names, numbers and addresses.

Families are made inside a block. Everything is drawn for all persons of the block at once: couples are matched by rank
within years of age, parents are drawn among the women and men of the right age, and names follow pointers to the
ancestor from whom the name comes.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl

from hipkit.datasets.generator import identity
from hipkit.datasets.generator.arrays import banded, date_series, enum_series, fixed_digits, rank_in_group, with_nulls
from hipkit.datasets.generator.block import HISTORY_START, REFERENCE_DATE, Block
from hipkit.datasets.generator.pools import ORIGINS, Reference

SEXES = pl.Enum(["F", "M"])
ID_TYPES = pl.Enum(["fnr", "dnr"])
ORIGIN_TYPE = pl.Enum(ORIGINS)
NONE = -1
ADULT = 18
# Pointers are followed by doubling: four steps reach sixteen generations.
DOUBLINGS = 4
CONFLICT_ROUNDS = 6
# Beyond the age of any parent that may be asked for.
OLDEST = 256


@dataclass
class Family:
    """Positions (n,) of relatives within the block, -1 where there is none, and of each home's head."""

    partner: np.ndarray
    mother: np.ndarray
    father: np.ndarray
    head: np.ndarray


def build(ctx: Block, made: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The table `persons` (contract: persons.toml) of one block."""
    rng = ctx.rng("persons")
    shared = ctx.pools.reference
    plan = shared.planning
    n = ctx.n_persons

    age, male = _ages(rng, shared, n)
    year = REFERENCE_DATE.year - 1 - age
    family = _families(rng, plan, age, male, year)
    origin = _origins(rng, plan["origin"], age, male, family)
    abroad = (origin > 0) & (family.mother == NONE)
    d_number = abroad & (rng.random(n) < plan["origin"]["d_number"])
    birth, number, d_number = identity.allot(
        ctx.rng("national_ids"), year, male, d_number, ctx.index, ctx.pools.n_blocks
    )
    death, alive = _deaths(rng, plan["mortality"], age, male)
    given = shared.draw_given_names(rng, origin, male, year)
    family_name, birth_name = _family_names(rng, shared, plan["names"], age, male, origin, family)
    town, postcode, street, letter_house = _homes(rng, shared, plan, family, n)
    gp = _gps(rng, ctx, plan, town, family.head)
    first = ctx.first_person_id

    def ids(position: np.ndarray) -> pl.Series:
        return with_nulls(pl.Series(position + first, dtype=pl.Int64), position == NONE)

    interpreter_abroad = np.array([plan["origin"]["interpreter_abroad"][name] for name in ORIGINS])
    interpreter_rooted = np.array([plan["origin"]["interpreter_rooted"][name] for name in ORIGINS])
    interpreter = rng.random(n) < np.where(abroad, interpreter_abroad[origin], interpreter_rooted[origin])
    education, unknown = _education(rng, plan["education"], age, abroad)
    vip = np.zeros(n, dtype=bool)
    candidates = np.flatnonzero(alive & (age >= plan["vip"]["from_age"]) & (age <= plan["vip"]["to_age"]))
    vip[rng.permutation(candidates)[: max(1, round(n * plan["vip"]["share"]))]] = True
    contact = plan["contact"]
    no_phone = (age < contact["phone_from_age"]) | (rng.random(n) < contact["phone_missing"])
    phone = contact["phone_first"] + rng.integers(0, contact["phone_count"], n)
    email = _emails(rng, shared, contact, age, given, family_name)

    return {
        "persons": pl.DataFrame(
            {
                "person_id": pl.Series(np.arange(first, first + n)),
                "national_id": fixed_digits(number, 11),
                "id_type": enum_series(d_number, ID_TYPES),
                "given_name": enum_series(given, shared.given_names),
                "family_name": enum_series(family_name, shared.family_names),
                "birth_family_name": enum_series(birth_name, shared.family_names),
                "sex": enum_series(male, SEXES),
                "birth_date": date_series(birth),
                "death_date": date_series(death, alive),
                "municipality_code": enum_series(town, shared.municipality_codes),
                "postcode": enum_series(postcode, shared.postcodes),
                "place": enum_series(shared.place_of_postcode[postcode], shared.places),
                "street_address": _street_addresses(shared, street, letter_house),
                "phone": with_nulls(fixed_digits(phone, 8), no_phone),
                "email": email,
                "household_id": pl.Series(family.head + first, dtype=pl.Int64),
                "mother_id": ids(family.mother),
                "father_id": ids(family.father),
                "partner_id": ids(family.partner),
                "gp_hpr": pl.Series(gp, dtype=pl.Int32),
                "hospital_id": pl.Series(shared.municipalities["hospital_id"].to_numpy()[town], dtype=pl.Int32),
                "origin": enum_series(origin, ORIGIN_TYPE),
                "interpreter_needed": pl.Series(interpreter),
                "education": with_nulls(pl.Series(education, dtype=pl.Int8), unknown),
                "vip": pl.Series(vip),
            }
        )
    }


def _ages(rng: np.random.Generator, shared: Reference, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Ages in whole years on the reference date, and 1 for men. One systematic draw: the frame is met closely."""
    cells = np.stack([shared.age_share * shared.women_share, shared.age_share * (1 - shared.women_share)], axis=1)
    ends = np.cumsum(cells.ravel())
    cell = np.searchsorted(ends, (np.arange(n) + rng.random(n)) / n * ends[-1], side="right")
    cell = rng.permutation(np.minimum(cell, len(ends) - 1).astype(np.int32))
    return cell // 2, cell % 2


def _families(rng: np.random.Generator, plan: dict, age: np.ndarray, male: np.ndarray, year: np.ndarray) -> Family:
    partner = _couples(rng, plan["partner"], age, male)
    mother, carer = _mothers(rng, plan["parents"], age, male, year, partner)
    # A couple with one mother would be siblings: one of the two is left without a known mother.
    same = (partner != NONE) & (mother != NONE) & (mother == mother[partner]) & (np.arange(len(age)) < partner)
    mother[same] = NONE
    father = _fathers(rng, plan["parents"], age, male, partner, mother)
    same = (partner != NONE) & (father != NONE) & (father == father[partner]) & (np.arange(len(age)) < partner)
    father[same] = NONE
    head = _heads(rng, plan["home"], age, partner, mother, father, carer)
    return Family(partner, mother, father, head)


def _couples(rng: np.random.Generator, plan: dict, age: np.ndarray, male: np.ndarray) -> np.ndarray:
    """Partner of each person, matched by rank among the men of the wanted year of age."""
    n = len(age)
    partner = np.full(n, NONE)
    wives = np.flatnonzero((male == 0) & (rng.random(n) < banded(age, plan["from_age"], plan["share"])))
    wives = rng.permutation(wives)
    older = np.rint(rng.normal(plan["years_older_mean"], plan["years_older_sd"], len(wives))).astype(np.int64)
    wanted = np.maximum(age[wives] + older, ADULT + 1)
    men = rng.permutation(np.flatnonzero((male == 1) & (age > ADULT)))
    # Key: year of age and rank within it. Equal keys are a couple.
    keys_men = age[men] * n + rank_in_group(age[men])
    order = np.argsort(keys_men)
    keys_wives = wanted * n + rank_in_group(wanted)
    place = np.minimum(np.searchsorted(keys_men[order], keys_wives), max(len(men) - 1, 0))
    found = keys_men[order][place] == keys_wives if len(men) else np.zeros(len(wives), dtype=bool)
    wives, husbands = wives[found], men[order][place[found]]
    partner[wives], partner[husbands] = husbands, wives
    for sex in (0, 1):
        single = np.flatnonzero((male == sex) & (partner == NONE) & (age > 22) & (age < 80))
        chosen = single[rng.random(len(single)) < plan["same_sex_share"]]
        chosen = chosen[np.argsort(age[chosen], kind="stable")][: len(chosen) // 2 * 2]
        partner[chosen[::2]], partner[chosen[1::2]] = chosen[1::2], chosen[::2]
    return partner


def _draw_by_age(rng: np.random.Generator, candidates: np.ndarray, age: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """One of `candidates` of the wanted age for each entry of `wanted`; -1 where there is none of that age."""
    ordered = candidates[np.argsort(age[candidates].astype(np.uint8), kind="stable")]  # bytes are sorted fastest
    count = np.bincount(age[candidates], minlength=OLDEST)
    start = np.cumsum(count) - count
    here = count[wanted]
    place = start[wanted] + (rng.random(len(wanted)) * here).astype(np.int64)
    drawn = np.full(len(wanted), NONE)
    some = here > 0
    drawn[some] = ordered[place[some]]
    return drawn


def _mothers(rng, plan, age, male, year, partner) -> tuple[np.ndarray, np.ndarray]:
    """Mother of each person, and the adult at whose home a child lives (usually the mother)."""
    n = len(age)
    fertile = (male == 0) & (age >= plan["age_at_birth_min"]) & (rng.random(n) < plan["women_who_are_mothers"])
    pools = (np.flatnonzero(fertile & (partner == NONE)), np.flatnonzero(fertile & (partner != NONE)))
    mother = np.full(n, NONE)
    known = rng.random(n) < banded(age, plan["from_age"], plan["mother_known"])
    todo = np.flatnonzero(known | (age < ADULT))
    for _ in range(CONFLICT_ROUNDS):
        at_birth = rng.normal(plan["age_at_birth_mean"], plan["age_at_birth_sd"], len(todo))
        at_birth = np.clip(np.rint(at_birth), plan["age_at_birth_min"], plan["age_at_birth_max"]).astype(np.int64)
        with_partner = rng.random(len(todo)) < plan["mother_has_partner"]
        for pool, chosen in zip(pools, (~with_partner, with_partner), strict=True):
            mother[todo[chosen]] = _draw_by_age(rng, pool, age, age[todo[chosen]] + at_birth[chosen])
        todo = np.flatnonzero(_too_close(mother, year) | ((mother == NONE) & (age < ADULT)))
        if not len(todo):
            break
    carer = mother.copy()
    mother[_too_close(mother, year) | ~known] = NONE
    # In a small population a child may find no woman of the right age: the nearest adult in age takes it in.
    alone = np.flatnonzero((carer == NONE) & (age < ADULT))
    adults = np.flatnonzero(age >= ADULT)
    if len(alone) and len(adults):
        adults = adults[np.argsort(age[adults], kind="stable")]
        place = np.searchsorted(age[adults], age[alone] + round(plan["age_at_birth_mean"]))
        carer[alone] = adults[np.minimum(place, len(adults) - 1)]
    return mother, carer


def _too_close(mother: np.ndarray, year: np.ndarray) -> np.ndarray:
    """Who was born in the same year as a sibling or the year after: the later in the list of each such pair."""
    n = len(mother)
    children = np.flatnonzero(mother != NONE)
    # One number holds mother, year and child: plain sorting gives the same order on every machine.
    keys = np.sort(((mother[children] + 1) * 4096 + year[children]) * n + children)
    place, child = keys // n, keys % n
    close = np.zeros(n, dtype=bool)
    # The next mother's children are at least 4096 - 2100 + 1800 apart.
    close[child[1:]] = np.diff(place) <= 1
    return close


def _fathers(rng, plan, age, male, partner, mother) -> np.ndarray:
    father = np.full(len(age), NONE)
    child = np.flatnonzero(mother != NONE)
    step = partner[mother[child]]
    older = np.where(step == NONE, 0, age[step] - age[child])
    fits = (step != NONE) & (male[step] == 1) & (older >= ADULT) & (older <= 65)
    fits &= rng.random(len(child)) < plan["partner_is_father"]
    father[child[fits]] = step[fits]
    rest = child[~fits & (rng.random(len(child)) < plan["other_father_known"])]
    older = np.rint(rng.normal(plan["father_older_mean"], plan["father_older_sd"], len(rest))).astype(np.int64)
    wanted = np.maximum(age[mother[rest]] + older, age[rest] + ADULT)
    father[rest] = _draw_by_age(rng, np.flatnonzero((male == 1) & (age >= ADULT)), age, wanted)
    return father


def _heads(rng, plan, age, partner, mother, father, carer) -> np.ndarray:
    """Head of each person's home: of a couple the first in the list; of a child the parent's."""
    n = len(age)
    head = np.arange(n)
    couple = partner != NONE
    head[couple] = np.minimum(head[couple], partner[couple])
    parent = np.where(mother != NONE, mother, carer)
    apart = (father != NONE) & (mother != NONE) & (partner[mother] != father)
    with_father = (apart & (rng.random(n) < plan["child_lives_with_father"])) | ((parent == NONE) & (father != NONE))
    parent = np.where(with_father, father, parent)
    at_home = (parent != NONE) & ~couple & (rng.random(n) < banded(age, plan["from_age"], plan["lives_with_parents"]))
    head[at_home] = parent[at_home]
    return _follow(head)


def _follow(pointer: np.ndarray) -> np.ndarray:
    """Where a chain of pointers ends; an end points to itself."""
    for _ in range(DOUBLINGS):
        pointer = pointer[pointer]
    return pointer


def _origins(rng, plan, age, male, family: Family) -> np.ndarray:
    n = len(age)
    shares = [banded(age, plan["from_age"], plan[name]) for name in ORIGINS[:2]]
    draw = rng.random(n)
    drawn = (draw >= shares[0]).astype(np.int64) + (draw >= shares[0] + shares[1])
    roots = family.mother == NONE
    origin = drawn[_follow(np.where(roots, np.arange(n), family.mother))]
    follows = (family.partner != NONE) & (male == 1) & roots & (rng.random(n) < plan["shared_by_couple"])
    origin[follows] = origin[family.partner[follows]]
    return origin


def _deaths(rng, plan, age, male) -> tuple[np.ndarray, np.ndarray]:
    """Date of death within the two years of history, and who is alive on the reference date."""
    n = len(age)
    days = (REFERENCE_DATE - HISTORY_START).days
    rate = np.exp(plan["intercept"] + plan["slope"] * age) * np.where(male == 1, plan["male_factor"], 1.0)
    # Two years of age and more: a younger child would need a death after a birth inside the window.
    dies = (age >= 2) & (rng.random(n) < 1 - np.exp(-rate * days / 365.25))
    return np.datetime64(HISTORY_START) + rng.integers(0, days, n), ~dies


def _family_names(rng, shared: Reference, plan, age, male, origin, family: Family) -> tuple[np.ndarray, np.ndarray]:
    """Present family name and family name at birth, as codes."""
    n = len(age)
    own = shared.family_pools.draw(rng, origin)
    from_father = (family.father != NONE) & ((family.mother == NONE) | (rng.random(n) < plan["surname_of_father"]))
    pointer = np.where(from_father, family.father, np.where(family.mother != NONE, family.mother, np.arange(n)))
    at_birth = own[_follow(pointer)]
    share = np.where(age >= 55, plan["takes_surname_of_partner_from_55"], plan["takes_surname_of_partner_under_55"])
    takes = (family.partner != NONE) & (male == 0) & (male[family.partner] == 1) & (rng.random(n) < share)
    return np.where(takes, at_birth[family.partner], at_birth), at_birth


def _homes(rng, shared: Reference, plan, family: Family, n: int):
    """Municipality, postcode, street and house (number and letter) of every person; one draw a home."""
    town = shared.municipality_pool.draw(rng, np.zeros(n, dtype=np.int8))
    follows = (family.mother != NONE) & (rng.random(n) < plan["home"]["stays_in_municipality_of_mother"])
    town = np.where(follows, town[family.head[family.mother]], town)[family.head]
    heads = np.flatnonzero(family.head == np.arange(n))
    postcode = shared.postcode_pools.draw(rng, town[heads])
    address = plan["address"]
    street = (postcode * 7 + rng.integers(0, address["streets_per_postcode"], len(heads))) % len(shared.streets)
    house = rng.integers(1, address["highest_house_number"] + 1, len(heads))
    letter = np.where(rng.random(len(heads)) < address["house_letter"], rng.integers(1, 5, len(heads)), 0)
    home = np.empty(n, dtype=np.int32)
    home[heads] = np.arange(len(heads))
    home = home[family.head]
    return town, postcode[home], street[home], (house * 5 + letter)[home]


def _street_addresses(shared: Reference, street: np.ndarray, letter_house: np.ndarray) -> pl.Series:
    houses = _houses(shared.planning["address"]["highest_house_number"])
    return shared.streets.gather(street) + houses.gather(letter_house)


@lru_cache(maxsize=1)
def _houses(highest: int) -> pl.Series:
    return pl.Series([f" {number}{letter}" for number in range(highest + 1) for letter in ("", "A", "B", "C", "D")])


def _gps(rng, ctx: Block, plan, town: np.ndarray, head: np.ndarray) -> np.ndarray:
    pools = ctx.pools
    share = rng.random(len(town))
    share = np.where(rng.random(len(town)) < plan["address"]["own_gp"], share, share[head])
    return pools.gp_hpr[pools.gp_start[town] + (share * pools.gp_count[town]).astype(np.int64)]


def _education(rng, plan, age, abroad) -> tuple[np.ndarray, np.ndarray]:
    """Level 1-4, and where it is null: under 18 or unknown."""
    bounded = np.maximum(age, ADULT)
    draw = rng.random(len(age))
    level = 1 + sum((draw >= banded(bounded, plan["from_age"], plan[f"level_{k}"])).astype(np.int64) for k in (1, 2, 3))
    unknown = rng.random(len(age)) < np.where(abroad, plan["unknown_abroad"], plan["unknown"])
    return level, (age < ADULT) | unknown


def _emails(rng, shared: Reference, plan, age, given, family_name) -> pl.Series:
    """given.family<number>@reserved domain, null for children and those without."""
    n = len(age)
    missing = np.where(age >= 75, plan["email_missing_from_75"], plan["email_missing_under_75"])
    none = (age < plan["email_from_age"]) | (rng.random(n) < missing)
    tails = _tails(tuple(plan["email_domains"]))
    tail = rng.integers(0, len(tails), n)
    has = np.flatnonzero(~none)
    parts = shared.given_folded.gather(given[has]), shared.family_folded.gather(family_name[has])
    address = pl.select(pl.concat_str(parts[0], pl.lit("."), parts[1], tails.gather(tail[has]))).to_series()
    return address.gather(with_nulls(pl.Series(np.cumsum(~none, dtype=np.uint32) - 1), none))


@lru_cache(maxsize=1)
def _tails(domains: tuple[str, ...]) -> pl.Series:
    return pl.Series([f"{number}@{domain}" for number in range(1, 100) for domain in domains])
