//! Models from anywhere, and masks of whatever values.

use crate::{Target, exact, outcome_of};
use visionflow_geometry::Polygon;
use visionflow_infer::{Frame, Header, Logits, MASK_SIDE, Outline};

pub const ONNX_HEADER: Target = Target {
    name: "onnx_header",
    run: |bytes| {
        let header = Header::read(bytes);
        if let Ok(header) = &header {
            let names = header.inputs.iter().chain(&header.outputs);
            let letters: usize = names.chain(&header.operators).map(String::len).sum();
            assert!(letters <= bytes.len(), "names come out of the file");
        }
        outcome_of(&header, |header| {
            (
                header.kind(),
                header.inputs.len().min(9),
                header.outputs.len().min(9),
                header.operators.len().min(9),
            )
        })
    },
    seeds: || {
        let encoder = model(&["image"], &["image_embeddings"]);
        let decoder = model(
            &[
                "image_embeddings",
                "point_coords",
                "point_labels",
                "mask_input",
                "has_mask_input",
            ],
            &["low_res_masks", "iou_predictions"],
        );
        let cut = decoder[..decoder.len() - 5].to_vec();
        vec![encoder, decoder, cut, model(&[], &[])]
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

/// A file with an operator, inputs and outputs.
fn model(inputs: &[&str], outputs: &[&str]) -> Vec<u8> {
    let field = |number: u8, content: &[u8]| {
        [&[number << 3 | 2, content.len() as u8][..], content].concat()
    };
    let mut graph = field(1, &[field(3, b"node"), field(4, b"Softmax")].concat());
    graph.extend(field(5, &field(8, b"weights")));
    for name in inputs {
        graph.extend(field(11, &field(1, name.as_bytes())));
    }
    for name in outputs {
        graph.extend(field(12, &field(1, name.as_bytes())));
    }
    // The length of a graph may need two bytes.
    let length = [graph.len() as u8 & 0x7f | 0x80, (graph.len() >> 7) as u8];
    [&[8, 8, 7 << 3 | 2][..], &length, &graph].concat()
}
