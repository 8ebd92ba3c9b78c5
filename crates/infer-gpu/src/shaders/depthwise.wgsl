// A convolution whose every result plane sees one plane of the image.
//
// Index space: one invocation for each number of the result [images, planes, rows, columns], counted row
// by row.

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
    let i = group_number(group) * 256u + lane;
    if i >= LENGTH {
        return;
    }
    let column = i % COLUMNS;
    let row = i / COLUMNS % ROWS;
    let plane = i / (COLUMNS * ROWS) % PLANES;
    let image = i / (COLUMNS * ROWS * PLANES);
    var sum = 0.0;
    for (var y = 0u; y < KERNEL_ROWS; y++) {
        // Above the image a difference wraps around and is beyond it too.
        let from_y = row * STRIDE_Y + y * DILATION_Y - PADDING_Y;
        if from_y >= IMAGE_ROWS {
            continue;
        }
        for (var x = 0u; x < KERNEL_COLUMNS; x++) {
            let from_x = column * STRIDE_X + x * DILATION_X - PADDING_X;
            if from_x < IMAGE_COLUMNS {
                sum += pixel(image, plane / PER_PLANE, from_y, from_x) * weight(plane, y, x);
            }
        }
    }
    result[i] = finish(i, sum);
}
