//! What is needed besides an ONNX file's bytes to run it: made by [`crate::recognise`], kept as JSON
//! beside the model, its thresholds and the names of its classes changed by whoever looks after it.

use crate::Error;
use crate::metadata::{MAX_CLASSES, unnamed};
use serde::{Deserialize, Serialize};

/// The most detections that one photograph is given.
pub const MAX_DETECTIONS: usize = 1000;
/// The longest side that a model is fed with.
pub const MAX_INPUT_SIDE: usize = 4096;
/// The most pixels that a model is fed with: what lies between its layers takes some hundred bytes for
/// each, and a browser's worker has 4 GB.
pub const MAX_INPUT_PIXELS: usize = 2048 * 2048;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// Masks from clicks and boxes.
    Promptable,
    /// Things with a class, a score and a place.
    Detector,
    /// Classes of the whole photograph.
    Classifier,
    /// A vector for the whole photograph.
    Embedder,
}

/// How a model's outputs are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Rows of centre, size, objectness, classes (YOLO v5, v6, v7).
    #[serde(rename = "yolov5-detect")]
    Yolov5Detect,
    /// The same with factors of mask prototypes.
    #[serde(rename = "yolov5-segment")]
    Yolov5Segment,
    /// Columns of centre, size, classes (YOLO v8, v9, v11).
    #[serde(rename = "yolov8-detect")]
    Yolov8Detect,
    #[serde(rename = "yolov8-segment")]
    Yolov8Segment,
    /// Joints follow the classes.
    #[serde(rename = "yolov8-pose")]
    Yolov8Pose,
    /// An angle follows the classes.
    #[serde(rename = "yolov8-obb")]
    Yolov8Obb,
    /// Rows of corners, score, class, each thing once (YOLO v10, and exports with NMS inside).
    #[serde(rename = "yolov10-detect")]
    Yolov10Detect,
    #[serde(rename = "yolov10-segment")]
    Yolov10Segment,
    #[serde(rename = "yolov10-pose")]
    Yolov10Pose,
    #[serde(rename = "yolov10-obb")]
    Yolov10Obb,
    /// Logits over the classes and none, and boxes as parts of the input's sides.
    Detr,
    /// Logits of each class for itself, and boxes as parts of the input's sides.
    RtDetr,
    /// Rows of boxes as parts of the input's sides and scores (RT-DETR as Ultralytics exports it).
    RtDetrRows,
    /// Boxes as corners in the input's pixels, with their labels and scores beside (RT-DETR as its
    /// authors export it).
    RtDetrFinal,
    Classifier,
    Embedder,
    /// Segment Anything and what was distilled from it.
    Sam,
    Sam2,
    EfficientSam,
}

/// How a photograph is brought to the input's size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scaling {
    /// Whole, in the middle, with its own sides' ratio; the rest is filled.
    Letterbox,
    /// Whole, each side by itself.
    Stretch,
    /// The middle of it, with its own sides' ratio.
    Crop,
}

/// What a photograph is made into.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Input {
    pub name: String,
    pub width: usize,
    pub height: usize,
    /// Whether the three channels of a pixel stand together, instead of in planes.
    #[serde(default)]
    pub channels_last: bool,
    pub scaling: Scaling,
    /// Taken from a channel's value of 0 to 255.
    pub mean: [f32; 3],
    /// What is left is divided by this.
    pub deviation: [f32; 3],
    /// What stands beside a letterboxed photograph, 0 to 255.
    #[serde(default)]
    pub fill: f32,
}

/// See the head of this file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ModelSpec {
    pub task: Task,
    pub layout: Layout,
    pub classes: Vec<String>,
    /// What scores less is dropped.
    pub score: f32,
    /// Of two detections of a class that overlap by more, the one with the lower score is dropped.
    pub iou: f32,
    /// The most detections.
    pub limit: usize,
    /// How many ONNX files the model is made of.
    pub files: usize,
    /// Absent where the model's kind says it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<Input>,
    /// The outputs that are read, in the order of the layout.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<String>,
    /// For poses: how many joints, and how many values each has (2, or 3 with how sure it is).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub joints: Option<[usize; 2]>,
}

impl Layout {
    /// As it stands in JSON.
    pub fn name(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(name)) => name,
            _ => unreachable!("a layout is a word"),
        }
    }
}

impl ModelSpec {
    /// Refuses what nobody could have meant; a specification comes from outside.
    pub fn check(&self) -> Result<(), Error> {
        let wrong = |what: &str| Err(Error::Spec(what.to_owned()));
        let part = |value: f32| (0.0..=1.0).contains(&value);
        if !part(self.score) || !part(self.iou) {
            return wrong("thresholds lie between 0 and 1");
        }
        if !(1..=MAX_DETECTIONS).contains(&self.limit) {
            return wrong("the limit lies between 1 and 1000");
        }
        if self.classes.len() > MAX_CLASSES {
            return wrong("it names too many classes");
        }
        if !matches!(self.joints, None | Some([1..=1000, 2 | 3])) {
            return wrong("a joint has two or three values, and a pose at most 1000 joints");
        }
        let promptable = self.task == Task::Promptable;
        let files = if promptable { 2 } else { 1 };
        if self.files != files {
            return wrong("the number of files does not fit the task");
        }
        match &self.input {
            Some(input) => input.check(),
            None if promptable => Ok(()),
            None => wrong("it does not say what the model is fed with"),
        }
    }

    /// The name of a class, also where the specification has none for it.
    pub fn class(&self, index: usize) -> String {
        let known = self.classes.get(index).cloned();
        known.unwrap_or_else(|| unnamed(index))
    }
}

impl Input {
    /// Refuses what would not fit into memory.
    pub(crate) fn check_size(&self) -> Result<(), Error> {
        let (width, height) = (self.width, self.height);
        let is_side = |side: usize| (1..=MAX_INPUT_SIDE).contains(&side);
        if is_side(width) && is_side(height) && width * height <= MAX_INPUT_PIXELS {
            return Ok(());
        }
        Err(Error::InputSize {
            name: self.name.clone(),
            width,
            height,
        })
    }

    fn check(&self) -> Result<(), Error> {
        let wrong = |what: &str| Err(Error::Spec(what.to_owned()));
        self.check_size()?;
        let numbers = [self.mean, self.deviation].concat();
        let finite = numbers.iter().all(|value| value.is_finite()) && self.fill.is_finite();
        if !finite || self.deviation.contains(&0.0) {
            return wrong("a mean or a deviation is no number to divide by");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> ModelSpec {
        let json = r#"{"task": "detector", "layout": "yolov8-segment", "classes": ["cat"],
            "score": 0.25, "iou": 0.45, "limit": 300, "files": 1, "input": {"name": "images",
            "width": 640, "height": 640, "scaling": "letterbox", "mean": [0, 0, 0],
            "deviation": [255, 255, 255], "fill": 114}, "outputs": ["output0", "output1"]}"#;
        serde_json::from_str(json).expect("a specification")
    }

    #[test]
    fn it_is_json_that_people_can_read() {
        let spec = spec();
        assert_eq!(spec.layout, Layout::Yolov8Segment);
        assert_eq!(spec.layout.name(), "yolov8-segment");
        assert_eq!(spec.check(), Ok(()));
        let again = serde_json::to_string(&spec).expect("JSON");
        assert_eq!(
            serde_json::from_str::<ModelSpec>(&again).expect("JSON"),
            spec
        );
        assert_eq!(
            (spec.class(0), spec.class(7)),
            ("cat".into(), "class 7".into())
        );
    }

    #[test]
    fn what_nobody_could_have_meant_is_refused() {
        let check = |change: fn(&mut ModelSpec), words: &str| {
            let mut spec = spec();
            change(&mut spec);
            let error = spec.check().expect_err(words).to_string();
            assert!(error.contains(words), "{error}");
        };
        check(|spec| spec.score = f32::NAN, "thresholds");
        check(|spec| spec.limit = 0, "limit");
        check(|spec| spec.limit = usize::MAX, "limit");
        check(|spec| spec.files = 2, "files");
        check(|spec| spec.input = None, "fed with");
        check(|spec| spec.joints = Some([17, 4]), "joint");
        check(
            |spec| spec.input.as_mut().expect("one").width = 1 << 40,
            "sides",
        );
        check(
            |spec| spec.input.as_mut().expect("one").deviation[1] = 0.0,
            "divide",
        );
    }
}
