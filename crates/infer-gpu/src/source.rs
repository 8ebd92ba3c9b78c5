//! The text of a shader as it is put together: sizes and bindings of this dispatch, functions that say
//! where its numbers lie, and one of the files in `shaders/` that computes with them.

use crate::view::BufferId;
use std::fmt::Write as _;

/// What every shader may call.
const COMMON: &str = include_str!("shaders/common.wgsl");

#[derive(Default)]
pub struct Source {
    constants: String,
    bindings: Vec<BufferId>,
    functions: String,
    named: usize,
}

impl Source {
    /// A size that the shader's file names.
    pub fn constant(&mut self, name: &str, value: usize) {
        // A string takes whatever comes.
        let _ = writeln!(self.constants, "const {name} = {value}u;");
    }

    pub fn flag(&mut self, name: &str, value: bool) {
        let _ = writeln!(self.constants, "const {name} = {value};");
    }

    /// The name of a buffer that is read.
    pub fn binding(&mut self, buffer: BufferId) -> String {
        let mut bindings = self.bindings.iter();
        let at = bindings.position(|known| *known == buffer);
        let at = at.unwrap_or_else(|| {
            self.bindings.push(buffer);
            self.bindings.len() - 1
        });
        format!("x{at}")
    }

    /// A function of a name of its own, from its parameters on.
    pub fn function(&mut self, text: &str) -> String {
        let name = format!("part{}", self.named);
        self.named += 1;
        let _ = write!(self.functions, "fn {name}{text}");
        name
    }

    /// A function that the shader's file calls: parameters and type, then what it returns.
    pub fn returning(&mut self, signature: &str, value: &str) {
        let _ = writeln!(self.functions, "fn {signature} {{\n    return {value};\n}}");
    }

    /// The whole, with the buffers in the order of their bindings after the result's.
    pub fn finish(self, file: &str) -> (String, Vec<BufferId>) {
        let mut text = self.constants;
        text.push_str("@group(0) @binding(0) var<storage, read_write> result: array<f32>;\n");
        for at in 0..self.bindings.len() {
            let _ = writeln!(
                text,
                "@group(0) @binding({}) var<storage, read> x{at}: array<f32>;",
                at + 1
            );
        }
        for part in [COMMON, &self.functions, file] {
            text.push_str(part);
        }
        (text, self.bindings)
    }
}

/// A number as WGSL reads it back exactly. It has no words for what is not finite: infinity is the
/// largest number, and what is no number is 0.
pub fn number(value: f32) -> String {
    let value = if value.is_nan() {
        0.0
    } else {
        value.clamp(f32::MIN, f32::MAX)
    };
    if value < 0.0 {
        format!("({value:?}f)")
    } else {
        format!("{value:?}f")
    }
}
