//! Who belongs to which group, so that a click on a member need not look at every annotation.

use std::collections::{BTreeSet, HashMap};
use visionflow_document::{Change, Document};
use visionflow_model::{AnnotationId, GroupId};

/// An index of the document's groups, made when it is first asked and kept up to date after that.
#[derive(Debug, Default)]
pub(super) struct Groups(Option<Index>);

#[derive(Debug, Default)]
struct Index {
    members: HashMap<GroupId, BTreeSet<AnnotationId>>,
    groups: HashMap<AnnotationId, GroupId>,
    /// How many annotations there were; another number says that changes were missed.
    count: usize,
}

impl Groups {
    /// The members of the group that `id` belongs to, itself among them; itself alone without one.
    pub(super) fn with(&mut self, id: AnnotationId, document: &Document) -> Vec<AnnotationId> {
        let Some(group) = document.get(id).and_then(|a| a.group) else {
            return vec![id];
        };
        let index = self.0.get_or_insert_with(|| Index::of(document));
        let is_member =
            |id: &&AnnotationId| document.get(**id).is_some_and(|a| a.group == Some(group));
        let members = index.members.get(&group).into_iter().flatten();
        let members: Vec<_> = members.filter(is_member).copied().collect();
        if members.contains(&id) {
            members
        } else {
            vec![id]
        }
    }

    /// `ids` with the rest of their groups.
    pub(super) fn completed(
        &mut self,
        ids: Vec<AnnotationId>,
        document: &Document,
    ) -> Vec<AnnotationId> {
        let grouped = |id: &AnnotationId| document.get(*id).is_some_and(|a| a.group.is_some());
        if !ids.iter().any(grouped) {
            return ids;
        }
        let mut seen = std::collections::HashSet::new();
        let mut completed = Vec::with_capacity(ids.len());
        for id in ids {
            if seen.contains(&id) {
                continue;
            }
            let members = self.with(id, document);
            completed.extend(members.into_iter().filter(|member| seen.insert(*member)));
        }
        completed
    }

    pub(super) fn changed(&mut self, change: &Change, document: &Document) {
        let Some(index) = &mut self.0 else { return };
        for id in &change.removed {
            index.set(*id, None);
        }
        for id in change.added.iter().chain(&change.updated) {
            index.set(*id, document.get(*id).and_then(|a| a.group));
        }
        index.count = (index.count + change.added.len()).saturating_sub(change.removed.len());
        if index.count != document.len() {
            self.0 = None;
        }
    }
}

impl Index {
    fn of(document: &Document) -> Self {
        let mut index = Self {
            count: document.len(),
            ..Self::default()
        };
        for annotation in document.annotations() {
            index.set(annotation.id, annotation.group);
        }
        index
    }

    fn set(&mut self, id: AnnotationId, group: Option<GroupId>) {
        let before = match group {
            Some(group) => self.groups.insert(id, group),
            None => self.groups.remove(&id),
        };
        if before == group {
            return;
        }
        if let Some(before) = before
            && let Some(members) = self.members.get_mut(&before)
        {
            members.remove(&id);
            if members.is_empty() {
                self.members.remove(&before);
            }
        }
        if let Some(group) = group {
            self.members.entry(group).or_default().insert(id);
        }
    }
}
