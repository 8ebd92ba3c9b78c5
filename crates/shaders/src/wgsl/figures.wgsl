// Line segments and markers; put behind `shapes.wgsl` where a layer has them, or triangles.

fn shade_segment(in: Varying) -> vec4<f32> {
    let along = in.shape.zw - in.shape.xy;
    let length_px = length(along);
    let direction = select(vec2<f32>(1.0, 0.0), along / max(length_px, 1e-6), length_px > 1e-6);
    let from_start = in.position.xy - in.shape.xy;
    let t = dot(from_start, direction);
    let nearest = clamp(t, 0.0, length_px);
    let distance = length(from_start - direction * nearest);
    // The end before it in the line covers the joint; only a line's first start is round.
    var visible = select(clamp(t + 0.5, 0.0, 1.0), 1.0, (in.look.w & START_CAP) != 0u);
    if (in.look.z & DASHED) != 0u {
        visible = visible * dash(in.line.y + nearest);
    }
    let color = paint(in.look.y, visible * coverage(distance - in.line.x));
    if (in.look.z & SELECTED) != 0u {
        return over(paint(0xffffffffu, visible * coverage(distance - 0.5 * view.ratio)), color);
    }
    return color;
}

// The distance to a polygon of four corners (I. Quilez, “distance to a polygon”).
fn arrow_distance(p: vec2<f32>, size: f32) -> f32 {
    var corners = array<vec2<f32>, 4>(
        vec2<f32>(0.0, 0.0),
        vec2<f32>(1.0, 0.38) * size,
        vec2<f32>(0.53, 0.53) * size,
        vec2<f32>(0.38, 1.0) * size,
    );
    var nearest = dot(p, p);
    var side = 1.0;
    for (var i = 0; i < 4; i++) {
        let a = corners[i];
        let b = corners[(i + 3) % 4];
        let edge = b - a;
        let offset = p - a;
        let gap = offset - edge * clamp(dot(offset, edge) / dot(edge, edge), 0.0, 1.0);
        nearest = min(nearest, dot(gap, gap));
        let above = p.y >= a.y;
        let below = p.y < b.y;
        let left = edge.x * offset.y > edge.y * offset.x;
        if (above && below && left) || (!above && !below && !left) {
            side = -side;
        }
    }
    return side * sqrt(nearest);
}

// The distance to a triangle that points along x, its tip at the origin.
fn head_distance(p: vec2<f32>, size: f32) -> f32 {
    let spread = 0.42;
    let normal = normalize(vec2<f32>(spread, 1.0));
    let flank = dot(vec2<f32>(p.x, abs(p.y)), normal);
    return max(flank, -size - p.x);
}

fn shade_marker(in: Varying) -> vec4<f32> {
    let p = in.position.xy - in.shape.xy;
    let half_size = in.shape.z * 0.5;
    var distance = max(abs(p.x), abs(p.y)) - half_size;
    if in.shape.w == MARKER_CIRCLE {
        distance = length(p) - half_size;
    } else if in.shape.w == MARKER_ARROW {
        distance = arrow_distance(p, in.shape.z);
    } else if in.shape.w == MARKER_DIAMOND {
        distance = (abs(p.x) + abs(p.y) - half_size) * 0.70710678;
    } else if in.shape.w == MARKER_RING {
        let from_center = length(p);
        let outer = from_center - half_size;
        let dot_distance = from_center - half_size * 0.3;
        let mark = paint(in.look.y, coverage(dot_distance));
        let ring = paint(in.look.y, coverage(abs(outer) - in.line.x));
        return over(ring, over(mark, paint(in.look.x, coverage(outer))));
    } else if in.shape.w == MARKER_HEAD {
        let along = in.line.zw;
        let local = vec2<f32>(dot(p, along), along.x * p.y - along.y * p.x);
        return paint(in.look.y, coverage(head_distance(local, in.shape.z)));
    } else if in.shape.w == MARKER_CROSS {
        let far = max(abs(p.x), abs(p.y)) - half_size;
        let near = min(abs(p.x - p.y), abs(p.x + p.y)) * 0.70710678 - in.line.x;
        return paint(in.look.y, coverage(max(far, near)));
    }
    if (in.look.w & (SOLID | HOLLOW)) != 0u {
        // A border that is thin whatever the width of the lines beside it.
        let border = coverage(abs(distance + view.ratio) - view.ratio);
        let inside = coverage(distance);
        let stroke = in.look.y | 0xff000000u;
        let white = 0xffffffffu;
        // What is locked steps back as a whole.
        let alpha = unpack4x8unorm(in.look.y).a;
        if (in.look.w & SOLID) != 0u && (in.look.z & PROPOSED) == 0u {
            return over(paint(white, border), paint(stroke, inside)) * alpha;
        }
        return over(paint(stroke, border), paint(white, inside)) * alpha;
    }
    let fill = paint(in.look.x, coverage(distance));
    return over(paint(in.look.y, coverage(abs(distance) - in.line.x)), fill);
}
