// Tiles of masks; the end of `shapes.wgsl` where a layer has them.

// How much of a texel is in the mask; what lies beyond the tile is its neighbour's.
fn mask_share(in: Varying, at: vec2<i32>) -> f32 {
    let off = vec2<i32>(floor(vec2<f32>(at) / f32(TILE)));
    var place = in.data.y;
    if any(off != vec2<i32>(0)) {
        let around = clamp(off, vec2<i32>(-1), vec2<i32>(1)) + 1;
        let number = around.y * 3 + around.x;
        // The middle one is the tile itself.
        let index = u32(select(number, number - 1, number > 4));
        let next = texel(primitives, in.data.x * 2u + index / 4u)[index % 4u];
        if next == 0u {
            return 0.0;
        }
        place = next - 1u;
    }
    let across = textureDimensions(masks).x / u32(TILE);
    let in_layer = place % (across * across);
    let corner = vec2<u32>(in_layer % across, in_layer / across) * u32(TILE);
    let within = vec2<u32>(at - off * TILE);
    return textureLoad(masks, corner + within, place / (across * across), 0).r;
}

fn mask_smooth(in: Varying, at: vec2<f32>) -> f32 {
    let p = at - 0.5;
    let low = vec2<i32>(floor(p));
    let part = p - vec2<f32>(low);
    let top = mix(mask_share(in, low), mask_share(in, low + vec2<i32>(1, 0)), part.x);
    let bottom = mix(
        mask_share(in, low + vec2<i32>(0, 1)),
        mask_share(in, low + vec2<i32>(1, 1)),
        part.x,
    );
    return mix(top, bottom, part.y);
}

// Pixels of the image are squares; texels smaller than a device pixel are mixed.
fn mask_at(in: Varying, at: vec2<f32>, smaller: bool) -> f32 {
    if smaller {
        return mask_smooth(in, at);
    }
    return mask_share(in, vec2<i32>(floor(at)));
}

fn shade_mask(in: Varying) -> vec4<f32> {
    let at = (in.position.xy - in.shape.xy) / in.shape.zw;
    let smaller = in.shape.z < 1.0;
    let here = mask_at(in, at, smaller);
    if here <= 0.0 {
        return vec4<f32>(0.0);
    }
    // The outline lies inside: where a step of its width leads out of the mask.
    var least = here;
    var near = here;
    let selected = (in.look.z & SELECTED) != 0u;
    for (var i = 0; i < 8; i++) {
        let angle = f32(i) * 0.78539816;
        let direction = vec2<f32>(cos(angle), sin(angle)) / in.shape.zw;
        least = min(least, mask_at(in, at + direction * in.line.x * 2.0, smaller));
        if selected {
            near = min(near, mask_at(in, at + direction * view.ratio, smaller));
        }
    }
    var color = paint(in.look.x, here);
    var stroke = clamp(here - least, 0.0, 1.0);
    if (in.look.z & DASHED) != 0u {
        // Nothing leads along an outline of pixels: stripes across it.
        let from_corner = in.position.xy - in.shape.xy;
        stroke *= dash(from_corner.x + from_corner.y);
    }
    color = over(paint(in.look.y, stroke), color);
    if selected {
        color = over(paint(0xffffffffu, clamp(here - near, 0.0, 1.0)), color);
    }
    return color;
}
