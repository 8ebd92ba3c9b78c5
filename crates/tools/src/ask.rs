//! What a tool asks of a segmentation model, and what comes back.
//!
//! The model runs elsewhere and takes its time. What is asked follows from the tool's state alone,
//! as what is shown does: an answer names its question, and one that is no longer asked is let go.

use visionflow_geometry::{Point, Polygon, Rect};

/// What a tool wants to know now.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// The object that is meant by a prompt.
    Object(Prompt),
    /// All objects of the photograph, as they are found.
    Everything { tolerance: f64 },
}

/// What says which object is meant.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prompt {
    /// In image space; `true` for what belongs to the object, `false` for what does not.
    pub points: Vec<(Point, bool)>,
    /// A box around the object, in image space.
    pub bounds: Option<Rect>,
    /// How far the outline may lie from the mask's, in image pixels.
    pub tolerance: f64,
}

/// An object that the model proposes.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// How sure the model is, 0 to 1.
    pub score: f64,
    /// Its parts and their holes, by the even-odd rule, in image space.
    pub outline: Polygon,
}

/// What the model says.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The likeliest first.
    Object(Prompt, Vec<Candidate>),
    /// More of [`Ask::Everything`].
    Found(Vec<Candidate>),
    /// That was everything.
    FoundAll,
    /// There will be no answer.
    Failed(Ask),
}

/// How far the smart tool is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SmartState {
    /// Prompts that undo can take back.
    pub prompts: usize,
    /// So many objects the prompts may mean.
    pub alternatives: usize,
    /// Which of them is shown, from 0.
    pub alternative: usize,
    /// The next answer is on its way.
    pub is_waiting: bool,
    /// Clicks say what does not belong to the object, without Alt too.
    pub removes: bool,
    /// What is accepted replaces the shape of an annotation.
    pub refines: bool,
    /// Objects found in the whole photograph that are neither accepted nor rejected yet.
    pub proposals: Option<usize>,
}

/// What a person does by buttons, and what the model says.
#[derive(Clone, Debug, PartialEq)]
pub enum SmartInput {
    Answer(Answer),
    /// Makes an annotation of what is shown.
    Accept,
    /// Drops the prompts or the proposals.
    Drop,
    /// The next thing that the prompts may mean, or the one before.
    Alternative {
        next: bool,
    },
    /// Whether clicks take away.
    Removes(bool),
    /// Proposes every object of the photograph.
    Everything,
}
