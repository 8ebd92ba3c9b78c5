//! The input that takes a photograph.

use crate::Error;
use crate::header::{Element, Header, Port};
use crate::metadata::numbers;
use crate::recognise::unknown;
use crate::spec::{Input, Scaling};

/// Mean and deviation of a channel's values of 0 to 255.
type Norm = ([f32; 3], [f32; 3]);

/// From 0 to 1.
pub(super) const PLAIN: Norm = ([0.0; 3], [255.0; 3]);
pub(super) const IMAGENET: Norm = ([123.675, 116.28, 103.53], [58.395, 57.12, 57.375]);
pub(super) const CLIP: Norm = (
    [122.770_94, 116.746_01, 104.093_74],
    [68.500_53, 66.632_19, 70.323_16],
);

/// The photograph's place among the inputs, from 0 to 1 and letterboxed; where the file leaves sides
/// open they come from its metadata, or are `side`.
pub(super) fn image(header: &Header, side: usize) -> Result<Input, Error> {
    let place = |port: &Port| match port.sides()[..] {
        [_, Some(3), height, width] => Some((false, height, width)),
        [_, height, width, Some(3)] => Some((true, height, width)),
        [_, None, height, width] => Some((false, height, width)),
        _ => None,
    };
    let mut places = header
        .inputs
        .iter()
        .filter_map(|port| Some((port, place(port)?)));
    let (port, (channels_last, height, width)) = places.next().ok_or_else(|| unknown(header))?;
    let known = [Element::F32, Element::F16, Element::U8, Element::Unknown];
    if !known.contains(&port.element) {
        return Err(Error::Unsupported(
            "a model of photographs",
            "its pixels are neither floats nor bytes",
        ));
    }
    let stated = header.metadata.get("imgsz").and_then(|text| numbers(text));
    let stated = match stated.as_deref() {
        Some([both]) => (*both, *both),
        Some([height, width]) => (*height, *width),
        _ => (side, side),
    };
    let input = Input {
        name: port.name.clone(),
        width: width.unwrap_or(stated.1),
        height: height.unwrap_or(stated.0),
        channels_last,
        scaling: Scaling::Letterbox,
        mean: PLAIN.0,
        deviation: PLAIN.1,
        fill: 0.0,
    };
    input.check_size()?;
    Ok(input)
}

/// Models that take bytes scale them on their own.
pub(super) fn keep_bytes(input: &mut Input, header: &Header) {
    if header
        .input(&input.name)
        .is_some_and(|port| port.element == Element::U8)
    {
        (input.mean, input.deviation) = ([0.0; 3], [1.0; 3]);
    }
}
