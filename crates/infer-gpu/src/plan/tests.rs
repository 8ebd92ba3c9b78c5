//! What becomes one shader, and what shares memory.

use super::*;
use visionflow_infer::{Binary, Unary};

const LIMITS: Limits = Limits {
    groups_per_side: 65_535,
    binding_bytes: 128 << 20,
    buffers: 8,
};

fn plan(graph: &Graph) -> Plan {
    Plan::new(graph, &LIMITS).expect("a plan")
}

#[test]
fn a_product_takes_what_follows_it_along() {
    let mut graph = Graph::default();
    let rows = graph.value(&[6, 8]);
    let weights = graph.constant(&[8, 4], vec![0.5; 32]);
    let bias = graph.constant(&[1, 4], [1.0, 2.0, 3.0, 4.0]);
    let contraction = Contraction {
        a: vec![0, 1],
        b: vec![1, 2],
        result: vec![0, 2],
    };
    let product = graph.push(Operation::Contract(contraction), &[rows, weights], &[6, 4]);
    let sum = graph.push(Operation::Binary(Binary::Add), &[product, bias], &[6, 4]);
    let shaped = graph.push(Operation::Reshape, &[sum], &[2, 3, 4]);
    let unit = graph.push(Operation::Unary(Unary::Gelu), &[shaped], &[2, 3, 4]);
    let across = graph.push(Operation::Transpose(vec![1, 0, 2]), &[unit], &[3, 2, 4]);
    let doubled = graph.push(
        Operation::Binary(Binary::Add),
        &[across, across],
        &[3, 2, 4],
    );
    graph.inputs = vec![rows];
    graph.outputs = vec![doubled];
    let plan = plan(&graph);
    assert_eq!(plan.dispatches.len(), 2);
    assert_eq!(plan.dispatches[0].reads.len(), 3);
}

#[test]
fn what_nobody_reads_any_more_makes_room() {
    let mut graph = Graph::default();
    let mut value = graph.value(&[1000]);
    graph.inputs = vec![value];
    for _ in 0..6 {
        let largest = Operation::Reduce(visionflow_infer::Reduction::Maximum, vec![0]);
        let largest = graph.push(largest, &[value], &[1]);
        value = graph.push(
            Operation::Binary(Binary::Subtract),
            &[value, largest],
            &[1000],
        );
        value = graph.push(Operation::Unary(Unary::Exp), &[value], &[1000]);
    }
    graph.outputs = vec![value];
    let plan = plan(&graph);
    assert_eq!(plan.dispatches.len(), 12);
    let memory = Memory::new(&plan);
    for dispatch in &plan.dispatches {
        let slot = |id: &BufferId| memory.slots[id.0];
        assert!(
            !dispatch
                .reads
                .iter()
                .map(slot)
                .any(|read| read == slot(&dispatch.result))
        );
    }
    assert!(memory.lengths.len() <= 6, "{:?}", memory.lengths);
}

#[test]
fn what_no_device_can_is_an_error_that_says_so() {
    let mut graph = Graph::default();
    let a = graph.value(&[3]);
    let b = graph.value(&[3]);
    let contraction = Contraction {
        a: vec![0],
        b: vec![0],
        result: vec![7],
    };
    let made = graph.push(Operation::Contract(contraction), &[a, b], &[3]);
    graph.inputs = vec![a, b];
    graph.outputs = vec![made];
    let refused = Plan::new(&graph, &LIMITS).err();
    assert!(
        matches!(refused, Some(GpuError::Unsupported(_))),
        "{refused:?}"
    );
    let tight = Limits {
        binding_bytes: 8,
        ..LIMITS
    };
    let refused = Plan::new(&graph, &tight).err();
    assert!(
        matches!(refused, Some(GpuError::Limit { .. })),
        "{refused:?}"
    );
}
