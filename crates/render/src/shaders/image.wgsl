// One tile of the image, over a checkerboard where it is transparent.

struct View {
    center: vec2<f32>,
    center_px: vec2<f32>,
    size: vec2<f32>,
    scale: f32,
    ratio: f32,
}

struct Tile {
    // Relative to the draw list's origin, in image pixels.
    low: vec2<f32>,
    high: vec2<f32>,
}

@group(0) @binding(0) var<uniform> view: View;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var pixels: texture_2d<f32>;
@group(1) @binding(2) var pixel_sampler: sampler;

struct Varying {
    @builtin(position) position: vec4<f32>,
    @location(0) uv: vec2<f32>,
}

@vertex
fn vs_image(@builtin(vertex_index) vertex: u32) -> Varying {
    let right = vertex == 1u || vertex == 2u || vertex == 4u;
    let bottom = vertex == 2u || vertex == 4u || vertex == 5u;
    let corner = vec2<f32>(select(0.0, 1.0, right), select(0.0, 1.0, bottom));
    let p = mix(tile.low, tile.high, corner);
    let px = (p - view.center) * view.scale + view.center_px;
    let ndc = px / view.size * 2.0 - 1.0;
    return Varying(vec4<f32>(ndc.x, -ndc.y, 0.0, 1.0), corner);
}

@fragment
fn fs_image(in: Varying) -> @location(0) vec4<f32> {
    let color = textureSample(pixels, pixel_sampler, in.uv);
    let cell = floor(in.position.xy / (8.0 * view.ratio));
    let odd = (cell.x + cell.y) - 2.0 * floor((cell.x + cell.y) * 0.5);
    let checker = vec3<f32>(0.55 + 0.15 * odd);
    return vec4<f32>(mix(checker, color.rgb, color.a), 1.0);
}
