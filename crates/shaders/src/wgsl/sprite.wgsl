// A painted text: texel for pixel at whole device pixels, or stretched over a part of the image.

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

// Multiplied by its alpha, so that what is transparent has no colour to mix in.
fn texel(at: vec2<i32>, last: vec2<i32>) -> vec4<f32> {
    let color = textureLoad(pixels, clamp(at, vec2<i32>(0), last), 0);
    return vec4<f32>(color.rgb * color.a, color.a);
}

@fragment
fn fs_sprite(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let dimensions = vec2<i32>(textureDimensions(pixels));
    let last = dimensions - 1;
    // At one texel a pixel this is the centre of one texel, exactly.
    let at = (position.xy - place.at) / place.size * vec2<f32>(dimensions) - 0.5;
    let low = vec2<i32>(floor(at + 1e-4));
    let part = max(at - vec2<f32>(low), vec2<f32>(0.0));
    let top = mix(texel(low, last), texel(low + vec2<i32>(1, 0), last), part.x);
    let bottom = mix(texel(low + vec2<i32>(0, 1), last), texel(low + vec2<i32>(1, 1), last), part.x);
    return mix(top, bottom, part.y);
}
