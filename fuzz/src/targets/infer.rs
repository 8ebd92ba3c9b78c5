//! Models from anywhere, and masks of whatever values.

use crate::{Target, exact, kind, outcome_of};
use visionflow_geometry::Polygon;
use visionflow_infer::{
    Frame, Header, Logits, MASK_SIDE, ModelSpec, Outline, class_names, numbers, recognise,
};

/// Two files in one: a header is recognised alone, and together with itself as a pair.
pub const ONNX_HEADER: Target = Target {
    name: "onnx_header",
    run: |bytes| {
        let header = Header::read(bytes);
        let Ok(header) = &header else {
            return outcome_of(&header, |_| ());
        };
        let ports = header.inputs.iter().chain(&header.outputs);
        let letters: usize = ports.clone().map(|port| port.name.len()).sum();
        let operators: usize = header.operators.iter().map(String::len).sum();
        assert!(letters <= bytes.len(), "names come out of the file");
        // A node's domain is part of its name.
        assert!(operators <= 2 * bytes.len());
        assert!(ports.map(|port| port.shape.len()).sum::<usize>() <= bytes.len());
        let told = recognise(std::slice::from_ref(header));
        if let Ok(specs) = &told {
            for spec in specs {
                let json = serde_json::to_string(spec).expect("JSON");
                let again: ModelSpec = serde_json::from_str(&json).expect("its own JSON");
                assert_eq!(&again, spec);
                let _ = spec.check();
            }
        }
        let pair = recognise(&[header.clone(), header.clone()]).map(|specs| specs.len());
        let told = told.map(|specs| specs.iter().map(|spec| spec.layout).collect::<Vec<_>>());
        outcome_of(&Ok::<_, ()>(()), |()| {
            (
                told.map_err(|error| kind(&error)),
                pair.map_err(|error| kind(&error)),
                header.inputs.len().min(9),
                header.outputs.len().min(9),
                header.metadata.len().min(9),
            )
        })
    },
    seeds: || {
        let image = port("image", &[1, 3, 1024, 1024]);
        let embedding = port("image_embeddings", &[1, 256, 64, 64]);
        let encoder = model(&[&image], &[&embedding], &[]);
        let prompts = [
            embedding,
            port("point_coords", &[1, 0, 2]),
            port("point_labels", &[1, 0]),
            port("mask_input", &[1, 1, 256, 256]),
            port("has_mask_input", &[1]),
        ];
        let prompts: Vec<&[u8]> = prompts.iter().map(Vec::as_slice).collect();
        let masks = port("low_res_masks", &[1, 4, 256, 256]);
        let decoder = model(&prompts, &[&masks, &port("iou_predictions", &[1, 4])], &[]);
        let cut = decoder[..decoder.len() - 5].to_vec();
        let images = port("images", &[1, 3, 640, 640]);
        let yolo = |rows: &[u16], more: &[(&str, &str)]| {
            model(&[&images], &[&port("output0", rows)], more)
        };
        vec![
            encoder,
            decoder,
            cut,
            model(&[], &[], &[]),
            yolo(&[1, 25_200, 85], &[]),
            yolo(
                &[1, 6, 8400],
                &[
                    ("names", NAMES),
                    ("task", "detect"),
                    ("imgsz", "[640, 480]"),
                ],
            ),
            yolo(
                &[1, 56, 8400],
                &[("names", "{0: 'person'}"), ("kpt_shape", "[17, 3]")],
            ),
            yolo(&[1, 7, 8400], &[("names", NAMES), ("task", "obb")]),
            yolo(&[1, 1000], &[]),
            model(
                &[&port("pixel_values", &[0, 3, 0, 0])],
                &[
                    &port("logits", &[0, 100, 92]),
                    &port("pred_boxes", &[0, 100, 4]),
                ],
                &[],
            ),
        ]
    },
};

const NAMES: &str = r#"{0: 'cat', 1: "dog's"}"#;

/// What exporters write beside a graph.
pub const CLASS_NAMES: Target = Target {
    name: "class_names",
    run: |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let names = class_names(&text);
        if let Some(names) = &names {
            let letters: usize = names.iter().map(String::len).sum();
            // A class that is left out is named by its number.
            assert!(letters <= text.len() + names.len() * 11);
        }
        let sizes = numbers(&text);
        exact(&(
            names.map(|names| (names.len().min(9), names.concat().len().checked_ilog2())),
            sizes.map(|sizes| sizes.len()),
        ))
    },
    seeds: || {
        let texts = [
            NAMES,
            "['a', 'b\\'c', 'd']",
            "{\"0\": \"x\", \"4\": \"y\",}",
            "[640, 480]",
            "(17, 3)",
        ];
        texts.iter().map(|text| text.as_bytes().to_vec()).collect()
    },
};

/// The first byte is a tolerance, the second the photograph's height, the others are logits.
pub const MASK_OUTLINE: Target = Target {
    name: "mask_outline",
    run: |bytes| {
        let (Some(tolerance), Some(height)) = (bytes.first(), bytes.get(1)) else {
            return 0;
        };
        let values = |i: usize| {
            let (x, y) = (i % MASK_SIDE / 4, i / MASK_SIDE / 2);
            let byte = bytes[2..].get(x + y * (MASK_SIDE / 4));
            byte.map_or(-1.0, |byte| f32::from(*byte as i8))
        };
        let logits = Logits::new((0..MASK_SIDE * MASK_SIDE).map(values).collect());
        let logits = logits.expect("bytes are finite");
        let frame = Frame::new(512, u32::from(*height / 16));
        let outline = Outline {
            tolerance: f64::from(*tolerance) / 32.0,
            min_area: 0.0,
        };
        let polygons = outline.polygons(&logits, &frame);
        let rings = polygons.iter().flat_map(|polygon| polygon.rings.clone());
        let all = Polygon {
            rings: rings.collect(),
        };
        assert!(all.is_finite() && !all.self_intersects());
        let (width, height) = (f64::from(frame.width()), f64::from(frame.height()));
        let inside = |x: f64, y: f64| x >= 0.0 && y >= 0.0 && x <= width && y <= height;
        assert!(all.points().all(|p| inside(p.x, p.y)));
        exact(&(
            polygons.len().checked_ilog2(),
            all.vertex_count().checked_ilog2(),
        ))
    },
    seeds: || {
        let stripes = |width: usize| {
            let values = (0..900).map(|i| [5, 251][i / width % 2]);
            [40, 120].into_iter().chain(values).collect()
        };
        vec![stripes(1), stripes(7), stripes(64), vec![0, 255, 1, 0, 1]]
    },
};

fn field(number: u8, content: &[u8]) -> Vec<u8> {
    // Lengths may need two bytes.
    let length = [
        content.len() as u8 & 0x7f | 0x80,
        (content.len() >> 7) as u8,
    ];
    [&[number << 3 | 2][..], &length, content].concat()
}

/// An input or an output; 0 is a side that is left open.
fn port(name: &str, sides: &[u16]) -> Vec<u8> {
    let dims = sides.iter().flat_map(|side| match side {
        0 => field(1, &field(2, b"open")),
        side => field(
            1,
            &[
                8,
                *side as u8 & 0x7f | 0x80,
                (side >> 7) as u8 & 0x7f | 0x80,
                (side >> 14) as u8,
            ],
        ),
    });
    let shape = field(2, &dims.collect::<Vec<u8>>());
    let tensor = field(1, &[&[8, 1][..], &shape].concat());
    [field(1, name.as_bytes()), field(2, &tensor)].concat()
}

/// A file with an operator, inputs, outputs and what stands beside them.
fn model(inputs: &[&[u8]], outputs: &[&[u8]], metadata: &[(&str, &str)]) -> Vec<u8> {
    let mut node = [field(3, b"node"), field(4, b"Softmax")].concat();
    // A port begins with its name, whose length is less than 128.
    let names = outputs
        .iter()
        .map(|port| &port[3..3 + usize::from(port[1] & 0x7f)]);
    node.extend(names.flat_map(|name| field(2, name)));
    let mut graph = field(1, &node);
    graph.extend(field(5, &field(8, b"weights")));
    graph.extend(inputs.iter().flat_map(|port| field(11, port)));
    graph.extend(outputs.iter().flat_map(|port| field(12, port)));
    let mut file = [&[8, 8][..], &field(7, &graph)].concat();
    for (key, value) in metadata {
        let entry = [field(1, key.as_bytes()), field(2, value.as_bytes())].concat();
        file.extend(field(14, &entry));
    }
    file
}
