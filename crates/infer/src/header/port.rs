//! An input or an output of a graph.

use crate::Error;
use crate::wire::{Content, Part};
use serde::{Serialize, Serializer};

/// A tensor that goes in or comes out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Port {
    pub name: String,
    /// The type of its values.
    #[serde(rename = "type")]
    pub element: Element,
    /// Its sides; empty where the file says none.
    pub shape: Vec<Dim>,
}

/// One side of a tensor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Dim {
    Fixed(usize),
    /// Left open, under a name that may be empty.
    Open(String),
}

/// onnx.proto3's `DataType`, as far as inputs and outputs have them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Element {
    F32,
    F16,
    F64,
    U8,
    I8,
    I32,
    I64,
    Bool,
    #[default]
    Unknown,
    Other(u64),
}

impl Element {
    fn from_number(number: u64) -> Self {
        match number {
            0 => Self::Unknown,
            1 => Self::F32,
            2 => Self::U8,
            3 => Self::I8,
            6 => Self::I32,
            7 => Self::I64,
            9 => Self::Bool,
            10 => Self::F16,
            11 => Self::F64,
            other => Self::Other(other),
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::F32 => "float32",
            Self::F16 => "float16",
            Self::F64 => "float64",
            Self::U8 => "uint8",
            Self::I8 => "int8",
            Self::I32 => "int32",
            Self::I64 => "int64",
            Self::Bool => "bool",
            Self::Unknown => "unknown",
            Self::Other(_) => "other",
        }
    }
}

impl Serialize for Element {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Dim {
    pub fn fixed(&self) -> Option<usize> {
        match self {
            Self::Fixed(side) => Some(*side),
            Self::Open(_) => None,
        }
    }
}

impl Port {
    /// From a `ValueInfoProto`.
    pub(crate) fn read(info: &Part) -> Result<Self, Error> {
        let mut port = Self {
            name: info.text_field(1)?.to_owned(),
            ..Self::default()
        };
        let tensor = match info.part(2)? {
            Some(kind) => kind.part(1)?,
            None => None,
        };
        if let Some(tensor) = tensor {
            port.element = Element::from_number(tensor.number_field(1)?);
            if let Some(shape) = tensor.part(2)? {
                port.shape = sides(&shape)?;
            }
        }
        Ok(port)
    }

    /// Its sides where they are fixed.
    pub fn sides(&self) -> Vec<Option<usize>> {
        self.shape.iter().map(Dim::fixed).collect()
    }
}

fn sides(shape: &Part) -> Result<Vec<Dim>, Error> {
    let mut sides = Vec::new();
    let mut fields = shape.fields();
    while let Some(field) = fields.next()? {
        let (1, Content::Bytes(dim)) = (field.number, field.content) else {
            continue;
        };
        let name = dim.text_field(2)?;
        // Exporters write 0 or -1 for what they leave open.
        sides.push(match usize::try_from(dim.number_field(1)? as i64) {
            Ok(side) if side > 0 => Dim::Fixed(side),
            _ => Dim::Open(name.to_owned()),
        });
    }
    Ok(sides)
}
