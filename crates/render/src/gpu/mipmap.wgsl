// Half-size copy of a texture: the linear sampler averages four pixels at each target's centre.

@group(0) @binding(0) var pixels: texture_2d<f32>;
@group(0) @binding(1) var pixel_sampler: sampler;

struct Varying {
    @builtin(position) position: vec4<f32>,
    @location(0) uv: vec2<f32>,
}

@vertex
fn vs_mipmap(@builtin(vertex_index) vertex: u32) -> Varying {
    // One triangle that covers the target.
    let uv = vec2<f32>(f32((vertex << 1u) & 2u), f32(vertex & 2u));
    return Varying(vec4<f32>(uv.x * 2.0 - 1.0, 1.0 - uv.y * 2.0, 0.0, 1.0), uv);
}

@fragment
fn fs_mipmap(in: Varying) -> @location(0) vec4<f32> {
    return textureSample(pixels, pixel_sampler, in.uv);
}
