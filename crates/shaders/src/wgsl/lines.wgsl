// Grids over the image and a crosshair over the view, all in device pixels.

struct Lines {
    image: vec4<f32>,
    grid_through: vec2<f32>,
    pixels_through: vec2<f32>,
    grid_step: f32,
    pixel_step: f32,
    crosshair: vec2<f32>,
    width: f32,
    has_crosshair: f32,
    unused: vec2<f32>,
}

@group(1) @binding(0) var<uniform> lines: Lines;

@vertex
fn vs_lines(@builtin(vertex_index) vertex: u32) -> @builtin(position) vec4<f32> {
    // One triangle that covers the target.
    let uv = vec2<f32>(f32((vertex << 1u) & 2u), f32(vertex & 2u));
    return vec4<f32>(uv.x * 2.0 - 1.0, 1.0 - uv.y * 2.0, 0.0, 1.0);
}

fn coverage(distance: f32, width: f32) -> f32 {
    return clamp(width * 0.5 + 0.5 - distance, 0.0, 1.0);
}

// The distance to the nearest line of a grid.
fn grid_distance(p: vec2<f32>, through: vec2<f32>, step: f32) -> f32 {
    let steps = (p - through) / step;
    let off = abs(steps - round(steps)) * step;
    return min(off.x, off.y);
}

fn over(top: vec4<f32>, below: vec4<f32>) -> vec4<f32> {
    return top + below * (1.0 - top.a);
}

@fragment
fn fs_lines(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let p = position.xy;
    var color = vec4<f32>(0.0);
    let inside = all(p >= lines.image.xy - 0.5) && all(p <= lines.image.zw + 0.5);
    if inside && lines.pixel_step > 0.0 {
        let distance = grid_distance(p, lines.pixels_through, lines.pixel_step);
        color = vec4<f32>(0.5, 0.5, 0.5, 1.0) * (0.45 * coverage(distance, lines.width));
    }
    if inside && lines.grid_step > 0.0 {
        let distance = grid_distance(p, lines.grid_through, lines.grid_step);
        let line = vec4<f32>(0.25, 0.75, 1.0, 1.0) * (0.6 * coverage(distance, lines.width));
        color = over(line, color);
    }
    if lines.has_crosshair > 0.0 {
        let off = abs(p - lines.crosshair);
        let distance = min(off.x, off.y);
        // White with dark edges, which shows on anything.
        let edge = vec4<f32>(0.0, 0.0, 0.0, 1.0) * (0.5 * coverage(distance, lines.width * 3.0));
        let line = vec4<f32>(1.0) * (0.9 * coverage(distance, lines.width));
        color = over(line, over(edge, color));
    }
    return color;
}
