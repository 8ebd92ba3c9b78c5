// One tile of the image, looked at through window, contrast and channel, over a checkerboard
// where it is transparent.

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
    // How the texture's channels are read: see `TileFormat`.
    format: u32,
    pad0: u32,
    pad1: u32,
    pad2: u32,
}

struct Look {
    // The value that becomes black, and one over the window's width.
    window_low: f32,
    window_factor: f32,
    brightness: f32,
    contrast: f32,
    inverse_gamma: f32,
    // 1 inverts.
    invert: f32,
    channel: u32,
    pad0: u32,
}

@group(0) @binding(0) var<uniform> view: View;
@group(1) @binding(0) var<uniform> tile: Tile;
@group(1) @binding(1) var pixels: texture_2d<f32>;
@group(1) @binding(2) var pixel_sampler: sampler;
@group(1) @binding(3) var<uniform> look: Look;

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

// The texture's channels as a colour.
fn color_of(texel: vec4<f32>) -> vec4<f32> {
    if tile.format == 1u {
        return vec4<f32>(texel.rrr, 1.0);
    }
    if tile.format == 2u {
        // High and low byte are filtered apart; the sum of both is linear in each.
        let value = (texel.r * 65280.0 + texel.g * 255.0) / 65535.0;
        return vec4<f32>(vec3<f32>(value), 1.0);
    }
    return texel;
}

fn looked_at(color: vec3<f32>) -> vec3<f32> {
    var c = clamp((color - look.window_low) * look.window_factor, vec3<f32>(0.0), vec3<f32>(1.0));
    c = (c - 0.5) * look.contrast + 0.5 + look.brightness;
    c = pow(clamp(c, vec3<f32>(0.0), vec3<f32>(1.0)), vec3<f32>(look.inverse_gamma));
    c = mix(c, 1.0 - c, look.invert);
    switch look.channel {
        case 1u: { return c.rrr; }
        case 2u: { return c.ggg; }
        case 3u: { return c.bbb; }
        case 4u: { return vec3<f32>(dot(c, vec3<f32>(0.2126, 0.7152, 0.0722))); }
        default: { return c; }
    }
}

@fragment
fn fs_image(in: Varying) -> @location(0) vec4<f32> {
    let color = color_of(textureSample(pixels, pixel_sampler, in.uv));
    let cell = floor(in.position.xy / (8.0 * view.ratio));
    let odd = (cell.x + cell.y) - 2.0 * floor((cell.x + cell.y) * 0.5);
    let checker = vec3<f32>(0.55 + 0.15 * odd);
    return vec4<f32>(mix(checker, looked_at(color.rgb), color.a), 1.0);
}
