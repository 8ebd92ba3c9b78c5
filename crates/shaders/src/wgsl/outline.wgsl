// Outlines; put behind `shapes.wgsl` where a layer has them.

// A walk along an outline, seen from a pixel.
struct Walk {
    // The point before, in device pixels.
    point: vec2<f32>,
    // The least distance so far, squared, and how far along its edge that is.
    nearest: f32,
    along: vec2<f32>,
    // The edges to the right of the pixel so far are odd in number.
    inside: bool,
}

// The points of a texel, in device pixels.
fn outline_points(at: vec3<u32>) -> vec4<f32> {
    let two = bitcast<vec4<f32>>(textureLoad(primitives, at.xy, at.z, 0));
    return vec4<f32>(to_px(two.xy), to_px(two.zw));
}

// The distance to a line or ring, and its inside by the even-odd rule (I. Quilez).
fn walk_to(walk: Walk, point: vec2<f32>, p: vec2<f32>) -> Walk {
    var next = walk;
    let edge = walk.point - point;
    let offset = p - point;
    let t = clamp(dot(offset, edge) / max(dot(edge, edge), 1e-12), 0.0, 1.0);
    let gap = offset - edge * t;
    let reach = dot(gap, gap);
    if reach < walk.nearest {
        next.nearest = reach;
        next.along = edge * t;
    }
    let above = walk.point.y > p.y;
    let crosses = above != (point.y > p.y);
    let right = (edge.x * offset.y > edge.y * offset.x) == above;
    next.inside = walk.inside != (crosses && right);
    next.point = point;
    return next;
}

fn shade_outline(in: Varying) -> vec4<f32> {
    let p = in.position.xy;
    let first = in.data.x * 2u;
    let count = in.data.y;
    let closed = (in.look.w & CLOSED) != 0u;
    // An open line begins with an edge from its first point to itself, which changes nothing.
    let start = select(0u, count - 1u, closed);
    let ends = outline_points(place(primitives, first + start / 2u));
    var walk = Walk(select(ends.xy, ends.zw, (start & 1u) == 1u), 1e30, vec2<f32>(0.0), false);
    var at = place(primitives, first);
    for (var i = 0u; i < count; i += 2u) {
        let two = outline_points(at);
        walk = walk_to(walk, two.xy, p);
        // So does a last point that stands alone in its texel.
        walk = walk_to(walk, select(two.xy, two.zw, i + 1u < count), p);
        at.x += 1u;
        if at.x == ROW {
            at = place(primitives, first + i / 2u + 1u);
        }
    }
    let distance = sqrt(walk.nearest);
    var color = vec4<f32>(0.0);
    if closed {
        color = paint(in.look.x, coverage(select(distance, -distance, walk.inside)));
    }
    var stroke = coverage(distance - in.line.x);
    if (in.look.z & DASHED) != 0u {
        stroke *= dash(length(walk.along));
    }
    color = over(paint(in.look.y, stroke), color);
    if (in.look.z & SELECTED) != 0u {
        color = over(paint(0xffffffffu, coverage(distance - 0.5 * view.ratio)), color);
    }
    return color;
}
