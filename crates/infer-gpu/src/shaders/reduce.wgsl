// One number out of many: each workgroup makes one number of the result.
//
// Index space: GROUPS workgroups, one for each number of the result, counted row by row; its 64
// invocations go through the COUNT numbers that it is made of, and fold their parts in halves.

var<workgroup> parts: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
    let number = group_number(group);
    if number >= GROUPS {
        return;
    }
    // An invocation beyond the numbers repeats the first one for extremes, and adds nothing to sums.
    var part = neutral(given(place(number, 0u)));
    for (var at = lane; at < COUNT; at += 64u) {
        part = fold(part, prepared(given(place(number, at))));
    }
    parts[lane] = part;
    workgroupBarrier();
    for (var half = 32u; half > 0u; half /= 2u) {
        if lane < half {
            parts[lane] = fold(parts[lane], parts[lane + half]);
        }
        workgroupBarrier();
    }
    if lane == 0u {
        result[number] = finish(number, scaled(parts[0]));
    }
}
