from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.query.layers import Layers


@given(
    st.lists(st.tuples(st.integers(0, 90), st.booleans(), st.booleans()), max_size=400),
    st.sampled_from([2, 32]),
)
def test_what_is_there_is_compiled_and_what_went_is_told(
    changes: list[tuple[int, bool, bool]], size: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.query.layers._MOST_IN_THE_FIRST", size)
        patch.setattr("bot.query.layers._GROWTH", size)
        check_changes(changes)


def check_changes(changes: Sequence[tuple[int, bool, bool]]) -> None:
    layers: Layers[int, Sequence[int]] = Layers(tuple)
    there: set[int] = set()
    for thing, comes, is_asked in changes:
        if comes and thing not in there:
            layers.add(thing)
            there.add(thing)
        elif not comes and thing in there:
            layers.drop(thing)
            there.remove(thing)
        if is_asked:
            assert len(layers) == len(there)
            compiled = [thing for layer in layers.compiled() for thing in layer]
            assert len(compiled) == len(set(compiled))
            assert set(compiled) - layers.gone == there


def test_each_thing_more_has_few_compiled_anew() -> None:
    sizes: list[int] = []

    def compile_together(things: Sequence[int]) -> int:
        sizes.append(len(things))
        return len(things)

    layers = Layers(compile_together)
    for thing in range(10_000):
        layers.add(thing)
    assert layers.compiled() == [10_000]
    for thing in range(10_000, 12_000):
        layers.add(thing)
        assert sum(layers.compiled()) == thing + 1
    # The least would be one each; all of them each time would be 22 million.
    assert sum(sizes) < 10_000 + 2_000 * 60
    assert sum(size >= 10_000 for size in sizes) == 2


def test_most_of_it_gone_the_rest_is_compiled_alone() -> None:
    layers: Layers[int, Sequence[int]] = Layers(tuple)
    for thing in range(1_000):
        layers.add(thing)
    assert [len(layer) for layer in layers.compiled()] == [1_000]
    for thing in range(995):
        layers.drop(thing)
    assert sum(len(layer) for layer in layers.compiled()) < 100
    assert len(layers) == 5
