// Boxes, triangles, line segments, markers, outlines, ellipses and tiles of masks, each a quad of
// six vertices that the vertex shader makes from tables in textures. The fragment shader computes
// coverage from the distance to the shape in device pixels, which is what smooths every edge.
//
// The layout of the tables and the constants are those of `visionflow_scene::draw_list`.
// How all but boxes is shaded stands in files of their own, which are put in only where it is drawn:
// software rasterisers run every branch for every pixel, and others reserve registers for it.

struct View {
    center: vec2<f32>,
    center_px: vec2<f32>,
    size: vec2<f32>,
    scale: f32,
    ratio: f32,
}

const ROW: u32 = 2048u;

const KIND_BOX: u32 = 1u;
const KIND_TRIANGLE: u32 = 2u;
const KIND_SEGMENT: u32 = 3u;
const KIND_MARKER: u32 = 4u;
const KIND_OUTLINE: u32 = 5u;
const KIND_ELLIPSE: u32 = 6u;
const KIND_MASK: u32 = 7u;
const START_CAP: u32 = 0x100u;
const SOLID: u32 = 0x200u;
const HOLLOW: u32 = 0x400u;
const CLOSED: u32 = 0x800u;
const SHORT_END: u32 = 0x1000u;

const HIDDEN: u32 = 1u;
const SELECTED: u32 = 2u;
const DASHED: u32 = 4u;
const OUTSET: u32 = 8u;
const PROPOSED: u32 = 16u;

const MARKER_CIRCLE: f32 = 1.0;
const MARKER_ARROW: f32 = 2.0;
const MARKER_DIAMOND: f32 = 3.0;
const MARKER_RING: f32 = 4.0;
const MARKER_HEAD: f32 = 5.0;
const MARKER_CROSS: f32 = 6.0;

// Texels along a side of a mask's tile.
const TILE: i32 = 256;

@group(0) @binding(0) var<uniform> view: View;
@group(1) @binding(0) var primitives: texture_2d_array<u32>;
@group(1) @binding(1) var styles: texture_2d_array<u32>;
@group(1) @binding(2) var order: texture_2d_array<u32>;
@group(1) @binding(3) var masks: texture_2d_array<f32>;

struct Varying {
    @builtin(position) position: vec4<f32>,
    // Box and outline: its corners; segment: its ends; marker: place, size, figure; ellipse:
    // centre and radii; mask: corner, pixels a texel. Device pixels.
    @location(0) @interpolate(flat) shape: vec4<f32>,
    // Half the stroke's width, and where a segment's dashes begin, in device pixels; a direction of
    // a marker or an ellipse.
    @location(1) @interpolate(flat) line: vec4<f32>,
    // Fill, stroke, flags of the style, kind with its flags.
    @location(2) @interpolate(flat) look: vec4<u32>,
    // Outline: where its points begin, and how many there are. Mask: where its neighbours'
    // places stand, and its own.
    @location(3) @interpolate(flat) data: vec2<u32>,
}

// Where entry i of a table stands, its layer last: row after row, layer after layer. There are two
// layers, or more that are all 2,048 rows high: no division by what only the texture knows, which is
// slow.
fn place(table: texture_2d_array<u32>, index: u32) -> vec3<u32> {
    let row = index / ROW;
    let height = textureDimensions(table).y;
    var layer = select(0u, 1u, row >= height);
    var y = row - layer * height;
    if row >= 2u * height {
        layer = row / 2048u;
        y = row % 2048u;
    }
    return vec3<u32>(index % ROW, y, layer);
}

fn texel(table: texture_2d_array<u32>, index: u32) -> vec4<u32> {
    let at = place(table, index);
    return textureLoad(table, at.xy, at.z, 0);
}

fn to_px(p: vec2<f32>) -> vec2<f32> {
    return (p - view.center) * view.scale + view.center_px;
}

fn clip_from_px(px: vec2<f32>) -> vec4<f32> {
    let ndc = px / view.size * 2.0 - 1.0;
    return vec4<f32>(ndc.x, -ndc.y, 0.0, 1.0);
}

// The corner of the unit square that vertex 0 to 5 of a quad stands at.
fn quad_corner(vertex: u32) -> vec2<f32> {
    let right = vertex == 1u || vertex == 2u || vertex == 4u;
    let bottom = vertex == 2u || vertex == 4u || vertex == 5u;
    return vec2<f32>(select(0.0, 1.0, right), select(0.0, 1.0, bottom));
}

// The parameters at which a line enters and leaves the view (Liang and Barsky, 1984).
// Far ends would cost the fragment shader its sub-pixel precision.
fn clip_line(a: vec2<f32>, b: vec2<f32>, margin: f32) -> vec2<f32> {
    let d = b - a;
    var t = vec2<f32>(0.0, 1.0);
    for (var axis = 0; axis < 2; axis++) {
        let low = -margin - a[axis];
        let high = view.size[axis] + margin - a[axis];
        if abs(d[axis]) < 1e-6 {
            if low > 0.0 || high < 0.0 {
                return vec2<f32>(1.0, 0.0);
            }
        } else {
            let t0 = low / d[axis];
            let t1 = high / d[axis];
            t = vec2<f32>(max(t.x, min(t0, t1)), min(t.y, max(t0, t1)));
        }
    }
    return t;
}

@vertex
fn vs_shapes(@builtin(vertex_index) vertex_index: u32) -> Varying {
    let slot = texel(order, vertex_index / 6u).x;
    let vertex = vertex_index % 6u;
    let a = bitcast<vec4<f32>>(texel(primitives, slot * 2u));
    let rest = texel(primitives, slot * 2u + 1u);
    let b = bitcast<vec2<f32>>(rest.xy);
    let style = texel(styles, rest.z);
    let kind = rest.w & 0xffu;
    let flags = style.w;
    let half_width = bitcast<f32>(style.z) * view.ratio * 0.5;

    var out: Varying;
    out.position = vec4<f32>(2.0, 2.0, 0.0, 1.0);
    out.line = vec4<f32>(half_width, 0.0, b);
    out.look = vec4<u32>(style.x, style.y, flags, rest.w);
    out.data = vec2<u32>(slot + rest.x, rest.y);
    if (flags & HIDDEN) != 0u {
        return out;
    }
    let corner = quad_corner(vertex);
    let pad = half_width + 1.0;

    if kind == KIND_BOX || kind == KIND_OUTLINE {
        // What lies far outside is pulled near: it cannot be seen, and big numbers are coarse.
        let outset = select(0.0, 4.0 * view.ratio, (flags & OUTSET) != 0u);
        let limit = vec2<f32>(pad + 64.0);
        let low = clamp(to_px(a.xy) - outset, -limit, view.size + limit);
        let high = clamp(to_px(a.zw) + outset, -limit, view.size + limit);
        out.shape = vec4<f32>(low, high);
        out.position = clip_from_px(mix(low - pad, high + pad, corner));
    } else if kind == KIND_TRIANGLE {
        var p = a.xy;
        if vertex == 1u {
            p = a.zw;
        } else if vertex >= 2u {
            p = b;
        }
        out.position = clip_from_px(to_px(p));
    } else if kind == KIND_SEGMENT {
        let from_px = to_px(a.xy);
        var along = to_px(a.zw) - from_px;
        if (rest.w & SHORT_END) != 0u {
            let whole = length(along);
            along *= max(whole - 10.0 * view.ratio, 0.0) / max(whole, 1e-6);
        }
        let t = clip_line(from_px, from_px + along, pad + 8.0);
        if t.x > t.y {
            return out;
        }
        let start = from_px + along * t.x;
        let end = from_px + along * t.y;
        let length_px = length(end - start);
        var direction = vec2<f32>(1.0, 0.0);
        if length_px > 1e-6 {
            direction = (end - start) / length_px;
        }
        let side = vec2<f32>(-direction.y, direction.x) * pad * (corner.y * 2.0 - 1.0);
        let tip = mix(start - direction * pad, end + direction * pad, corner.x);
        out.shape = vec4<f32>(start, end);
        out.line.y = b.x * view.scale + length(along) * t.x;
        out.position = clip_from_px(tip + side);
    } else if kind == KIND_ELLIPSE {
        let center = to_px(a.xy);
        let radii = abs(a.zw) * view.scale;
        let reach = vec2<f32>(length(radii * b), length(radii * b.yx)) + pad;
        let limit = vec2<f32>(pad + 64.0);
        let low = clamp(center - reach, -limit, view.size + limit);
        let high = clamp(center + reach, -limit, view.size + limit);
        out.shape = vec4<f32>(center, radii);
        out.position = clip_from_px(mix(low, high, corner));
    } else if kind == KIND_MASK {
        let low = to_px(a.xy);
        let high = to_px(a.zw);
        out.shape = vec4<f32>(low, (high - low) / f32(TILE));
        out.position = clip_from_px(mix(low, high, corner));
    } else if kind == KIND_MARKER {
        let center = to_px(a.xy);
        var size = a.z * view.ratio;
        if (flags & SELECTED) != 0u {
            size += 3.0 * view.ratio;
        }
        var low = center - size * 0.5 - pad;
        var high = center + size * 0.5 + pad;
        if a.w == MARKER_ARROW {
            low = center - pad;
            high = center + size + pad;
        } else if a.w == MARKER_HEAD {
            low = center - size - pad;
            high = center + size + pad;
        }
        out.shape = vec4<f32>(center, size, a.w);
        out.position = clip_from_px(mix(low, high, corner));
    }
    return out;
}

// Colours are multiplied by their alpha from here on.
fn paint(packed: u32, coverage: f32) -> vec4<f32> {
    let color = unpack4x8unorm(packed);
    return vec4<f32>(color.rgb, 1.0) * (color.a * coverage);
}

fn over(top: vec4<f32>, below: vec4<f32>) -> vec4<f32> {
    return top + below * (1.0 - top.a);
}

// How much of the pixel lies where the distance is negative.
fn coverage(distance: f32) -> f32 {
    return clamp(0.5 - distance, 0.0, 1.0);
}

// How much of a dash lies so far along a line, in device pixels.
fn dash(along: f32) -> f32 {
    let on = 6.0 * view.ratio;
    let period = 10.0 * view.ratio;
    let place = along - floor(along / period) * period;
    return coverage(abs(place - on * 0.5) - on * 0.5);
}

fn shade_box(in: Varying) -> vec4<f32> {
    let middle = (in.shape.xy + in.shape.zw) * 0.5;
    let half_size = (in.shape.zw - in.shape.xy) * 0.5;
    let q = abs(in.position.xy - middle) - half_size;
    let distance = max(q.x, q.y);
    var color = paint(in.look.x, coverage(distance));
    if (in.look.z & SELECTED) != 0u {
        let center_line = in.line.x + 0.5 * view.ratio;
        color = over(paint(0xffffffffu, coverage(abs(distance + center_line) - 0.5 * view.ratio)), color);
    }
    var stroke = coverage(abs(distance) - in.line.x);
    if (in.look.z & DASHED) != 0u {
        let from_corner = in.position.xy - in.shape.xy;
        stroke *= dash(select(from_corner.y, from_corner.x, q.y > q.x));
    }
    return over(paint(in.look.y, stroke), color);
}

@fragment
fn fs_shapes(in: Varying) -> @location(0) vec4<f32> {
    switch in.look.w & 0xffu {
        // More kinds
        default: { return shade_box(in); }
    }
}
