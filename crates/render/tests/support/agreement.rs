//! Holds the renderer's pictures against those that `raster` makes on the CPU from the same list.

use image::RgbaImage;
use visionflow_model::Color;
use visionflow_raster::{Bitmap, Canvas, Painter, Photo};
use visionflow_scene::{Camera, Scene, SpriteId, Viewport};

/// The mean difference of a channel, of 255: both compute the same coverage from the same
/// distances, but a software GPU rounds a colour to eight bits before it is blended, which leaves
/// one step where something half transparent lies. The golden scenes come to 0.36 at most.
const MEAN: f64 = 0.5;
/// A pixel differs when a channel is off by more than this,
const CHANNEL: u8 = 6;
/// and so many of them may: where an edge falls exactly between two pixels. On lavapipe it is none.
const SHARE: f64 = 0.001;

/// Draws the scene on the CPU and compares.
pub fn check_agreement(
    name: &str,
    scene: &mut Scene,
    camera: &Camera,
    viewport: Viewport,
    expected: &RgbaImage,
) {
    let drawn = on_cpu(scene, camera, viewport, None, &[]);
    check_close(name, &drawn, expected);
}

/// The scene's picture with a photograph and painted texts, drawn on the CPU.
pub fn on_cpu(
    scene: &mut Scene,
    camera: &Camera,
    viewport: Viewport,
    mut photo: Option<Photo>,
    texts: &[(SpriteId, Bitmap)],
) -> RgbaImage {
    scene.invalidate_gpu();
    let list = scene.draw_list(camera, viewport);
    let Color { r, g, b } = list.background;
    let side = |css: f64| (css * viewport.pixel_ratio) as u32;
    let (width, height) = (side(viewport.width), side(viewport.height));
    let mut canvas = Canvas::new(width, height, [r, g, b, 255]);
    let mut painter = Painter::default();
    painter.take(list);
    for (id, bitmap) in texts {
        painter.set_text_sprite(*id, bitmap.clone());
    }
    painter
        .paint(list, photo.as_mut(), &mut canvas)
        .expect("a painter without a limit");
    picture_of(&canvas)
}

/// The pixels of a canvas.
fn picture_of(canvas: &Canvas) -> RgbaImage {
    let (width, height) = canvas.size();
    let bytes = (0..height).flat_map(|y| canvas.row(y).flatten().collect::<Vec<_>>());
    RgbaImage::from_raw(width, height, bytes.collect()).expect("rows of the right length")
}

/// Holds a picture of the CPU against one of the GPU.
pub fn check_close(name: &str, cpu: &RgbaImage, gpu: &RgbaImage) {
    let (mut sum, mut off) = (0_u64, 0_u64);
    for (a, b) in cpu.pixels().zip(gpu.pixels()) {
        let gaps = [0, 1, 2].map(|channel| a.0[channel].abs_diff(b.0[channel]));
        sum += gaps.iter().map(|gap| u64::from(*gap)).sum::<u64>();
        off += u64::from(gaps.iter().any(|gap| *gap > CHANNEL));
    }
    let pixels = f64::from(gpu.width() * gpu.height());
    let (mean, share) = (sum as f64 / pixels / 3.0, off as f64 / pixels);
    if mean > MEAN || share > SHARE {
        let path = |part: &str| {
            let file = format!("{name}.{part}.png");
            std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(file)
        };
        cpu.save(path("cpu")).expect("the picture can be kept");
        gpu.save(path("gpu")).expect("the picture can be kept");
        panic!(
            "{name}: a channel is off by {mean:.3} on average, {off} pixels by more: {}",
            path("cpu").display()
        );
    }
}
