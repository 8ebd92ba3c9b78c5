//! Times of what people wait for, on one core: `cargo run --release -p visionflow-geometry --example
//! figures`.

use std::hint::black_box;
use std::time::{Duration, Instant};
use visionflow_geometry::{
    Connectivity, Mask, MaskDelta, PixelView, Point, Polygon, Rect, Scissors, Simplify, Wand,
};

fn main() {
    let image = Rect::from_size(6000.0, 4000.0);
    let everything = Polygon::from_ring(image.corners().to_vec());
    let blob = wavy(3000.0, 2000.0, 1500.0, 2000);
    let mask = Mask::from_polygon(&blob, image);
    println!(
        "mask of {} pixels in {} tiles",
        mask.area(),
        mask.tiles().len()
    );

    let segment = [Point::new(1000.3, 900.1), Point::new(1024.9, 911.7)];
    let mut painted = mask.clone();
    time(
        "brush of 40 px, one segment of 27 px, repeated",
        1000,
        || {
            painted.erase(&segment, 20.0, image);
            painted.paint(&segment, 20.0, image);
        },
    );
    time("the same on a copy, tiles shared", 1000, || {
        let mut copy = mask.clone();
        copy.erase(&segment, 20.0, image);
        copy
    });
    time("delta of that stroke", 1000, || {
        MaskDelta::between(&mask, &painted)
    });
    time("24 MP rectangle to mask", 20, || {
        Mask::from_polygon(&everything, image)
    });
    time("2,000 vertices, 7 MP, to mask", 20, || {
        Mask::from_polygon(&blob, image)
    });
    time("7 MP mask to polygon", 20, || mask.to_polygons());
    time("7 MP mask to COCO's string", 20, || {
        mask.to_rle_string(6000, 4000)
    });
    let text = mask.to_rle_string(6000, 4000);
    time("and back", 20, || Mask::from_rle_string(&text, 6000, 4000));
    time("union of two 7 MP masks", 20, || {
        mask.union(&mask.translated(37, 91))
    });
    time("components", 20, || mask.components(Connectivity::Eight));
    let tile = mask.tiles().max_by_key(|(_, tile)| tile.to_bytes().len());
    let bytes = tile.map(|(_, tile)| tile.to_bytes().len());
    println!("the largest tile takes {bytes:?} bytes");

    let other = wavy(3400.0, 2100.0, 1500.0, 2000);
    time("union of two polygons of 2,000 vertices", 20, || {
        blob.union(&other)
    });
    time("slice of 2,000 vertices", 20, || {
        blob.sliced(&[Point::new(0.0, 1900.0), Point::new(6000.0, 2100.0)])
    });
    let million = wavy(3000.0, 2000.0, 1500.0, 1_000_000);
    time("a million vertices simplified to 1 px", 1, || {
        million.simplified(Simplify::Distance(1.0))
    });
    time("a million vertices repaired", 1, || million.repaired());
    time("a million vertices looked at for crossings", 1, || {
        million.self_intersects()
    });

    let view = photograph(2000, 2000);
    let seed = Point::new(1000.0, 1000.0);
    time("wand over 4 MP", 5, || Wand::default().select(&view, seed));
    let smooth = Wand {
        smoothing: 3,
        ..Wand::default()
    };
    time("wand over 4 MP with smoothing", 5, || {
        smooth.select(&view, seed)
    });
    time("scissors: anchor with a reach of 256", 10, || {
        Scissors::new(&view, seed, 256)
    });
    let mut scissors = Scissors::new(&view, seed, 256).expect("the seed is in the view");
    let far = Point::new(1250.0, 1240.0);
    time("scissors: the first path to the corner", 1, || {
        scissors.path_to(far, 1.0)
    });
    time("scissors: each path after", 100, || {
        scissors.path_to(far, 1.0)
    });
}

fn time<T>(what: &str, times: u32, mut run: impl FnMut() -> T) {
    let (start, used) = (Instant::now(), on_core());
    for _ in 0..times {
        black_box(run());
    }
    let spent = match (used, on_core()) {
        (Some(before), Some(after)) => after.saturating_sub(before),
        _ => start.elapsed(),
    };
    println!("{what}: {:.2?}", spent / times);
}

/// How long this thread has been on a core, where Linux tells: a busy machine does not distort it.
fn on_core() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split_whitespace().next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

fn wavy(x: f64, y: f64, radius: f64, count: u32) -> Polygon {
    let points = (0..count).map(|i| {
        let angle = f64::from(i) / f64::from(count) * std::f64::consts::TAU;
        let radius = radius * (1.0 + 0.1 * (angle * 13.0).sin());
        Point::new(x + radius * angle.cos(), y + radius * angle.sin())
    });
    Polygon::from_ring(points.collect())
}

/// A soft disc on a gradient, with noise.
fn photograph(width: u32, height: u32) -> PixelView {
    let mut noise = 1_u32;
    let pixels = (0..width * height).flat_map(|i| {
        let (x, y) = (f64::from(i % width), f64::from(i / width));
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let inside = (x - 1000.0).hypot(y - 1000.0) < 600.0;
        let grey = if inside { 90 } else { 170 } + (noise >> 29) as u8;
        [grey, grey / 2 + (x / 40.0) as u8, grey, 255]
    });
    let rgba = pixels.collect();
    PixelView::new(Point::default(), 1.0, width, height, rgba).expect("as many bytes as it says")
}
