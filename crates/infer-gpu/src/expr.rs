//! What is done to each number by itself, so that whole chains of it are part of one shader.

use crate::source::{Source, number};
use crate::view::{BufferId, View, coordinate, plus};
use std::fmt::Write as _;
use visionflow_infer::{Binary, Unary};

/// The number at a place of a value, said as one of others at the same place.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    /// What the shader has computed for this place.
    Made,
    Number(f32),
    Load(Load),
    Unary(Unary, Box<Expr>),
    Binary(Binary, Box<Expr>, Box<Expr>),
}

/// A number out of a buffer, by the place counted row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Load {
    pub view: View,
    pub margin: Option<Margin>,
}

/// What lies around a view in the value that is counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Margin {
    pub shape: Vec<usize>,
    pub before: Vec<usize>,
    pub value: f32,
}

impl Load {
    fn shape(&self) -> Vec<usize> {
        match &self.margin {
            Some(margin) => margin.shape.clone(),
            None => self.view.axes.iter().map(|axis| axis.length).collect(),
        }
    }
}

impl Expr {
    pub fn load(view: View) -> Self {
        Self::Load(Load { view, margin: None })
    }

    pub fn binary(operation: Binary, a: Self, b: Self) -> Self {
        Self::Binary(operation, Box::new(a), Box::new(b))
    }

    /// Every buffer that is read, each once.
    pub fn buffers(&self, into: &mut Vec<BufferId>) {
        match self {
            Self::Made | Self::Number(_) => {}
            Self::Load(load) if into.contains(&load.view.buffer) => {}
            Self::Load(load) => into.push(load.view.buffer),
            Self::Unary(_, of) => of.buffers(into),
            Self::Binary(_, a, b) => {
                a.buffers(into);
                b.buffers(into);
            }
        }
    }

    /// How much it is to compute it once more, in multiplications.
    pub fn cost(&self) -> usize {
        match self {
            Self::Made | Self::Number(_) => 0,
            Self::Load(load) => 1 + 2 * usize::from(load.margin.is_some()),
            Self::Unary(Unary::Abs | Unary::Negate | Unary::Square, of) => 1 + of.cost(),
            Self::Unary(Unary::ReciprocalRoot | Unary::Reciprocal | Unary::Root, of) => {
                2 + of.cost()
            }
            Self::Unary(_, of) => 16 + of.cost(),
            Self::Binary(_, a, b) => 1 + a.cost() + b.cost(),
        }
    }

    /// The same of other views of what is loaded; nothing where a load counts another shape or a view
    /// cannot be had.
    pub fn seen(&self, shape: &[usize], as_view: &impl Fn(&View) -> View) -> Option<Self> {
        Some(match self {
            Self::Number(number) => Self::Number(*number),
            Self::Load(load) if load.margin.is_none() && load.shape() == shape => {
                Self::load(as_view(&load.view))
            }
            Self::Made | Self::Load(_) => return None,
            Self::Unary(operation, of) => {
                Self::Unary(*operation, Box::new(of.seen(shape, as_view)?))
            }
            Self::Binary(operation, a, b) => {
                Self::binary(*operation, a.seen(shape, as_view)?, b.seen(shape, as_view)?)
            }
        })
    }

    /// The expression in WGSL, at the place `i` and with `made`.
    pub fn wgsl(&self, source: &mut Source) -> String {
        match self {
            Self::Made => "made".into(),
            Self::Number(value) => number(*value),
            Self::Load(load) => load.wgsl(source),
            Self::Unary(operation, of) => {
                let of = of.wgsl(source);
                match operation {
                    Unary::Abs => format!("abs({of})"),
                    Unary::Erf => format!("error_function({of})"),
                    Unary::Exp => format!("exp({of})"),
                    Unary::Gelu => format!("gelu({of})"),
                    Unary::HardSwish => format!("hard_swish({of})"),
                    Unary::Log => format!("log({of})"),
                    Unary::Negate => format!("(-{of})"),
                    Unary::Power(power) => format!("power({of}, {})", number(*power)),
                    Unary::Reciprocal => format!("(1.0 / {of})"),
                    Unary::ReciprocalRoot => format!("inverseSqrt({of})"),
                    Unary::Root => format!("sqrt({of})"),
                    Unary::Sigmoid => format!("sigmoid({of})"),
                    Unary::Silu => format!("silu({of})"),
                    Unary::Square => format!("square({of})"),
                    Unary::Tanh => format!("hyperbolic_tangent({of})"),
                }
            }
            Self::Binary(operation, a, b) => {
                let (a, b) = (a.wgsl(source), b.wgsl(source));
                match operation {
                    Binary::Add => format!("({a} + {b})"),
                    Binary::Divide => format!("({a} / {b})"),
                    Binary::Maximum => format!("max({a}, {b})"),
                    Binary::Minimum => format!("min({a}, {b})"),
                    Binary::Multiply => format!("({a} * {b})"),
                    Binary::Power => format!("power({a}, {b})"),
                    Binary::Subtract => format!("({a} - {b})"),
                }
            }
        }
    }
}

impl Load {
    fn wgsl(&self, source: &mut Source) -> String {
        let buffer = source.binding(self.view.buffer);
        let Some(margin) = &self.margin else {
            return format!("{buffer}[{}]", self.view.place("i"));
        };
        let mut body = String::new();
        let mut inside = vec!["true".to_owned()];
        let mut place = "0u".to_owned();
        let mut below = 1;
        for (axis, (own, length)) in self.view.axes.iter().zip(&margin.shape).enumerate().rev() {
            let before = margin.before[axis];
            let at = coordinate("i", below, (axis > 0).then_some(*length));
            below *= length;
            // A string takes whatever comes. Before the margin's end a difference wraps around.
            let _ = writeln!(body, "    let at{axis} = ({at}) - {before}u;");
            if own.length < *length {
                inside.push(format!("at{axis} < {}u", own.length));
            }
            let _ = write!(place, " + at{axis} * {}u", own.stride);
        }
        let name = source.function(&format!(
            "(i: u32) -> f32 {{\n{body}    if {} {{\n        return {buffer}[{}];\n    }}\n    return {};\n}}\n",
            inside.join(" && "),
            plus(self.view.offset, &place),
            number(margin.value),
        ));
        format!("{name}(i)")
    }
}
