// One invocation for each number of the result, counted row by row; `finish` says what it is.

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
    let i = group_number(group) * 256u + lane;
    if i < LENGTH {
        result[i] = finish(i, 0.0);
    }
}
