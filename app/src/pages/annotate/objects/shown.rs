//! The lines of the list: which object stands where, by time or under the heads of labels.

use super::Row;
use crate::ranked::Ranked;
use std::collections::{BTreeMap, HashSet};
use visionflow_model::{AnnotationId, LabelId, Ontology};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As they were drawn.
    #[default]
    Oldest,
    Newest,
    /// Under a head for each label, in the order of the labels.
    Label,
}

/// What stands in one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    Head {
        label: LabelId,
        count: usize,
        folded: bool,
    },
    Object(AnnotationId),
}

#[derive(Default)]
pub struct Shown {
    order: Order,
    /// For [`Order::Oldest`]; its reverse for the newest first.
    all: Ranked<AnnotationId>,
    /// For [`Order::Label`]: the label's place, then its objects.
    groups: BTreeMap<(usize, LabelId), Ranked<AnnotationId>>,
    folded: HashSet<LabelId>,
}

impl Shown {
    pub fn new(order: Order) -> Self {
        Self {
            order,
            ..Self::default()
        }
    }

    pub fn order(&self) -> Order {
        self.order
    }

    pub fn clear(&mut self) {
        self.all = Ranked::default();
        self.groups.clear();
    }

    pub fn fold(&mut self, label: LabelId) {
        if !self.folded.remove(&label) {
            self.folded.insert(label);
        }
    }

    pub fn insert(&mut self, row: &Row, ontology: &Ontology) {
        self.all.insert(row.id);
        if self.order == Order::Label {
            self.groups
                .entry(key(row.label, ontology))
                .or_default()
                .insert(row.id);
        }
    }

    pub fn remove(&mut self, row: &Row, ontology: &Ontology) {
        self.all.remove(&row.id);
        let key = key(row.label, ontology);
        if let Some(group) = self.groups.get_mut(&key) {
            group.remove(&row.id);
            if group.len() == 0 {
                self.groups.remove(&key);
            }
        }
    }

    pub fn len(&self) -> usize {
        self.all.len()
    }

    pub fn ids(&self) -> impl Iterator<Item = AnnotationId> {
        self.all.iter()
    }

    pub fn line_count(&self) -> usize {
        match self.order {
            Order::Label => self.groups.iter().map(|group| self.lines_of(group)).sum(),
            _ => self.all.len(),
        }
    }

    /// The head, and what is below it unless it is folded.
    fn lines_of(&self, ((_, label), group): (&(usize, LabelId), &Ranked<AnnotationId>)) -> usize {
        1 + if self.folded.contains(label) {
            0
        } else {
            group.len()
        }
    }

    pub fn line(&self, line: usize) -> Option<Item> {
        match self.order {
            Order::Oldest => self.all.get(line).map(Item::Object),
            Order::Newest => {
                let place = self.all.len().checked_sub(line + 1)?;
                self.all.get(place).map(Item::Object)
            }
            Order::Label => self.grouped_line(line),
        }
    }

    fn grouped_line(&self, mut line: usize) -> Option<Item> {
        for entry in &self.groups {
            let lines = self.lines_of(entry);
            if line < lines {
                let ((_, label), group) = entry;
                let head = Item::Head {
                    label: *label,
                    count: group.len(),
                    folded: self.folded.contains(label),
                };
                return line
                    .checked_sub(1)
                    .map_or(Some(head), |at| group.get(at).map(Item::Object));
            }
            line -= lines;
        }
        None
    }

    pub fn line_of(&self, row: &Row, ontology: &Ontology) -> Option<usize> {
        match self.order {
            Order::Oldest => self.all.rank(&row.id),
            Order::Newest => Some(self.all.len() - 1 - self.all.rank(&row.id)?),
            Order::Label => {
                let key = key(row.label, ontology);
                let group = self
                    .groups
                    .get(&key)
                    .filter(|_| !self.folded.contains(&row.label))?;
                let before: usize = self
                    .groups
                    .range(..key)
                    .map(|group| self.lines_of(group))
                    .sum();
                Some(before + 1 + group.rank(&row.id)?)
            }
        }
    }
}

fn key(label: LabelId, ontology: &Ontology) -> (usize, LabelId) {
    let place = ontology.labels.iter().position(|known| known.id == label);
    (place.unwrap_or(usize::MAX), label)
}
