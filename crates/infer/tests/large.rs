//! Inputs larger than 1,280 pixels: a detector of coloured cells, made here, whose photographs have
//! things that only so many pixels show.

use visionflow_infer::{Error, ModelSpec, Network, Outcome, Photo, Report, inspect};
use visionflow_model::Shape;

/// Pixels of the input along each side of a cell.
const CELL: usize = 8;
const GREY: [u8; 4] = [40, 40, 40, 255];

/// A field of a protobuf message that is bytes itself.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    [
        vec![number << 3 | 2],
        varint(content.len() as u64),
        content.to_vec(),
    ]
    .concat()
}

fn number(at: u8, value: usize) -> Vec<u8> {
    [varint(u64::from(at) << 3), varint(value as u64)].concat()
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value > 0x7f {
        bytes.push(value as u8 & 0x7f | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
    bytes
}

fn numbers(at: u8, values: &[usize]) -> Vec<u8> {
    values.iter().flat_map(|value| number(at, *value)).collect()
}

/// A weight: floats, or with kind 7 whole numbers.
fn weight(name: &str, kind: usize, sides: &[usize], raw: &[u8]) -> Vec<u8> {
    let parts = [
        numbers(1, sides),
        number(2, kind),
        field(8, name.as_bytes()),
        field(9, raw),
    ];
    field(5, &parts.concat())
}

fn floats(name: &str, sides: &[usize], values: &[f32]) -> Vec<u8> {
    let raw: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    weight(name, 1, sides, &raw)
}

fn node(kind: &str, inputs: &[&str], output: &str, attributes: &[(&str, &[usize])]) -> Vec<u8> {
    let mut parts: Vec<Vec<u8>> = inputs.iter().map(|i| field(1, i.as_bytes())).collect();
    parts.push(field(2, output.as_bytes()));
    parts.push(field(4, kind.as_bytes()));
    for (name, values) in attributes {
        let (at, kind) = if values.len() == 1 { (3, 2) } else { (8, 7) };
        let attribute = [
            field(1, name.as_bytes()),
            numbers(at, values),
            number(20, kind),
        ];
        parts.push(field(5, &attribute.concat()));
    }
    field(1, &parts.concat())
}

fn port(at: u8, name: &str, sides: &[usize]) -> Vec<u8> {
    let sides: Vec<u8> = sides
        .iter()
        .flat_map(|side| field(1, &number(1, *side)))
        .collect();
    let tensor = [number(1, 1), field(2, &sides)].concat();
    field(
        at,
        &[field(1, name.as_bytes()), field(2, &field(1, &tensor))].concat(),
    )
}

/// Columns as YOLO v8 has them, of one class: a cell of the input is the surer the redder it is.
fn detector(width: usize, height: usize) -> Vec<u8> {
    let (columns, rows) = (width / CELL, height / CELL);
    let cells = columns * rows;
    let side = CELL as f32;
    let centre = |at: usize| (at as f32 + 0.5) * side;
    let mut boxes: Vec<f32> = (0..cells).map(|cell| centre(cell % columns)).collect();
    boxes.extend((0..cells).map(|cell| centre(cell / columns)));
    boxes.extend(vec![side; 2 * cells]);
    let flat: Vec<u8> = [1_i64, 1, cells as i64]
        .iter()
        .flat_map(|v| v.to_le_bytes())
        .collect();
    let square: &[usize] = &[CELL, CELL];
    let graph = [
        node(
            "AveragePool",
            &["images"],
            "means",
            &[("kernel_shape", square), ("strides", square)],
        ),
        node(
            "Conv",
            &["means", "red"],
            "redness",
            &[("kernel_shape", &[1, 1])],
        ),
        node("Reshape", &["redness", "flat"], "scores", &[]),
        node("Concat", &["boxes", "scores"], "output0", &[("axis", &[1])]),
        field(2, b"cells"),
        floats("red", &[1, 3, 1, 1], &[1.0, -1.0, 0.0]),
        weight("flat", 7, &[3], &flat),
        floats("boxes", &[1, 4, cells], &boxes),
        port(11, "images", &[1, 3, height, width]),
        port(12, "output0", &[1, 5, cells]),
    ];
    let said = |key: &str, value: &str| {
        field(
            14,
            &[field(1, key.as_bytes()), field(2, value.as_bytes())].concat(),
        )
    };
    let model = [
        number(1, 8),
        field(8, &number(2, 13)),
        field(7, &graph.concat()),
        said("task", "detect"),
        said("names", "{0: 'red'}"),
    ];
    model.concat()
}

fn report(file: &[u8]) -> Report {
    inspect(&[file], None, &|| 0.0)
}

/// A photograph with red cells at these corners, in pixels.
fn photograph(width: usize, height: usize, cells: &[(usize, usize)]) -> Vec<u8> {
    let mut rgba = GREY.repeat(width * height);
    for (x, y) in cells {
        for row in *y..y + CELL {
            for column in *x..x + CELL {
                rgba[(row * width + column) * 4..][..3].copy_from_slice(&[255, 0, 0]);
            }
        }
    }
    rgba
}

/// Corners of what is found, rounded.
fn found(
    file: &[u8],
    spec: &ModelSpec,
    width: usize,
    height: usize,
    rgba: &[u8],
) -> Vec<(i64, i64)> {
    let photo = Photo {
        width: width as u32,
        height: height as u32,
        scaled_width: width,
        scaled_height: height,
        rgba,
    };
    let network = Network::load(file, spec).expect("a model");
    let Outcome::Detections(found) = network.run(&photo).expect("detections") else {
        panic!("a detector");
    };
    let corner = |shape: &Shape| {
        let corner = shape.bounds().expect("bounds").min;
        (corner.x.round() as i64, corner.y.round() as i64)
    };
    let mut corners: Vec<_> = found.iter().map(|one| corner(&one.shape)).collect();
    corners.sort_unstable();
    corners
}

#[test]
fn a_detector_sees_two_thousand_pixels_along_each_side() {
    for (width, height) in [(1536, 1280), (2048, 2048)] {
        let file = detector(width, height);
        let report = report(&file);
        assert!(report.ok, "{}", report.message);
        let spec = report.spec.expect("a specification");
        // Two cells with one between them, at the far end: in 1,280 pixels they would run together.
        let (x, y) = (width - 3 * CELL, height - CELL);
        let rgba = photograph(width, height, &[(0, 0), (x, y), (x + 2 * CELL, y)]);
        let at = |x: usize, y: usize| (x as i64, y as i64);
        let expected = [at(0, 0), at(x, y), at(x + 2 * CELL, y)];
        assert_eq!(found(&file, &spec, width, height, &rgba), expected);
    }
}

#[test]
fn a_larger_input_is_refused_by_its_name_and_size_before_anything_is_loaded() {
    let file = detector(2560, 2048);
    let report = report(&file);
    assert!(!report.ok && report.spec.is_none());
    let said = "input images takes a photograph of 2560 x 2048 pixels";
    assert!(report.message.contains(said), "{}", report.message);
    // Nor by a specification from elsewhere.
    let small = self::report(&detector(64, 64))
        .spec
        .expect("a specification");
    let mut large = small;
    let input = large.input.as_mut().expect("an input");
    (input.width, input.height) = (2560, 2048);
    let error = Network::load(&file, &large).err();
    assert!(matches!(error, Some(Error::InputSize { .. })), "{error:?}");
}
