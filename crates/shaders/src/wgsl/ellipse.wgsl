// Ellipses; put behind `shapes.wgsl` where a layer has them.

// The distance to an ellipse near its outline: its implicit function by its gradient.
fn shade_ellipse(in: Varying) -> vec4<f32> {
    let axis = in.line.zw;
    let offset = in.position.xy - in.shape.xy;
    let local = vec2<f32>(dot(offset, axis), axis.x * offset.y - axis.y * offset.x);
    let radii = max(in.shape.zw, vec2<f32>(0.25));
    let k1 = length(local / radii);
    let k2 = length(local / (radii * radii));
    var distance = -min(radii.x, radii.y);
    if k2 > 1e-9 {
        distance = k1 * (k1 - 1.0) / k2;
    }
    var color = paint(in.look.x, coverage(distance));
    var stroke = coverage(abs(distance) - in.line.x);
    if (in.look.z & DASHED) != 0u {
        let turn = atan2(local.y / radii.y, local.x / radii.x);
        stroke *= dash(turn * 0.5 * (radii.x + radii.y));
    }
    color = over(paint(in.look.y, stroke), color);
    if (in.look.z & SELECTED) != 0u {
        color = over(paint(0xffffffffu, coverage(abs(distance) - 0.5 * view.ratio)), color);
    }
    return color;
}
