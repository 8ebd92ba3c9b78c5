//! Commands that change nothing but the selection. What is locked, or cannot be seen, is chosen only by name.

use crate::CommandError;
use crate::plan::{Plan, Workplace, existing};
use std::collections::HashSet;
use std::hash::Hash;
use visionflow_geometry::sort_by;
use visionflow_model::{Annotation, AnnotationId};

pub(crate) fn all(workplace: &Workplace<'_>) -> Plan {
    matching(workplace, |_| true)
}

/// Everything that has `property` in common with something selected.
pub(crate) fn same<K: Eq + Hash>(
    selection: &[AnnotationId],
    workplace: &Workplace<'_>,
    property: impl Fn(&Annotation) -> K,
) -> Result<Plan, CommandError> {
    let selected = existing(selection, workplace.document);
    if selected.is_empty() {
        return Err(CommandError::NothingSelected);
    }
    let wanted: HashSet<_> = selected.iter().map(|a| property(a)).collect();
    Ok(matching(workplace, |a| wanted.contains(&property(a))))
}

pub(crate) fn same_group(
    selection: &[AnnotationId],
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    let selected = existing(selection, workplace.document);
    let groups: HashSet<_> = selected.iter().filter_map(|a| a.group).collect();
    if groups.is_empty() {
        return Err(CommandError::NoGroup);
    }
    let in_one = |a: &Annotation| a.group.is_some_and(|group| groups.contains(&group));
    Ok(matching(workplace, in_one))
}

pub(crate) fn inverse(selection: &[AnnotationId], workplace: &Workplace<'_>) -> Plan {
    let selected: HashSet<_> = selection.iter().copied().collect();
    matching(workplace, |a| !selected.contains(&a.id))
}

/// Bottom first, as a marquee lists them.
fn matching(workplace: &Workplace<'_>, is_wanted: impl Fn(&Annotation) -> bool) -> Plan {
    let annotations = workplace.document.annotations();
    let mut found: Vec<_> = annotations
        .filter(|a| !a.locked && !(workplace.is_hidden)(a.id) && is_wanted(a))
        .map(|a| (a.z, a.id))
        .collect();
    sort_by(&mut found, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    Plan {
        selection: found.into_iter().map(|(_, id)| id).collect(),
        ..Plan::default()
    }
}
