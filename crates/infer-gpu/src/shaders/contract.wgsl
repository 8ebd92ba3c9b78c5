// result[b, m, n] = sum over k of left(b, m, k) * right(b, k, n): matrix products in batches, and
// convolutions, whose `right` finds the pixel of the image that k and n name.
//
// A workgroup makes a tile of 64 x 64 results. It goes through k in steps of 16, for each of which its
// 256 invocations bring 64 x 16 and 16 x 64 numbers into shared memory; of the tile each invocation then
// makes 4 x 4: rows 4 y .. 4 y + 3, and columns x, x + 16, x + 32, x + 48, so that neighbours read and
// write neighbours.
//
// Index space: GROUPS = BATCH * TILES_DOWN * TILES_ACROSS workgroups, tiles of a row one after the other.

const TILE = 64u;
const STEP = 16u;

var<workgroup> left_tile: array<f32, 1024>;
var<workgroup> right_tile: array<f32, 1024>;

// Along the tile and along k, so that neighbours bring what lies next to each other in the buffer.
fn place_in_tile(at: u32, along_k: bool) -> vec2u {
    return select(vec2u(at % TILE, at / TILE), vec2u(at / STEP, at % STEP), along_k);
}

fn store(batch: u32, m: u32, n: u32, sum: vec4f) {
    if m >= M {
        return;
    }
    for (var j = 0u; j < 4u; j++) {
        let column = n + 16u * j;
        if column < N {
            let i = result_at(batch, m, column);
            result[i] = finish(i, sum[j]);
        }
    }
}

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
    let number = group_number(group);
    if number >= GROUPS {
        return;
    }
    let batch = number / (TILES_DOWN * TILES_ACROSS);
    let first_m = number / TILES_ACROSS % TILES_DOWN * TILE;
    let first_n = number % TILES_ACROSS * TILE;
    let x = lane % 16u;
    let y = lane / 16u;
    var sum0 = vec4f();
    var sum1 = vec4f();
    var sum2 = vec4f();
    var sum3 = vec4f();
    for (var first_k = 0u; first_k < K; first_k += STEP) {
        for (var at = lane; at < 1024u; at += 256u) {
            let row = place_in_tile(at, LEFT_ALONG_K);
            var value = 0.0;
            if first_m + row.x < M && first_k + row.y < K {
                value = left(batch, first_m + row.x, first_k + row.y);
            }
            left_tile[row.y * TILE + row.x] = value;
            let column = place_in_tile(at, RIGHT_ALONG_K);
            value = 0.0;
            if first_n + column.x < N && first_k + column.y < K {
                value = right(batch, first_k + column.y, first_n + column.x);
            }
            right_tile[column.y * TILE + column.x] = value;
        }
        workgroupBarrier();
        for (var step = 0u; step < STEP; step++) {
            let row = step * TILE + 4u * y;
            let column = step * TILE + x;
            let across = vec4f(
                right_tile[column],
                right_tile[column + 16u],
                right_tile[column + 32u],
                right_tile[column + 48u],
            );
            sum0 += left_tile[row] * across;
            sum1 += left_tile[row + 1u] * across;
            sum2 += left_tile[row + 2u] * across;
            sum3 += left_tile[row + 3u] * across;
        }
        workgroupBarrier();
    }
    let m = first_m + 4u * y;
    let n = first_n + x;
    store(batch, m, n, sum0);
    store(batch, m + 1u, n, sum1);
    store(batch, m + 2u, n, sum2);
    store(batch, m + 3u, n, sum3);
}
