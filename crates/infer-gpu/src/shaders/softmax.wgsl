// Shares along the last axis: exp(x - largest) over the sum of these.
//
// Index space: GROUPS workgroups, one for each row of COUNT numbers; its 64 invocations share the row.

var<workgroup> parts: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
    let row = group_number(group);
    if row >= GROUPS {
        return;
    }
    let first = row * COUNT;
    var largest = given(first);
    for (var at = lane; at < COUNT; at += 64u) {
        largest = max(largest, given(first + at));
    }
    parts[lane] = largest;
    workgroupBarrier();
    for (var half = 32u; half > 0u; half /= 2u) {
        if lane < half {
            parts[lane] = max(parts[lane], parts[lane + half]);
        }
        workgroupBarrier();
    }
    largest = parts[0];
    workgroupBarrier();
    var sum = 0.0;
    for (var at = lane; at < COUNT; at += 64u) {
        sum += exp(given(first + at) - largest);
    }
    parts[lane] = sum;
    workgroupBarrier();
    for (var half = 32u; half > 0u; half /= 2u) {
        if lane < half {
            parts[lane] += parts[lane + half];
        }
        workgroupBarrier();
    }
    let share = 1.0 / parts[0];
    for (var at = lane; at < COUNT; at += 64u) {
        let i = first + at;
        result[i] = finish(i, exp(given(i) - largest) * share);
    }
}
