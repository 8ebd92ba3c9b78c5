// Outlines; put behind `shapes.wgsl` where a layer has them.

// Point i of an outline, in device pixels; two to a texel.
fn outline_point(first: u32, i: u32) -> vec2<f32> {
    let two = bitcast<vec4<f32>>(texel(primitives, first * 2u + i / 2u));
    return to_px(select(two.xy, two.zw, (i & 1u) == 1u));
}

// The distance to a line or ring, and its inside by the even-odd rule (I. Quilez).
fn shade_outline(in: Varying) -> vec4<f32> {
    let p = in.position.xy;
    let count = in.data.y;
    let closed = (in.look.w & CLOSED) != 0u;
    var before = outline_point(in.data.x, select(0u, count - 1u, closed));
    var nearest = 1e30;
    var nearest_edge = vec2<f32>(0.0);
    var inside = false;
    for (var i = select(1u, 0u, closed); i < count; i++) {
        let point = outline_point(in.data.x, i);
        let edge = before - point;
        let offset = p - point;
        let t = clamp(dot(offset, edge) / max(dot(edge, edge), 1e-12), 0.0, 1.0);
        let gap = offset - edge * t;
        let reach = dot(gap, gap);
        if reach < nearest {
            nearest = reach;
            nearest_edge = edge * t;
        }
        if (point.y > p.y) != (before.y > p.y) {
            let x = point.x + edge.x * (p.y - point.y) / edge.y;
            if p.x < x {
                inside = !inside;
            }
        }
        before = point;
    }
    let distance = sqrt(nearest);
    var color = vec4<f32>(0.0);
    if closed {
        color = paint(in.look.x, coverage(select(distance, -distance, inside)));
    }
    var stroke = coverage(distance - in.line.x);
    if (in.look.z & DASHED) != 0u {
        stroke *= dash(length(nearest_edge));
    }
    color = over(paint(in.look.y, stroke), color);
    if (in.look.z & SELECTED) != 0u {
        color = over(paint(0xffffffffu, coverage(distance - 0.5 * view.ratio)), color);
    }
    return color;
}
