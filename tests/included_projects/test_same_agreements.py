"""An agreement that each of its parties tells of is one; look-alikes stay apart."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qjmap.included_projects.agreement_names import short_forms, topic
from qjmap.included_projects.same_agreements import Agreement, same_agreements
from tests.properties import examples

PARTIES = frozenset(("甲水区", "乙山市", "东江省"))
FIRST = Agreement("a.x", 0, ("甲水区与乙山市铁路合作协议",), ("p", "q"), PARTIES, "agreement", start="2020-09-15")


def are_one(first: Agreement, second: Agreement) -> bool:
    return same_agreements([first, second]).members(first.id) == {first.id, second.id}


def other(name: str, **changes: object) -> Agreement:
    return replace(FIRST, id="b.x", project=1, names=(name,), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "name",
    [
        "甲水区与乙山市铁路合作协议",
        "乙山—甲水 铁路合作框架协议",
        "东江省乙山市、甲水区共建铁路战略合作协议书",
        "《关于推进甲水乙山铁路协同发展的备忘录》",
        "铁路合作",
        "甲乙铁路协议",
    ],
)
@pytest.mark.parametrize("parties", list(itertools.permutations(("p", "q"))))
@pytest.mark.parametrize("start", ["", "2020", "2020-09", "2020-09-15"])
def test_wording_order_of_parties_and_precision_of_dates_do_not_matter(
    name: str, parties: tuple[str, ...], start: str
) -> None:
    assert are_one(FIRST, other(name, parties=parties, start=start))


@pytest.mark.parametrize(
    "unlike",
    [
        other("甲水区与乙山市公路合作协议"),
        other("甲水区与乙山市铁路合作协议", start="2021-09-15"),
        other("甲水区与乙山市铁路合作协议", start="2020-10"),
        other("甲水区与乙山市铁路合作协议", parties=("p", "r")),
        other("甲水区与乙山市铁路合作协议", parties=("p", "q", "r")),
        other("甲水区与乙山市铁路合作补充协议"),
        other("甲水区与乙山市铁路二期合作协议"),
        other("甲水区与乙山市东站铁路合作协议"),
        other("甲水区与乙山市合作框架协议"),
        other("甲水区与乙山市铁路合作协议", kind="supply"),
        other("甲水区与乙山市铁路合作协议", end="2019"),
    ],
)
def test_look_alikes_stay_apart(unlike: Agreement) -> None:
    assert not are_one(replace(FIRST, end="2025"), unlike)


def test_where_the_order_counts_the_first_party_must_be_the_same() -> None:
    directed = replace(FIRST, is_directed=True)
    assert are_one(directed, replace(directed, id="b.x", project=1))
    assert not are_one(directed, replace(directed, id="b.x", project=1, parties=("q", "p")))


def test_one_that_says_more_needs_the_same_month() -> None:
    more = other("甲水区与乙山市铁路货运合作协议", start="2020-09")
    assert are_one(FIRST, more)
    assert not are_one(FIRST, replace(more, start="2020"))


def test_the_best_matching_agreement_is_joined_and_equal_matches_are_not() -> None:
    exact, less = other("铁路合作协议"), replace(other("铁路货运合作协议"), id="b.y")
    groups = same_agreements([FIRST, exact, less])
    assert groups.members("a.x") == {"a.x", "b.x"}
    assert groups.members("b.y") == {"b.y"}
    twin = replace(exact, id="b.z")
    assert same_agreements([FIRST, exact, twin]).of(["a.x", "b.x", "b.z"]) == []


def test_each_project_tells_once_of_an_agreement_of_three() -> None:
    three = [replace(FIRST, id=f"{part}.x", project=number) for number, part in enumerate("abc")]
    assert same_agreements(three).members("a.x") == {"a.x", "b.x", "c.x"}


ROWS = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from(["铁路", "公路", "铁路货运", "", "铁路二期"]),
        st.sampled_from([("p", "q"), ("q", "p"), ("p", "r")]), st.sampled_from(["", "2020", "2020-09", "2021"]),
        st.sampled_from(["", "agreement", "supply"]),
    ),
    max_size=10,
)  # fmt: skip


@given(ROWS, st.randoms(use_true_random=False))
@examples(300)
def test_groups_depend_on_no_order_and_agree(
    rows: list[tuple[int, str, tuple[str, ...], str, str]], random: object
) -> None:
    told = [
        Agreement(f"{number:02}", part, (f"{about}合作协议",), parties, PARTIES, kind, start=start)
        for number, (part, about, parties, start, kind) in enumerate(rows)
    ]
    shuffled = [*told]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    ids = [one.id for one in told]
    groups = {*same_agreements(told).of(ids)}
    assert groups == {*same_agreements(shuffled).of(ids)}
    of = {one.id: one for one in told}
    for group in groups:
        assert len({of[one].project for one in group}) == len(group)
        assert len({of[one].key for one in group}) == 1


NAMES = st.text("甲乙丙水山江河原", min_size=2, max_size=3)
KINDS = st.sampled_from(["市", "县", "区", "自治县", "土家族自治县"])


@given(NAMES, KINDS, NAMES, KINDS, st.sampled_from(["铁路货运", "职业教育", "文旅", "医养", "仓储"]))
@examples(200)
def test_the_topic_of_an_agreement_does_not_depend_on_the_order_of_parties(
    one: str, kind: str, two: str, kind_two: str, about: str
) -> None:
    parties = short_forms((one + kind, two + kind_two))
    wordings = [
        f"{one}{kind}与{two}{kind_two}{about}合作协议",
        f"{two}{kind_two}、{one}{kind}{about}战略合作框架协议",
        f"{two}—{one}{about}协作备忘录",
        f"{about}合作",
    ]
    assert len({topic(name, parties) for name in wordings}) == 1
