//! Groups made and dissolved.

use crate::CommandError;
use crate::plan::{Plan, Subjects, Workplace};
use visionflow_document::Edit;
use visionflow_model::{AnnotationId, GroupId};

/// One new group of all that is selected; what was in others leaves them.
pub(crate) fn group(
    selection: &[AnnotationId],
    workplace: &mut Workplace<'_>,
) -> Result<Plan, CommandError> {
    let subjects = Subjects::unlocked(selection, workplace.document)?;
    let found = subjects.all.len();
    if found < 2 {
        return Err(CommandError::TooFew { needed: 2, found });
    }
    let group = GroupId((workplace.new_id)().0);
    let joined = |a: &&visionflow_model::Annotation| Edit::SetGroup(a.id, Some(group));
    Ok(Plan {
        edits: subjects.all.iter().map(joined).collect(),
        selection: selection.to_vec(),
        notes: subjects.notes,
    })
}

/// Dissolves the groups of all that is selected.
pub(crate) fn ungroup(
    selection: &[AnnotationId],
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    let mut subjects = Subjects::unlocked(selection, workplace.document)?;
    subjects.all.retain(|a| a.group.is_some());
    if subjects.all.is_empty() {
        return Err(CommandError::NoGroup);
    }
    let left = subjects.all.iter().map(|a| Edit::SetGroup(a.id, None));
    Ok(Plan {
        edits: left.collect(),
        selection: selection.to_vec(),
        notes: subjects.notes,
    })
}
