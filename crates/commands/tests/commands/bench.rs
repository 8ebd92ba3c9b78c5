//! A document to try commands on.

use std::collections::BTreeMap;
use uuid::Uuid;
use visionflow_commands::{Command, CommandError, Plan, Workplace, plan};
use visionflow_document::{Document, Edit};
use visionflow_geometry::{Mask, Point, Polygon, Rect, Span};
use visionflow_model::{Annotation, AnnotationId, GroupId, LabelId, Ontology, Shape};

pub const IMAGE: Rect = Rect {
    min: Point::new(0.0, 0.0),
    max: Point::new(1000.0, 800.0),
};

pub struct Bench {
    pub document: Document,
    pub image: Rect,
    pub ontology: Ontology,
    pub hidden: Vec<AnnotationId>,
    pub panoptic: bool,
    next: u128,
}

pub fn id(n: u128) -> AnnotationId {
    AnnotationId(Uuid::from_u128(n))
}

pub fn ids(numbers: &[u128]) -> Vec<AnnotationId> {
    numbers.iter().copied().map(id).collect()
}

pub fn label(n: u128) -> LabelId {
    LabelId(Uuid::from_u128(0xff00 + n))
}

pub fn group(n: u128) -> GroupId {
    GroupId(Uuid::from_u128(0xee00 + n))
}

pub fn p(x: f64, y: f64) -> Point {
    Point::new(x, y)
}

pub fn square(x: f64, y: f64, width: f64, height: f64) -> Rect {
    Rect::from_corners(p(x, y), p(x + width, y + height))
}

pub fn rect(x: f64, y: f64, width: f64, height: f64) -> Shape {
    Shape::Box(square(x, y, width, height))
}

pub fn polygon(rings: &[&[(f64, f64)]]) -> Shape {
    let ring = |ring: &&[(f64, f64)]| ring.iter().map(|(x, y)| p(*x, *y)).collect();
    Shape::Polygon(Polygon {
        rings: rings.iter().map(ring).collect(),
    })
}

/// A mask of whole rectangles: x, y, width, height.
pub fn mask(parts: &[(i32, i32, i32, i32)]) -> Shape {
    let spans = parts.iter().flat_map(|(x, y, width, height)| {
        (*y..y + height).map(move |y| Span {
            y,
            start: *x,
            end: x + width,
        })
    });
    Shape::Mask(Mask::from_spans(spans))
}

impl Bench {
    /// The annotations 1, 2 … of these shapes.
    pub fn new(shapes: &[Shape]) -> Self {
        let numbered = (1..).zip(shapes);
        Self::of(numbered.map(|(n, shape)| Annotation::new(id(n), label(0), shape.clone())))
    }

    pub fn of(annotations: impl IntoIterator<Item = Annotation>) -> Self {
        let mut bench = Self {
            document: Document::new(1),
            image: IMAGE,
            ontology: Ontology::default(),
            hidden: Vec::new(),
            panoptic: false,
            next: 1000,
        };
        let edits: Vec<_> = annotations.into_iter().map(Edit::Add).collect();
        bench.document.edit(&edits).unwrap();
        bench.document.forget_history();
        bench
    }

    pub fn set(&mut self, edits: &[Edit]) {
        self.document.edit(edits).unwrap();
        self.document.forget_history();
    }

    pub fn with_workplace<R>(&mut self, f: impl FnOnce(&mut Workplace<'_>) -> R) -> R {
        let next = &mut self.next;
        let mut new_id = || {
            *next += 1;
            id(*next)
        };
        f(&mut Workplace {
            document: &self.document,
            image: self.image,
            ontology: &self.ontology,
            is_hidden: &|id| self.hidden.contains(&id),
            panoptic: self.panoptic,
            new_id: &mut new_id,
        })
    }

    pub fn plan(&mut self, selection: &[u128], command: &Command) -> Result<Plan, CommandError> {
        let selection = ids(selection);
        self.with_workplace(|workplace| plan(&selection, command, workplace))
    }

    /// Plans and makes the edits; undo must give back what was before, and redo what came of it.
    pub fn run(&mut self, selection: &[u128], command: &Command) -> Plan {
        let plan = self.plan(selection, command).unwrap();
        self.make(&plan);
        plan
    }

    pub fn make(&mut self, plan: &Plan) {
        let before = self.contents();
        self.document.edit(&plan.edits).unwrap();
        let after = self.contents();
        for annotation in after.values() {
            annotation.shape.check().unwrap();
        }
        for id in &plan.selection {
            assert!(after.contains_key(id), "what is selected exists");
        }
        if before != after {
            self.document.undo().unwrap();
            assert_eq!(self.contents(), before, "one undo takes all of it back");
            self.document.redo().unwrap();
            assert_eq!(self.contents(), after);
        }
    }

    pub fn refused(&mut self, selection: &[u128], command: &Command) -> CommandError {
        self.plan(selection, command).unwrap_err()
    }

    pub fn get(&self, n: u128) -> &Annotation {
        self.document.get(id(n)).unwrap()
    }

    pub fn shape(&self, n: u128) -> &Shape {
        &self.get(n).shape
    }

    pub fn contents(&self) -> BTreeMap<AnnotationId, Annotation> {
        self.document
            .annotations()
            .map(|a| (a.id, a.clone()))
            .collect()
    }
}

pub fn near(a: f64, b: f64, tolerance: f64) {
    assert!(
        (a - b).abs() <= tolerance,
        "{a} is not within {tolerance} of {b}"
    );
}
