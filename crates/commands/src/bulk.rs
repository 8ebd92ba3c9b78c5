//! One property of many annotations.

use crate::CommandError;
use crate::plan::{Plan, Subjects, Workplace, existing};
use visionflow_document::Edit;
use visionflow_model::{
    Annotation, AnnotationId, AttributeId, AttributeValue, JointId, JointState, LabelId, Ontology,
    Shape, ShapeKind, Style,
};

pub(crate) fn delete(
    selection: &[AnnotationId],
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    let subjects = Subjects::unlocked(selection, workplace.document)?;
    let kept = existing(selection, workplace.document);
    Ok(Plan {
        edits: subjects.all.iter().map(|a| Edit::Delete(a.id)).collect(),
        selection: kept.iter().filter(|a| a.locked).map(|a| a.id).collect(),
        notes: subjects.notes,
    })
}

/// The one command that looks at locked annotations too.
pub(crate) fn lock(
    selection: &[AnnotationId],
    locked: bool,
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    let existing = existing(selection, workplace.document);
    if existing.is_empty() {
        return Err(CommandError::NothingSelected);
    }
    let others = existing.iter().filter(|a| a.locked != locked);
    Ok(Plan {
        edits: others.map(|a| Edit::SetLocked(a.id, locked)).collect(),
        selection: selection.to_vec(),
        notes: Vec::new(),
    })
}

/// The attributes stay: those that the new label does not ask for are of no account, and what it
/// asks for and has no answer begins with its default.
pub(crate) fn set_label(
    selection: &[AnnotationId],
    label: LabelId,
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    let subjects = Subjects::unlocked(selection, workplace.document)?;
    let others = subjects.all.iter().filter(|a| a.label != label);
    Ok(Plan {
        edits: others
            .flat_map(|a| relabelled(a, label, workplace.ontology))
            .collect(),
        selection: selection.to_vec(),
        notes: subjects.notes,
    })
}

pub(crate) fn set_attribute(
    selection: &[AnnotationId],
    attribute: AttributeId,
    value: Option<&AttributeValue>,
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    if matches!(value, Some(AttributeValue::Number(n)) if !n.is_finite()) {
        return Err(CommandError::NotFinite);
    }
    each(selection, workplace, |a| {
        let changes = a.attributes.get(&attribute) != value;
        changes.then(|| Edit::SetAttribute(a.id, attribute, value.cloned()))
    })
}

pub(crate) fn set_style(
    selection: &[AnnotationId],
    style: Style,
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    if !style.is_valid() {
        return Err(CommandError::NotFinite);
    }
    each(selection, workplace, |a| {
        (a.style != style).then_some(Edit::SetStyle(a.id, style))
    })
}

pub(crate) fn set_joint(
    selection: &[AnnotationId],
    joint: JointId,
    state: JointState,
    workplace: &Workplace<'_>,
) -> Result<Plan, CommandError> {
    let has_it =
        |a: &Annotation| matches!(&a.shape, Shape::Skeleton(s) if s.joints.contains_key(&joint));
    Subjects::unlocked(selection, workplace.document)?
        .suited(has_it, CommandError::NoJoint)?
        .reshaped(selection, |a| match &a.shape {
            Shape::Skeleton(skeleton) => {
                let mut skeleton = skeleton.clone();
                if let Some(joint) = skeleton.joints.get_mut(&joint) {
                    joint.state = state;
                }
                Ok(Shape::Skeleton(skeleton))
            }
            other => Err(CommandError::Conversion {
                from: other.kind(),
                to: ShapeKind::Skeleton,
            }),
        })
}

fn relabelled<'a>(
    annotation: &'a Annotation,
    label: LabelId,
    ontology: &'a Ontology,
) -> impl Iterator<Item = Edit> + 'a {
    let asks = ontology.label(label).into_iter();
    let missing = asks.flat_map(|label| label.missing_defaults(&annotation.attributes));
    let filled = missing
        .map(|(attribute, default)| Edit::SetAttribute(annotation.id, attribute, Some(default)));
    std::iter::once(Edit::SetLabel(annotation.id, label)).chain(filled)
}

fn each(
    selection: &[AnnotationId],
    workplace: &Workplace<'_>,
    edit: impl Fn(&Annotation) -> Option<Edit>,
) -> Result<Plan, CommandError> {
    let subjects = Subjects::unlocked(selection, workplace.document)?;
    Ok(Plan {
        edits: subjects.all.iter().filter_map(|a| edit(a)).collect(),
        selection: selection.to_vec(),
        notes: subjects.notes,
    })
}
