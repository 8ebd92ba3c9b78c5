//! Detectors: the YOLO family by the sides of its rows, DETR's by its pair of outputs.

use super::input;
use crate::Error;
use crate::header::{Header, Port};
use crate::metadata::{MAX_CLASSES, class_names, numbers, unnamed};
use crate::spec::{Input, Layout, ModelSpec, Scaling, Task};

/// Exports that have done their own NMS give so many rows at most.
const MAX_FINAL_ROWS: usize = 1000;
/// Masks are mixed of no more prototypes.
const MAX_FACTORS: usize = 256;

#[derive(Clone, Copy, PartialEq)]
enum Extra {
    Nothing,
    Masks(usize),
    Joints([usize; 2]),
    Angle,
}

impl Extra {
    fn columns(self) -> usize {
        match self {
            Self::Nothing => 0,
            Self::Masks(factors) => factors,
            Self::Joints([joints, values]) => joints * values,
            Self::Angle => 1,
        }
    }
}

/// The number of columns before the classes, and how they are read.
#[derive(Clone, Copy)]
enum Family {
    V5,
    V8,
    /// Boxes after NMS; the class is a number of its own.
    Final,
    RtDetr,
}

pub(super) fn detector(header: &Header) -> Result<Option<ModelSpec>, Error> {
    if let Some((logits, boxes)) = detr_outputs(header) {
        return detr(header, logits, boxes).map(Some);
    }
    if let Some(outputs) = final_outputs(header) {
        return finals(header, &outputs).map(Some);
    }
    let Some(rows) = header.outputs.iter().find(|port| port.shape.len() == 3) else {
        return Ok(None);
    };
    let mut input = input::image(header, 640)?;
    let (extra, protos) = extra(header);
    let names = header
        .metadata
        .get("names")
        .and_then(|text| class_names(text));
    let Some((family, classes)) = family(header, rows, extra, names.as_deref(), &input) else {
        return Ok(None);
    };
    let classes = named(names, classes);
    input.fill = 114.0;
    if matches!(family, Family::RtDetr) {
        input.scaling = Scaling::Stretch;
    }
    input::keep_bytes(&mut input, header);
    let mut outputs = vec![rows.name.clone()];
    outputs.extend(protos.map(|port| port.name.clone()));
    Ok(Some(ModelSpec {
        layout: layout(family, extra),
        joints: match extra {
            Extra::Joints(joints) => Some(joints),
            _ => None,
        },
        ..spec(Layout::Detr, classes, input, outputs)
    }))
}

fn spec(layout: Layout, classes: Vec<String>, input: Input, outputs: Vec<String>) -> ModelSpec {
    ModelSpec {
        task: Task::Detector,
        layout,
        classes,
        score: 0.25,
        iou: 0.45,
        limit: 300,
        files: 1,
        input: Some(input),
        outputs,
        joints: None,
    }
}

fn layout(family: Family, extra: Extra) -> Layout {
    match (family, extra) {
        (Family::RtDetr, _) => Layout::RtDetrRows,
        (Family::V5, Extra::Masks(_)) => Layout::Yolov5Segment,
        (Family::V5, _) => Layout::Yolov5Detect,
        (Family::V8, Extra::Nothing) => Layout::Yolov8Detect,
        (Family::V8, Extra::Masks(_)) => Layout::Yolov8Segment,
        (Family::V8, Extra::Joints(_)) => Layout::Yolov8Pose,
        (Family::V8, Extra::Angle) => Layout::Yolov8Obb,
        (Family::Final, Extra::Nothing) => Layout::Yolov10Detect,
        (Family::Final, Extra::Masks(_)) => Layout::Yolov10Segment,
        (Family::Final, Extra::Joints(_)) => Layout::Yolov10Pose,
        (Family::Final, Extra::Angle) => Layout::Yolov10Obb,
    }
}

/// What stands in a row besides box and classes, and the masks' prototypes.
fn extra(header: &Header) -> (Extra, Option<&Port>) {
    let task = header.metadata.get("task").map_or("", String::as_str);
    let joints = header
        .metadata
        .get("kpt_shape")
        .and_then(|text| numbers(text));
    if let (true, Some([joints @ 1..=1000, values @ 2..=3])) =
        (matches!(task, "" | "pose"), joints.as_deref())
    {
        return (Extra::Joints([*joints, *values]), None);
    }
    if task == "obb" {
        return (Extra::Angle, None);
    }
    let is_protos = |port: &&Port| matches!(port.sides()[..], [_, Some(_), _, _]);
    let protos = header.outputs.iter().find(is_protos);
    let factors = protos
        .and_then(|port| port.sides()[1])
        .filter(|factors| *factors <= MAX_FACTORS);
    match (task, factors) {
        ("" | "segment", Some(factors)) => (Extra::Masks(factors), protos),
        _ => (Extra::Nothing, None),
    }
}

/// Which family's rows these are, and for how many classes (0: as many as are named).
fn family(
    header: &Header,
    rows: &Port,
    extra: Extra,
    names: Option<&[String]>,
    input: &Input,
) -> Option<(Family, usize)> {
    let sides = rows.sides();
    let (first, last) = (sides[1], sides[2]);
    let about = header
        .metadata
        .get("description")
        .map_or("", String::as_str)
        .to_lowercase();
    let few = first.is_some_and(|rows| rows <= MAX_FINAL_ROWS);
    if last == Some(6 + extra.columns()) && few && !first.is_some_and(|rows| is_grid(rows, input)) {
        return Some((Family::Final, 0));
    }
    let classes_in = |side: Option<usize>, head: usize| {
        let classes = side?.checked_sub(head + extra.columns())?;
        Some(classes).filter(|classes| (1..=MAX_CLASSES).contains(classes))
    };
    if let Some(known) = names.map(<[String]>::len) {
        if classes_in(last, 4) == Some(known) && (few || about.contains("rtdetr")) {
            return Some((Family::RtDetr, known));
        }
        if classes_in(first, 4) == Some(known) {
            return Some((Family::V8, known));
        }
        if classes_in(last, 5) == Some(known) {
            return Some((Family::V5, known));
        }
    }
    // Of a grid there are more places than columns.
    let more = |places: Option<usize>, columns: Option<usize>| match (places, columns) {
        (Some(places), Some(columns)) => places > columns,
        (None, Some(_)) => true,
        _ => false,
    };
    if more(last, first) {
        return Some((Family::V8, classes_in(first, 4)?));
    }
    if more(first, last) {
        return Some((Family::V5, classes_in(last, 5)?));
    }
    None
}

/// Whether a grid with three anchors, or one, at a place has so many rows.
fn is_grid(rows: usize, input: &Input) -> bool {
    let level = |stride: usize| (input.width / stride) * (input.height / stride);
    let places: usize = [8, 16, 32].map(level).iter().sum();
    rows == places || rows == 3 * places
}

/// As many names as there are classes; all that are known where the model does not say how many.
fn named(names: Option<Vec<String>>, classes: usize) -> Vec<String> {
    let mut names = names.unwrap_or_default();
    if classes > 0 {
        names.truncate(classes);
    }
    names.extend((names.len()..classes).map(unnamed));
    names
}

/// Boxes, scores and labels of things that are told apart already.
fn final_outputs(header: &Header) -> Option<[String; 3]> {
    let of = |name: &str, rank: usize| {
        let port = header.output(name)?;
        (port.shape.len() == rank).then(|| port.name.clone())
    };
    Some([of("boxes", 3)?, of("scores", 2)?, of("labels", 2)?])
}

fn finals(header: &Header, outputs: &[String; 3]) -> Result<ModelSpec, Error> {
    let names = header.metadata.get("names");
    let names = names.and_then(|text| class_names(text));
    let mut input = input::image(header, 640)?;
    input.scaling = Scaling::Stretch;
    input::keep_bytes(&mut input, header);
    let mut spec = spec(
        Layout::RtDetrFinal,
        named(names, 0),
        input,
        outputs.to_vec(),
    );
    spec.score = 0.5;
    Ok(spec)
}

/// Logits and boxes.
fn detr_outputs(header: &Header) -> Option<(&Port, &Port)> {
    let rank = |port: &&Port| port.shape.len() == 3;
    let boxes = header.outputs.iter().filter(rank);
    let boxes = boxes
        .clone()
        .find(|port| port.name.contains("box") && matches!(port.sides()[2], Some(4) | None))?;
    let word = |port: &&Port| {
        ["logit", "class", "score"]
            .iter()
            .any(|word| port.name.contains(word))
    };
    let logits = header.outputs.iter().filter(rank).find(word)?;
    // A grid's places are no queries.
    let few = boxes.sides()[1].is_none_or(|queries| queries <= MAX_FINAL_ROWS);
    few.then_some(())?;
    Some((logits, boxes))
}

fn detr(header: &Header, logits: &Port, boxes: &Port) -> Result<ModelSpec, Error> {
    let names = header
        .metadata
        .get("names")
        .and_then(|text| class_names(text));
    let columns = logits.sides()[2];
    // Deformable attention samples a grid, and came with scores of each class for itself.
    let deformable = header.operators.contains("GridSample");
    let has_none = match (&names, columns) {
        (Some(names), Some(columns)) if columns == names.len() => false,
        (Some(names), Some(columns)) if columns == names.len() + 1 => true,
        _ => !deformable,
    };
    let side = if has_none { 800 } else { 640 };
    let mut input = input::image(header, side)?;
    input.scaling = Scaling::Stretch;
    if has_none {
        (input.mean, input.deviation) = input::IMAGENET;
    }
    input::keep_bytes(&mut input, header);
    let classes = columns.map_or(0, |columns| columns - usize::from(has_none && columns > 1));
    if classes > MAX_CLASSES {
        return Err(super::unknown(header));
    }
    let layout = if has_none {
        Layout::Detr
    } else {
        Layout::RtDetr
    };
    let outputs = vec![logits.name.clone(), boxes.name.clone()];
    let mut spec = spec(layout, named(names, classes), input, outputs);
    // Queries compete while the model is trained; doubles are rare.
    spec.score = 0.5;
    spec.iou = 0.8;
    Ok(spec)
}
