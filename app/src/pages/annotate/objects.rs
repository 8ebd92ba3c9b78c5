//! What the panels know of the document: one small row for each annotation, kept in step with the
//! engine's change events, so that a panel never copies the whole document.
//!
//! Following a change costs what changed, whatever exists: rows lie in maps, and what the list
//! shows in [`Ranked`] sets that know their places. Only another filter or order looks at all.

mod ask;
pub mod filter;
mod shown;

use filter::{Authors, Facts, Filter};
use shown::Shown;
pub use shown::{Item, Order};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::rc::Rc;
use visionflow_engine::{Change, Engine};
use visionflow_model::{
    Annotation, AnnotationId, AttributeValue, LabelId, Ontology, ShapeKind, Source,
};

#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub id: AnnotationId,
    pub label: LabelId,
    pub kind: ShapeKind,
    pub source: Source,
    pub locked: bool,
    /// Its number among those of its label; it keeps it for as long as the page is open.
    pub number: u32,
    /// Lacks an attribute that its label requires.
    pub missing: bool,
}

#[derive(Default)]
pub struct Objects {
    ontology: Rc<Ontology>,
    rows: HashMap<AnnotationId, Row>,
    /// The last number that was given.
    numbers: HashMap<LabelId, u32>,
    counts: HashMap<LabelId, usize>,
    kinds: HashMap<ShapeKind, usize>,
    sources: HashMap<String, usize>,
    tags: BTreeMap<LabelId, BTreeSet<AnnotationId>>,
    tag_count: usize,
    missing: crate::ranked::Ranked<AnnotationId>,
    locked: BTreeSet<AnnotationId>,
    filter: Filter,
    authors: Authors,
    shown: Shown,
    /// Shapes that the person has hidden one by one.
    hidden: HashSet<AnnotationId>,
    /// Shapes that are off the canvas: hidden, of a hidden label, or not what the filter wants.
    concealed: HashSet<AnnotationId>,
    /// `concealed` differs from what the engine was told.
    concealed_changed: bool,
    /// Because the person has just hidden something, or wants to see something else.
    concealed_by_hand: bool,
}

/// What the canvas may not show.
pub struct Concealed {
    pub ids: Vec<AnnotationId>,
    /// What is selected and cannot be seen any more is let go. An edit that takes something out of what
    /// the filter wants leaves it in hand.
    pub by_hand: bool,
}

/// Shared with the engine's callback.
pub type SharedObjects = Rc<RefCell<Objects>>;

impl Objects {
    /// Follows a change; costs what the change is large.
    pub fn follow(&mut self, engine: &Engine, change: &Change) {
        // In the order in which they were made, so that their numbers are in order too.
        let mut added = change.added.clone();
        added.sort_unstable();
        for id in added.iter().chain(&change.updated) {
            let found = engine.with_annotation(*id, |annotation| self.put(annotation));
            if found.is_none() {
                self.remove(*id);
            }
        }
        for id in &change.removed {
            self.remove(*id);
        }
    }

    /// Forgets the annotations, not how they are shown.
    pub fn forget(&mut self) {
        let old = std::mem::take(self);
        *self = Self {
            ontology: old.ontology,
            filter: Filter {
                author: None,
                ..old.filter
            },
            shown: Shown::new(old.shown.order()),
            concealed_changed: true,
            ..Self::default()
        };
    }

    /// Starts over with what the engine has now.
    pub fn reset(&mut self, engine: &Engine) {
        self.forget();
        // In the order in which they were made, so that their numbers are in order too.
        let mut ids: Vec<AnnotationId> = Vec::new();
        engine.visit_annotations(|annotation| ids.push(annotation.id));
        ids.sort_unstable();
        for id in ids {
            engine.with_annotation(id, |annotation| self.put(annotation));
        }
    }

    /// Other labels: which attributes are required, and in which order labels stand.
    pub fn set_ontology(&mut self, ontology: &Rc<Ontology>, engine: &Engine) {
        if self.ontology != *ontology {
            self.ontology = ontology.clone();
            self.look_again(engine);
        }
    }

    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Looks at everything once.
    pub fn set_filter(&mut self, filter: Filter, engine: &Engine) {
        if filter.author.is_some() {
            self.authors = Rc::new(engine.authors());
        }
        self.filter = filter;
        self.concealed_by_hand = true;
        self.look_again(engine);
    }

    /// Takes shapes off the canvas, or puts them back where nothing else keeps them off.
    pub fn hide(&mut self, ids: &[AnnotationId], hide: bool) {
        for id in ids {
            if hide {
                self.hidden.insert(*id);
                self.concealed.insert(*id);
            } else {
                self.hidden.remove(id);
                self.concealed.remove(id);
            }
        }
        self.concealed_changed = true;
        self.concealed_by_hand |= hide;
    }

    /// Shows everything that was hidden by hand, one by one or by label.
    pub fn show_all(&mut self, engine: &Engine) {
        self.hidden.clear();
        self.filter.hidden_labels.clear();
        self.look_again(engine);
    }

    pub fn is_hidden(&self, id: AnnotationId) -> bool {
        self.concealed.contains(&id)
    }

    pub fn any_hidden(&self) -> bool {
        !self.hidden.is_empty() || !self.filter.hidden_labels.is_empty()
    }

    pub fn order(&self) -> Order {
        self.shown.order()
    }

    pub fn set_order(&mut self, order: Order, engine: &Engine) {
        self.shown = Shown::new(order);
        self.look_again(engine);
    }

    pub fn fold(&mut self, label: LabelId) {
        self.shown.fold(label);
    }

    fn look_again(&mut self, engine: &Engine) {
        self.shown.clear();
        self.missing = crate::ranked::Ranked::default();
        self.concealed_changed = true;
        self.concealed.clear();
        engine.visit_annotations(|annotation| {
            let Some(mut row) = self.rows.remove(&annotation.id) else {
                return;
            };
            row.missing = is_missing(&self.ontology, annotation);
            self.place(annotation, &row);
            self.rows.insert(annotation.id, row);
        });
    }

    fn put(&mut self, annotation: &Annotation) {
        let known = self.take(annotation.id);
        let last = self.numbers.entry(annotation.label).or_default();
        let number = match known {
            Some(row) if row.label == annotation.label => row.number,
            _ => *last + 1,
        };
        *last = number.max(*last);
        let row = Row {
            id: annotation.id,
            label: annotation.label,
            kind: annotation.shape.kind(),
            source: annotation.source.clone(),
            locked: annotation.locked,
            number,
            missing: is_missing(&self.ontology, annotation),
        };
        *self.counts.entry(row.label).or_default() += 1;
        *self.kinds.entry(row.kind).or_default() += 1;
        *self.sources.entry(row.source.name()).or_default() += 1;
        if row.kind == ShapeKind::Tag {
            self.tags.entry(row.label).or_default().insert(row.id);
            self.tag_count += 1;
        }
        if row.locked {
            self.locked.insert(row.id);
        }
        self.place(annotation, &row);
        self.rows.insert(row.id, row);
    }

    /// Where the row stands: in the list, on the canvas, among what is missing.
    fn place(&mut self, annotation: &Annotation, row: &Row) {
        if row.missing {
            self.missing.insert(row.id);
        }
        if row.kind == ShapeKind::Tag {
            return;
        }
        let name = if self.filter.text.is_empty() {
            String::new()
        } else {
            self.name(row)
        };
        let facts = Facts {
            name: &name,
            is_missing: row.missing,
            authors: &self.authors,
        };
        let is_listed = self.filter.lists(annotation, &facts);
        if is_listed {
            self.shown.insert(row, &self.ontology);
        }
        let is_hidden =
            self.hidden.contains(&row.id) || self.filter.hidden_labels.contains(&row.label);
        if (is_hidden || !is_listed) && self.concealed.insert(row.id) {
            self.concealed_changed = true;
        }
    }

    fn remove(&mut self, id: AnnotationId) {
        self.take(id);
    }

    /// Takes a row out of everything.
    fn take(&mut self, id: AnnotationId) -> Option<Row> {
        let row = self.rows.remove(&id)?;
        if let Some(last) = self
            .numbers
            .get_mut(&row.label)
            .filter(|last| **last == row.number)
        {
            // Given again, so that a step back and forth leaves names as they were.
            *last -= 1;
        }
        uncount(&mut self.counts, &row.label);
        uncount(&mut self.kinds, &row.kind);
        uncount(&mut self.sources, &row.source.name());
        if row.kind == ShapeKind::Tag {
            self.tag_count -= 1;
            if let Some(tags) = self.tags.get_mut(&row.label) {
                tags.remove(&id);
            }
        }
        self.missing.remove(&id);
        self.locked.remove(&id);
        self.shown.remove(&row, &self.ontology);
        self.concealed_changed |= self.concealed.remove(&id);
        Some(row)
    }

    /// What the filter takes off the canvas, where that is new.
    pub fn take_concealed(&mut self) -> Option<Concealed> {
        let by_hand = std::mem::take(&mut self.concealed_by_hand);
        std::mem::take(&mut self.concealed_changed).then(|| Concealed {
            ids: self.concealed.iter().copied().collect(),
            by_hand,
        })
    }
}

fn uncount<K: std::hash::Hash + Eq>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(count) = counts.get_mut(key) {
        *count = count.saturating_sub(1);
        if *count == 0 {
            counts.remove(key);
        }
    }
}

fn is_missing(ontology: &Ontology, annotation: &Annotation) -> bool {
    let Some(label) = ontology.label(annotation.label) else {
        return false;
    };
    let mut required = label
        .attributes
        .iter()
        .filter(|attribute| attribute.required);
    required.any(|attribute| is_unset(annotation.attributes.get(&attribute.id)))
}

/// Whether nobody has answered the attribute's question.
pub fn is_unset(value: Option<&AttributeValue>) -> bool {
    match value {
        None => true,
        Some(AttributeValue::Text(text)) => text.trim().is_empty(),
        Some(_) => false,
    }
}
