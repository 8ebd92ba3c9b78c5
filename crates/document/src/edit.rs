//! What a person can do to a document, checked before anything is written.

use crate::layout::{self, Property};
use crate::projection::Projection;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use thiserror::Error;
use visionflow_model::{
    Annotation, AnnotationId, AttributeId, AttributeValue, Invalid, LabelId, Shape, ShapeKind,
};
use yrs::Any;

/// One change of one annotation; several make one transaction and one undo step.
#[derive(Clone, Debug, PartialEq)]
pub enum Edit {
    /// A new annotation; its id must not be taken.
    Add(Annotation),
    /// Another geometry of the same kind.
    SetShape(AnnotationId, Shape),
    SetLabel(AnnotationId, LabelId),
    SetZ(AnnotationId, f64),
    /// `None` takes the attribute away.
    SetAttribute(AnnotationId, AttributeId, Option<AttributeValue>),
    Delete(AnnotationId),
}

/// Why edits are refused; then none of them is made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EditError {
    #[error("annotation {0} does not exist")]
    Missing(AnnotationId),
    #[error("annotation {0} exists already")]
    Exists(AnnotationId),
    #[error("the shape of annotation {id} is refused: {reason}")]
    Shape { id: AnnotationId, reason: Invalid },
    #[error("annotation {id} is a {}, it cannot become a {}", .is.name(), .asked.name())]
    Kind {
        id: AnnotationId,
        is: ShapeKind,
        asked: ShapeKind,
    },
    #[error("annotation {0} was given a number that is not finite")]
    NotFinite(AnnotationId),
}

/// What becomes of entries of the two maps; `None` removes.
///
/// One write an entry: what is written and removed again within one call must not leave a trace in
/// the entry's history, or undo would stumble over it.
#[derive(Default)]
pub(crate) struct Writes {
    pub(crate) records: BTreeMap<Arc<str>, Option<Any>>,
    pub(crate) overrides: BTreeMap<Arc<str>, Option<Any>>,
}

/// Turns `edits` into writes, each seeing what those before it did; says nothing twice.
pub(crate) fn plan(edits: &[Edit], projection: &Projection) -> Result<Writes, EditError> {
    let mut plan = Plan {
        projection,
        staged: HashMap::new(),
        written: HashMap::new(),
        writes: Writes::default(),
    };
    for edit in edits {
        plan.edit(edit)?;
    }
    Ok(plan.writes)
}

impl Writes {
    pub(crate) fn is_empty(&self) -> bool {
        self.records.is_empty() && self.overrides.is_empty()
    }
}

struct Plan<'a> {
    projection: &'a Projection,
    /// The annotations as the edits so far leave them; `None` for deleted ones.
    staged: HashMap<AnnotationId, Option<Annotation>>,
    /// The override keys that the edits so far set.
    written: HashMap<AnnotationId, Vec<Arc<str>>>,
    writes: Writes,
}

impl Plan<'_> {
    fn edit(&mut self, edit: &Edit) -> Result<(), EditError> {
        match edit {
            Edit::Add(annotation) => self.add(annotation),
            Edit::SetShape(id, shape) => self.set_shape(*id, shape),
            Edit::SetLabel(id, label) => self.set(
                *id,
                Property::Label,
                |a| std::mem::replace(&mut a.label, *label) != *label,
                layout::label_any(*label),
            ),
            Edit::SetZ(id, z) if !z.is_finite() => Err(EditError::NotFinite(*id)),
            Edit::SetZ(id, z) => self.set(
                *id,
                Property::Z,
                |a| std::mem::replace(&mut a.z, *z) != *z,
                layout::number_any(*z),
            ),
            Edit::SetAttribute(id, attribute, value) => {
                if value.as_ref().is_some_and(|value| !is_finite(value)) {
                    return Err(EditError::NotFinite(*id));
                }
                let any = value.as_ref().map_or(Any::Null, layout::attribute_any);
                self.set(
                    *id,
                    Property::Attribute(*attribute),
                    |a| {
                        let before = match value {
                            Some(value) => a.attributes.insert(*attribute, value.clone()),
                            None => a.attributes.remove(attribute),
                        };
                        before != *value
                    },
                    any,
                )
            }
            Edit::Delete(id) => self.delete(*id),
        }
    }

    fn add(&mut self, annotation: &Annotation) -> Result<(), EditError> {
        let id = annotation.id;
        if self.current(id).is_some() {
            return Err(EditError::Exists(id));
        }
        check_shape(id, &annotation.shape)?;
        if !annotation.z.is_finite() || !annotation.attributes.values().all(is_finite) {
            return Err(EditError::NotFinite(id));
        }
        // Overrides that outlived an earlier annotation of this id must not win over the new one.
        self.remove_overrides(id);
        let record = layout::record_any(annotation);
        self.writes
            .records
            .insert(id.to_string().into(), Some(record));
        self.staged.insert(id, Some(annotation.clone()));
        Ok(())
    }

    fn set_shape(&mut self, id: AnnotationId, shape: &Shape) -> Result<(), EditError> {
        let is = self.current(id).ok_or(EditError::Missing(id))?.shape.kind();
        let asked = shape.kind();
        if is != asked {
            return Err(EditError::Kind { id, is, asked });
        }
        check_shape(id, shape)?;
        let any = layout::geometry_any(shape);
        self.set(
            id,
            Property::Geometry,
            |a| std::mem::replace(&mut a.shape, shape.clone()) != *shape,
            any,
        )
    }

    /// Writes one property unless `apply` says that it was so already.
    fn set(
        &mut self,
        id: AnnotationId,
        property: Property,
        apply: impl FnOnce(&mut Annotation) -> bool,
        value: Any,
    ) -> Result<(), EditError> {
        let mut annotation = self.current(id).ok_or(EditError::Missing(id))?.clone();
        if apply(&mut annotation) {
            let key: Arc<str> = property.key(id).into();
            self.written.entry(id).or_default().push(key.clone());
            self.writes.overrides.insert(key, Some(value));
            self.staged.insert(id, Some(annotation));
        }
        Ok(())
    }

    fn delete(&mut self, id: AnnotationId) -> Result<(), EditError> {
        self.current(id).ok_or(EditError::Missing(id))?;
        self.writes.records.insert(id.to_string().into(), None);
        self.remove_overrides(id);
        self.staged.insert(id, None);
        Ok(())
    }

    fn remove_overrides(&mut self, id: AnnotationId) {
        let known = self.projection.override_keys(id).iter().cloned();
        let written = self.written.remove(&id).unwrap_or_default();
        let removed = known.chain(written).map(|key| (key, None));
        self.writes.overrides.extend(removed);
    }

    fn current(&self, id: AnnotationId) -> Option<&Annotation> {
        match self.staged.get(&id) {
            Some(staged) => staged.as_ref(),
            None => self.projection.get(id),
        }
    }
}

fn check_shape(id: AnnotationId, shape: &Shape) -> Result<(), EditError> {
    shape
        .check()
        .map_err(|reason| EditError::Shape { id, reason })
}

fn is_finite(value: &AttributeValue) -> bool {
    !matches!(value, AttributeValue::Number(n) if !n.is_finite())
}
