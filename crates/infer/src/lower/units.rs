//! What is done to each number by itself.

use crate::graph::{Binary, Unary};
use tract_onnx::tract_core::ops::binary::TypedBinOp;
use tract_onnx::tract_core::ops::element_wise::ElementWiseOp;
use tract_onnx::tract_core::ops::{math, nn};

pub fn binary(op: &TypedBinOp) -> Option<Binary> {
    let known = [
        (op.0.is::<math::Add>(), Binary::Add),
        (op.0.is::<math::Div>(), Binary::Divide),
        (op.0.is::<math::Max>(), Binary::Maximum),
        (op.0.is::<math::Min>(), Binary::Minimum),
        (op.0.is::<math::Mul>(), Binary::Multiply),
        (op.0.is::<math::Pow>(), Binary::Power),
        (op.0.is::<math::Sub>(), Binary::Subtract),
    ];
    let found = known.into_iter().find(|(is_it, _)| *is_it);
    found.map(|(_, binary)| binary)
}

pub fn unary(op: &ElementWiseOp) -> Option<Unary> {
    let op = &op.0;
    if let Some(power) = op.downcast_ref::<math::PowConst>() {
        return Some(Unary::Power(power.exponent));
    }
    let known = [
        (op.is::<math::Abs>(), Unary::Abs),
        (op.is::<math::Erf>(), Unary::Erf),
        (op.is::<math::Exp>(), Unary::Exp),
        (op.is::<nn::GeluExact>(), Unary::Gelu),
        (op.is::<nn::HardSwish>(), Unary::HardSwish),
        (op.is::<math::Ln>(), Unary::Log),
        (op.is::<math::Neg>(), Unary::Negate),
        (op.is::<math::Recip>(), Unary::Reciprocal),
        (op.is::<math::Rsqrt>(), Unary::ReciprocalRoot),
        (op.is::<math::Sqrt>(), Unary::Root),
        (op.is::<nn::Sigmoid>(), Unary::Sigmoid),
        (op.is::<nn::Silu>(), Unary::Silu),
        (op.is::<math::Square>(), Unary::Square),
        (op.is::<math::Tanh>(), Unary::Tanh),
    ];
    let found = known.into_iter().find(|(is_it, _)| *is_it);
    found.map(|(_, unary)| unary)
}
