//! What an ONNX file says about itself, read without the runtime: inputs, outputs, operators,
//! metadata.
//!
//! Only the few fields that are needed are looked at (onnx.proto3: `ModelProto`, `GraphProto`,
//! `NodeProto`, `ValueInfoProto`, `TensorProto`); weights are stepped over.

mod port;

use crate::Error;
use crate::wire::{Content, Part};
pub use port::{Dim, Element, Port};
use std::collections::{BTreeMap, BTreeSet};

/// No file larger than this is read: a browser's module has 4 GB for the file, its weights and the
/// work.
pub const MAX_MODEL_BYTES: u64 = 512 << 20;
/// Graphs lie in the nodes of others (`If`, `Loop`) no deeper than this.
const MAX_DEPTH: usize = 16;

/// The graph's surface.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Header {
    /// In the file's order, without those that only name weights.
    pub inputs: Vec<Port>,
    pub outputs: Vec<Port>,
    /// The operators of the default domain; others as `domain.operator`.
    pub operators: BTreeSet<String>,
    /// What the exporter wrote beside the graph; Ultralytics names classes there.
    pub metadata: BTreeMap<String, String>,
    /// Whether weights lie in files of their own.
    pub is_split: bool,
}

/// Refuses by its stated size what nobody should begin to read.
pub fn check_size(bytes: u64) -> Result<(), Error> {
    if bytes > MAX_MODEL_BYTES {
        return Err(Error::TooLarge {
            got: bytes,
            most: MAX_MODEL_BYTES,
        });
    }
    Ok(())
}

impl Header {
    /// Reads a whole file; the graph must be complete.
    pub fn read(file: &[u8]) -> Result<Self, Error> {
        check_size(file.len() as u64)?;
        let mut header = Self::default();
        let (mut versioned, mut has_graph) = (false, false);
        let mut model = Part::whole(file).fields();
        while let Some(field) = model.next()? {
            match (field.number, field.content) {
                (1, Content::Number(_)) => versioned = true,
                (7, Content::Bytes(graph)) => {
                    has_graph = true;
                    header.add_graph(&graph)?;
                }
                (14, Content::Bytes(entry)) => {
                    let (key, value) = (entry.text_field(1)?, entry.text_field(2)?);
                    header.metadata.insert(key.to_owned(), value.to_owned());
                }
                // The nodes of functions that the file defines.
                (25, Content::Bytes(function)) => header.add_nodes(&function, 7, 0)?,
                _ => {}
            }
        }
        match (has_graph, versioned) {
            (true, true) => Ok(header),
            (true, false) => Err(Error::NotOnnx("it has no version")),
            (false, _) => Err(Error::NotOnnx("it has no graph")),
        }
    }

    pub fn input(&self, name: &str) -> Option<&Port> {
        self.inputs.iter().find(|port| port.name == name)
    }

    pub fn output(&self, name: &str) -> Option<&Port> {
        self.outputs.iter().find(|port| port.name == name)
    }

    #[cfg(feature = "models")]
    /// The error of a file that should be something else.
    pub(crate) fn is_not(&self, wanted: &'static str) -> Error {
        let names = |ports: &[Port]| {
            let names: Vec<&str> = ports.iter().map(|port| port.name.as_str()).collect();
            names.join(", ")
        };
        Error::WrongModel {
            wanted,
            inputs: names(&self.inputs),
            outputs: names(&self.outputs),
        }
    }

    fn add_graph(&mut self, graph: &Part) -> Result<(), Error> {
        let mut weights = BTreeSet::new();
        // What the graph's nodes make.
        let mut made = BTreeSet::new();
        let mut fields = graph.fields();
        while let Some(field) = fields.next()? {
            let Content::Bytes(part) = field.content else {
                continue;
            };
            match field.number {
                1 => made.extend(part.texts(2)?),
                5 => {
                    weights.insert(part.text_field(8)?);
                    // `EXTERNAL`
                    self.is_split |= part.number_field(14)? == 1;
                }
                11 => self.inputs.push(Port::read(&part)?),
                12 => self.outputs.push(Port::read(&part)?),
                _ => {}
            }
        }
        self.inputs
            .retain(|port| !weights.contains(port.name.as_str()));
        made.extend(&weights);
        made.extend(self.inputs.iter().map(|port| port.name.as_str()));
        let is_made = |port: &Port| made.contains(port.name.as_str());
        if !self.outputs.iter().all(is_made) {
            return Err(Error::NotOnnx(
                "one of its outputs is made by none of its parts",
            ));
        }
        self.add_nodes(graph, 1, 0)
    }

    /// The operators of a graph or a function, whose nodes are the fields of a number.
    fn add_nodes(&mut self, graph: &Part, number: u64, depth: usize) -> Result<(), Error> {
        if depth > MAX_DEPTH {
            return Err(Error::NotOnnx("its graphs lie too deep in each other"));
        }
        let mut fields = graph.fields();
        while let Some(field) = fields.next()? {
            let Content::Bytes(node) = field.content else {
                continue;
            };
            if field.number == number {
                self.add_node(&node, depth)?;
            }
        }
        Ok(())
    }

    fn add_node(&mut self, node: &Part, depth: usize) -> Result<(), Error> {
        let (name, domain) = (node.text_field(4)?, node.text_field(7)?);
        self.operators.insert(match domain {
            "" | "ai.onnx" => name.to_owned(),
            _ => format!("{domain}.{name}"),
        });
        let mut fields = node.fields();
        while let Some(field) = fields.next()? {
            let (5, Content::Bytes(attribute)) = (field.number, field.content) else {
                continue;
            };
            let mut fields = attribute.fields();
            while let Some(field) = fields.next()? {
                if let (6 | 11, Content::Bytes(graph)) = (field.number, field.content) {
                    self.add_nodes(&graph, 1, depth + 1)?;
                }
            }
        }
        Ok(())
    }
}
