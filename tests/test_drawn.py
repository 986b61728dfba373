"""Draws of corridors, added up a run of corridors at a time."""

import tracemalloc

import numpy as np
import pytest
from test_latent import joined, legs

from entrepot.diversion.drawn import Drawn, Places, draw_all
from entrepot.diversion.intervals import DRAWS
from entrepot.diversion.latent import BLOCK, fuse, joint
from entrepot.diversion.score import MATERIALITY
from entrepot.diversion.split import at_least, draw, interval

SIZE = (7, 3, 2)


def places(count):
    row = np.arange(count) % SIZE[0]
    return Places(row, np.arange(count) % SIZE[1], row % SIZE[2], SIZE)


@pytest.fixture(scope="module")
def of():
    """More corridors than are held at once, the last run not full."""
    calm = legs(BLOCK + 200, ghost=0.0, onward=0.0)
    return joined(calm, legs(60, 0.6, ghost=0.6), legs(40, 0.5, ghost=0.0, onward=0.5))


@pytest.fixture(scope="module")
def found(of):
    return draw_all(of, fuse(of), places(len(of.observed)), seed=5)


@pytest.fixture(scope="module")
def single(of):
    """Draws of every corridor, made in the same order."""
    chances, rng = joint(of, fuse(of)), np.random.default_rng(5)
    parts = [
        draw(chances[run], of.observed[run], rng)
        for run in (slice(0, BLOCK), slice(BLOCK, len(chances)))
    ]
    return tuple(
        np.concatenate([getattr(part, way) for part in parts]) for way in ("intermediated", "ghost")
    )


def test_corridors_keep_median_ends_and_mean_of_their_draws(of, found, single):
    gone_on, ghost = single
    assert found.diverted == pytest.approx(interval(gone_on + ghost))
    assert found.intermediated == pytest.approx(interval(gone_on))
    assert found.ghost == pytest.approx(interval(ghost))
    assert found.mean == pytest.approx((gone_on + ghost).mean(axis=1))
    assert found.ghost[-80, 0] > 0.4 * of.observed[-80]
    assert found.intermediated[-1, 0] > 0.4 * of.observed[-1]


def test_draws_are_added_up_by_partner_and_chapter_and_by_commodity(of, found, single):
    where, (gone_on, ghost) = places(len(of.observed)), single
    for partner in range(SIZE[1]):
        for chapter in range(SIZE[2]):
            mine = (where.column == partner) & (where.chapter == chapter)
            at = (partner, chapter)
            assert found.split.intermediated[at] == pytest.approx(gone_on[mine].sum(axis=0))
            assert found.split.ghost[at] == pytest.approx(ghost[mine].sum(axis=0))
    for commodity in range(SIZE[0]):
        both = (gone_on + ghost)[where.row == commodity]
        assert found.made_up[commodity] == pytest.approx(both.sum(axis=0))


def test_material_diversion_is_that_of_the_chances(of, found):
    chances = joint(of, fuse(of))
    assert found.material == pytest.approx(at_least(chances, of.observed, MATERIALITY))
    assert found.material[-80] > 0.9
    assert found.material[0] < 0.1


def test_no_corridor_has_sums_of_nothing():
    nobody = legs(0)
    found = draw_all(nobody, fuse(nobody), places(0), seed=1)
    assert isinstance(found, Drawn)
    assert found.diverted.shape == (0, 3)
    assert (found.split.diverted == 0).all()


def test_memory_grows_with_what_is_kept_and_not_with_draws():
    def most(count):
        of = legs(count, excess=0.5, ghost=0.5)
        posterior = fuse(of)
        tracemalloc.start()
        try:
            draw_all(of, posterior, places(count), seed=1)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    some, more = most(BLOCK), most(3 * BLOCK)
    assert (more - some) / (2 * BLOCK) < 8 * DRAWS / 10  # a tenth of the draws of one way
