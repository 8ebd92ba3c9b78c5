// A painted text at whole device pixels, texel for pixel.

struct Place {
    // The top-left corner and the size in device pixels.
    at: vec2<f32>,
    size: vec2<f32>,
    // The size of the target in device pixels.
    target_size: vec2<f32>,
    unused: vec2<f32>,
}

@group(0) @binding(0) var<uniform> place: Place;
@group(1) @binding(0) var pixels: texture_2d<f32>;

@vertex
fn vs_sprite(@builtin(vertex_index) vertex: u32) -> @builtin(position) vec4<f32> {
    let right = vertex == 1u || vertex == 2u || vertex == 4u;
    let bottom = vertex == 2u || vertex == 4u || vertex == 5u;
    let corner = vec2<f32>(select(0.0, 1.0, right), select(0.0, 1.0, bottom));
    let ndc = (place.at + place.size * corner) / place.target_size * 2.0 - 1.0;
    return vec4<f32>(ndc.x, -ndc.y, 0.0, 1.0);
}

@fragment
fn fs_sprite(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let texel = vec2<i32>(floor(position.xy - place.at));
    let color = textureLoad(pixels, texel, 0);
    return vec4<f32>(color.rgb * color.a, color.a);
}
