//! Encoders by compute shaders, against the runtime on the processor.

#[path = "support/device.rs"]
mod device;
#[path = "support/reference.rs"]
mod reference;

use reference::numbers;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Instant;
use visionflow_infer::{Embedding, Encoder, Graph, Operation, lower_encoder};
use visionflow_infer_gpu::Network;

fn file(path: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.join(path)
}

fn model(path: &str) -> Vec<u8> {
    fs::read(file(path)).expect("a model")
}

/// How far numbers are from what they should be, as a part of these.
fn apart(made: &[f32], wanted: &[f32]) -> f64 {
    assert_eq!(made.len(), wanted.len());
    let difference = made
        .iter()
        .zip(wanted)
        .map(|(a, b)| f64::from(a - b).powi(2));
    let length = wanted.iter().map(|b| f64::from(*b).powi(2));
    (difference.sum::<f64>() / length.sum::<f64>()).sqrt()
}

fn network(graph: &Graph) -> Network {
    pollster::block_on(Network::new(device::open(), graph)).expect("a network")
}

/// Both ways must see the same in a photograph.
fn check(model: &[u8]) {
    let coins = image::open(file("crates/infer/tests/fixtures/coins.png"));
    let pixels = coins.expect("a fixture").to_rgba8();
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let encoder = Encoder::load(model).expect("an encoder");
    let wanted = encoder
        .encode(width, height, &pixels)
        .expect("an embedding");
    let planes = encoder.planes(width, height, &pixels).expect("planes");
    let graph = lower_encoder(model).expect("operations");
    let network = network(&graph);
    let start = Instant::now();
    let made = pollster::block_on(network.run(&[&planes])).expect("an embedding");
    let (seconds, steps) = (start.elapsed().as_secs_f64(), network.steps());
    let made = Embedding::from_values(&made.concat()).expect("an embedding");
    let error = made.apart(&wanted);
    println!(
        "{steps} shaders on {}: {seconds:.1} s, {error:.1e} apart",
        network.device_name()
    );
    assert!(error < 1e-4, "{error}");
}

/// Two minutes on two cores with software rendering, so that it is run by hand.
#[test]
#[ignore = "minutes without a graphics processor"]
fn the_embedding_is_that_of_the_runtime() {
    check(&model("models/mobile-sam/mobile_sam_encoder.onnx"));
}

#[test]
fn small_encoders_of_every_layout_see_what_the_runtime_sees() {
    for name in ["sam-encoder", "sam2-encoder", "efficient-sam-encoder"] {
        check(&model(&format!(
            "crates/infer/tests/fixtures/layouts/{name}.onnx"
        )));
    }
}

/// A stretch of the network on numbers without any order, through the bytes that carry it between modules.
fn check_part(graph: &Graph, nodes: Range<usize>) {
    let bytes = graph.part(nodes).to_bytes().expect("bytes");
    let part = Graph::from_bytes(&bytes).expect("the same graph");
    let inputs = part.inputs.iter().zip(1..);
    let inputs: Vec<_> = inputs
        .map(|(id, seed)| numbers(part.len_of(*id), seed))
        .collect();
    let inputs: Vec<&[f32]> = inputs.iter().map(Vec::as_slice).collect();
    let wanted = reference::evaluate(&part, &inputs);
    let made = pollster::block_on(network(&part).run(&inputs)).expect("outputs");
    for (made, wanted) in made.iter().zip(&wanted) {
        let error = apart(made, wanted);
        assert!(error < 1e-5, "{error}");
    }
}

/// The last window attention: from tokens to the normal rows of windows, and from what heads are asked,
/// hold and say to what they answer.
#[test]
fn the_last_attention_of_the_bundled_encoder() {
    let graph = lower_encoder(&model("models/mobile-sam/mobile_sam_encoder.onnx"));
    let graph = graph.expect("operations");
    let last = |is_it: &dyn Fn(&Operation) -> bool| {
        let found = graph.nodes.iter().rposition(|node| is_it(&node.operation));
        found.expect("one of the kind")
    };
    let next = |from: usize, is_it: &dyn Fn(&Operation) -> bool| {
        let mut rest = graph.nodes[from..].iter();
        from + rest
            .position(|node| is_it(&node.operation))
            .expect("one of the kind")
    };
    let is_product = |operation: &Operation| matches!(operation, Operation::Contract(_));
    let is_shape = |operation: &Operation| *operation == Operation::Reshape;
    let windows = last(&|operation| matches!(operation, Operation::Pad { .. }));
    let asked = next(windows, &is_product);
    check_part(&graph, windows..asked);
    let softmax = last(&|operation| *operation == Operation::Softmax);
    check_part(
        &graph,
        next(asked, &is_shape)..next(softmax, &is_product) + 1,
    );
}
