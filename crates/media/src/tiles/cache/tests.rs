//! Order of loading, what shows meanwhile, and the budget.

use super::*;
use crate::tiles::Orientation;
use visionflow_geometry::Point;

const TILE_BYTES: usize = 512 * 512 * 4;

fn cache(budget_tiles: usize) -> TileCache {
    let pyramid = Pyramid::halved(40_000, 40_000, 512, Orientation::UPRIGHT);
    TileCache::new(pyramid, budget_tiles * TILE_BYTES)
}

/// A view of 1280 × 800 device pixels with its corner at a point of the picture.
fn view(x: f64, y: f64, scale: f64) -> Rect {
    Rect::from_corners(
        Point::new(x, y),
        Point::new(x + 1280.0 / scale, y + 800.0 / scale),
    )
}

/// Loads until nothing is wanted; the most bytes there ever were.
fn settle(cache: &mut TileCache, view: Rect, scale: f64) -> usize {
    let mut most = 0;
    for _ in 0..1000 {
        let frame = cache.frame(view, scale);
        most = most.max(cache.used_bytes());
        if frame.load.is_empty() {
            return most;
        }
        for tile in frame.load {
            assert!(cache.arrived(tile, TILE_BYTES));
        }
    }
    panic!("never settles");
}

#[test]
fn the_coarsest_comes_first_and_shows_at_once() {
    let mut cache = cache(200);
    let first = cache.frame(view(10_000.0, 10_000.0, 1.0), 1.0);
    assert!(first.draw.is_empty());
    assert_eq!(first.load[0], TileId::new(7, 0, 0));
    assert!(
        first
            .load
            .is_sorted_by_key(|tile| std::cmp::Reverse(tile.level))
    );
    cache.arrived(first.load[0], TILE_BYTES);
    let second = cache.frame(view(10_000.0, 10_000.0, 1.0), 1.0);
    assert_eq!(second.draw, [TileId::new(7, 0, 0)]);
    assert!(!cache.is_complete());
}

#[test]
fn a_settled_view_draws_its_own_level_alone() {
    let mut cache = cache(200);
    settle(&mut cache, view(10_000.0, 10_000.0, 1.0), 1.0);
    let frame = cache.frame(view(10_000.0, 10_000.0, 1.0), 1.0);
    assert!(cache.is_complete());
    assert!(frame.draw.iter().all(|tile| tile.level == 0));
    assert!(!frame.draw.is_empty());
    assert!(frame.load.is_empty() && frame.cancel.is_empty());
}

#[test]
fn what_left_the_view_is_cancelled() {
    let mut cache = cache(200);
    let first = cache.frame(view(0.0, 0.0, 1.0), 1.0);
    let far = cache.frame(view(30_000.0, 30_000.0, 1.0), 1.0);
    assert!(!far.cancel.is_empty());
    let cancelled = far.cancel[0];
    assert!(first.load.contains(&cancelled));
    assert!(!cache.arrived(cancelled, TILE_BYTES), "nobody waits for it");
    assert!(
        !far.cancel.contains(&TileId::new(7, 0, 0)),
        "the base stays wanted"
    );
}

#[test]
fn the_budget_holds_on_a_long_way() {
    let mut cache = cache(100);
    let mut most = 0;
    for step in 0..60 {
        let at = f64::from(step) * 600.0;
        most = most.max(settle(&mut cache, view(at, at / 2.0, 1.0), 1.0));
    }
    let before = cache.used_bytes();
    cache.frame(view(0.0, 0.0, 1.0), 1.0);
    assert!(cache.used_bytes() <= before);
    // A batch arrives before the next frame can forget anything.
    assert!(most <= (100 + IN_FLIGHT) * TILE_BYTES, "{most}");
    assert!(cache.used_bytes() <= 100 * TILE_BYTES);
}

#[test]
fn a_view_beyond_the_budget_takes_a_coarser_level() {
    let mut cache = cache(11);
    settle(&mut cache, view(0.0, 0.0, 1.0), 1.0);
    let frame = cache.frame(view(0.0, 0.0, 1.0), 1.0);
    assert!(frame.draw.iter().all(|tile| tile.level == 1), "{frame:?}");
}

#[test]
fn a_tile_that_failed_is_not_asked_for_again() {
    let mut cache = cache(100);
    let place = view(0.0, 0.0, 1.0);
    let first = cache.frame(place, 1.0);
    for tile in &first.load {
        cache.failed(*tile);
    }
    let second = cache.frame(place, 1.0);
    assert!(second.load.iter().all(|tile| !first.load.contains(tile)));
}

#[test]
fn a_lost_gpu_gets_everything_again() {
    let mut cache = cache(100);
    let place = view(0.0, 0.0, 0.02);
    settle(&mut cache, place, 0.02);
    cache.forget_all();
    let frame = cache.frame(place, 0.02);
    assert!(frame.draw.is_empty());
    assert_eq!(frame.load[0], TileId::new(7, 0, 0));
}
