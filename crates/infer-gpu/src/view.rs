//! Where the numbers of a value lie in a buffer, and the WGSL that finds them.
//!
//! Slices, transpositions and repeats are other views of the same buffer, so they cost nothing: whoever
//! reads computes the place from them.

use std::fmt::Write as _;

/// A buffer as a plan knows it, before it has memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BufferId(pub usize);

/// The axes of a value in a buffer, each with its length and the distance from one to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    pub buffer: BufferId,
    pub offset: usize,
    pub axes: Vec<Axis>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Axis {
    pub length: usize,
    pub stride: usize,
}

impl View {
    /// Row by row from a buffer's start.
    pub fn rows(buffer: BufferId, shape: &[usize]) -> Self {
        let mut stride = 1;
        let mut axes: Vec<Axis> = Vec::new();
        for length in shape.iter().rev() {
            axes.push(Axis {
                length: *length,
                stride,
            });
            stride *= length;
        }
        axes.reverse();
        Self {
            buffer,
            offset: 0,
            axes,
        }
    }

    pub fn transposed(&self, order: &[usize]) -> Self {
        let axes = order.iter().map(|axis| self.axes[*axis]).collect();
        Self {
            axes,
            ..self.clone()
        }
    }

    pub fn sliced(&self, axis: usize, start: usize, length: usize) -> Self {
        let mut view = self.clone();
        view.offset += start * view.axes[axis].stride;
        view.axes[axis].length = length;
        view
    }

    /// With axes of one element repeated up to a shape of the same rank.
    pub fn repeated(&self, shape: &[usize]) -> Self {
        let axes = self.axes.iter().zip(shape).map(|(axis, length)| Axis {
            length: *length,
            stride: if axis.length == 1 { 0 } else { axis.stride },
        });
        Self {
            axes: axes.collect(),
            ..self.clone()
        }
    }

    /// The same numbers in the same order in another shape, where that is a view too.
    pub fn reshaped(&self, shape: &[usize]) -> Option<Self> {
        let own = merged(&self.axes);
        let mut axes = Vec::new();
        let mut lengths = shape.iter().copied().filter(|length| *length != 1);
        // Each axis that is left must be made of whole new axes.
        for axis in &own {
            let mut rest = axis.length;
            let mut parts = Vec::new();
            while rest > 1 {
                let length = lengths.next()?;
                if !rest.is_multiple_of(length) {
                    return None;
                }
                rest /= length;
                parts.push(Axis {
                    length,
                    stride: axis.stride * rest,
                });
            }
            axes.extend(parts);
        }
        let mut parts = axes.into_iter();
        let ones = Axis {
            length: 1,
            stride: 0,
        };
        let axes = shape.iter().map(|length| match length {
            1 => Some(ones),
            _ => parts.next(),
        });
        Some(Self {
            axes: axes.collect::<Option<_>>()?,
            ..self.clone()
        })
    }

    /// The place in the buffer of the number at `index`, counted row by row.
    pub fn place(&self, index: &str) -> String {
        plus(self.offset, &place(&self.axes, index))
    }
}

/// Without axes of one element, and with those as one that lie as one.
pub fn merged(axes: &[Axis]) -> Vec<Axis> {
    let mut merged: Vec<Axis> = Vec::new();
    for axis in axes.iter().filter(|axis| axis.length != 1) {
        match merged.last_mut() {
            Some(last) if last.stride == axis.stride * axis.length => {
                last.length *= axis.length;
                last.stride = axis.stride;
            }
            _ => merged.push(*axis),
        }
    }
    merged
}

/// The distance that `index` goes when it counts through axes, the last one fastest.
pub fn place(axes: &[Axis], index: &str) -> String {
    let axes = merged(axes);
    let mut sum = String::new();
    let mut below = 1;
    for (from_left, axis) in axes.iter().enumerate().rev() {
        let at = coordinate(index, below, (from_left > 0).then_some(axis.length));
        below *= axis.length;
        if axis.stride == 0 {
            continue;
        }
        if !sum.is_empty() {
            sum.push_str(" + ");
        }
        sum.push_str(&at);
        if axis.stride > 1 {
            // A string takes whatever comes.
            let _ = write!(sum, " * {}u", axis.stride);
        }
    }
    if sum.is_empty() { "0u".into() } else { sum }
}

/// One coordinate of a count: how many there are below it, and how many of it unless it is the first.
pub fn coordinate(index: &str, below: usize, length: Option<usize>) -> String {
    let divided = match below {
        1 => index.to_owned(),
        _ => format!("{index} / {below}u"),
    };
    match length {
        Some(1) => "0u".into(),
        Some(length) => format!("({divided}) % {length}u"),
        None => format!("({divided})"),
    }
}

pub fn plus(offset: usize, place: &str) -> String {
    if offset == 0 {
        place.to_owned()
    } else {
        format!("{offset}u + {place}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(view: &View, expected: &str) {
        assert_eq!(view.place("i"), expected);
    }

    #[test]
    fn axes_that_lie_as_one_are_counted_as_one() {
        let rows = View::rows(BufferId(0), &[2, 3, 1, 4]);
        check(&rows, "(i)");
        check(&rows.sliced(0, 1, 1), "12u + (i)");
        check(&rows.sliced(1, 1, 2), "4u + (i) % 8u + (i / 8u) * 12u");
        check(&rows.transposed(&[3, 0, 1, 2]), "(i) % 6u * 4u + (i / 6u)");
        let row = View::rows(BufferId(0), &[1, 4]);
        check(&row.repeated(&[3, 4]), "(i) % 4u");
        check(&View::rows(BufferId(0), &[1]).repeated(&[5]), "0u");
    }

    #[test]
    fn a_shape_is_a_view_where_axes_are_split_or_joined_that_lie_as_one() {
        let rows = View::rows(BufferId(0), &[4, 6]);
        let split = rows.reshaped(&[2, 2, 1, 6]).expect("a view");
        check(
            &split.transposed(&[1, 0, 2, 3]),
            "(i) % 6u + (i / 6u) % 2u * 12u + (i / 12u) * 6u",
        );
        let across = rows.transposed(&[1, 0]);
        assert_eq!(across.reshaped(&[24]), None);
        assert!(across.reshaped(&[2, 3, 2, 2]).is_some());
        assert_eq!(rows.sliced(1, 0, 4).reshaped(&[16]), None);
    }
}
