//! A graph as bytes: the length of a JSON text, the text, and then the constants, in half precision
//! where that loses nothing (the weights of files in half precision).

use super::{Graph, Node, ValueId};
use crate::Error;
use half::f16;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Serialize, Deserialize)]
struct Text {
    shapes: Vec<Vec<usize>>,
    /// Which values are known, and whether their numbers are halves.
    constants: Vec<(ValueId, bool)>,
    nodes: Vec<Node>,
    inputs: Vec<ValueId>,
    outputs: Vec<ValueId>,
}

impl Graph {
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let is_half = |values: &[f32]| {
            let mut values = values.iter();
            values.all(|value| f16::from_f32(*value).to_f32() == *value)
        };
        let constants = self.constants.iter();
        let constants = constants.map(|(id, values)| (*id, is_half(values)));
        let text = Text {
            shapes: self.shapes.clone(),
            constants: constants.collect(),
            nodes: self.nodes.clone(),
            inputs: self.inputs.clone(),
            outputs: self.outputs.clone(),
        };
        let json = serde_json::to_vec(&text).map_err(|error| Error::Failed(error.to_string()))?;
        let mut bytes = (json.len() as u32).to_le_bytes().to_vec();
        bytes.extend(json);
        for ((_, values), (_, is_half)) in self.constants.iter().zip(&text.constants) {
            if *is_half {
                let halves = values.iter().map(|value| f16::from_f32(*value));
                bytes.extend(halves.flat_map(f16::to_le_bytes));
            } else {
                bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            }
        }
        Ok(bytes)
    }

    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        let cut = || Error::Failed("a graph of operations was cut off".into());
        let (length, rest) = bytes.split_first_chunk::<4>().ok_or_else(cut)?;
        let length = u32::from_le_bytes(*length) as usize;
        let (json, mut rest) = rest.split_at_checked(length).ok_or_else(cut)?;
        let text: Text =
            serde_json::from_slice(json).map_err(|error| Error::Failed(error.to_string()))?;
        let mut constants: Vec<(ValueId, Arc<[f32]>)> = Vec::new();
        for (id, is_half) in text.constants {
            let shape = text.shapes.get(id).ok_or_else(cut)?;
            let size = if is_half { 2 } else { 4 };
            let sides = shape
                .iter()
                .try_fold(size, |all: usize, side| all.checked_mul(*side));
            let (own, others) = rest
                .split_at_checked(sides.ok_or_else(cut)?)
                .ok_or_else(cut)?;
            rest = others;
            let values = if is_half {
                let halves = own.as_chunks::<2>().0.iter();
                halves
                    .map(|half| f16::from_le_bytes(*half).to_f32())
                    .collect()
            } else {
                let words = own.as_chunks::<4>().0.iter();
                words.map(|word| f32::from_le_bytes(*word)).collect()
            };
            constants.push((id, values));
        }
        Self {
            shapes: text.shapes,
            constants,
            nodes: text.nodes,
            inputs: text.inputs,
            outputs: text.outputs,
        }
        .checked()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Binary, Graph, Operation};

    #[test]
    fn comes_back_the_same_in_half_the_bytes_where_that_is_exact() {
        let mut graph = Graph::default();
        let input = graph.value(&[2, 3]);
        let exact = graph.constant(&[2, 3], [1.0, -0.5, 2.0, 0.25, 7.0, 0.0]);
        let other = graph.constant(&[2, 1], [0.1, 1e20]);
        let sum = graph.push(Operation::Binary(Binary::Add), &[input, exact], &[2, 3]);
        let product = graph.push(Operation::Binary(Binary::Multiply), &[sum, other], &[2, 3]);
        graph.inputs = vec![input];
        graph.outputs = vec![product];
        let bytes = graph.to_bytes().expect("bytes");
        assert_eq!(Graph::from_bytes(&bytes).expect("the same"), graph);
        assert!(Graph::from_bytes(&bytes[..bytes.len() - 1]).is_err());
        let json = u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize;
        assert_eq!(bytes.len(), 4 + json + 6 * 2 + 2 * 4);
    }
}
