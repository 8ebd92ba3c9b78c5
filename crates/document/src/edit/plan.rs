//! Edits into writes of the document's maps.

mod decide;

use super::{Edit, EditError};
use crate::layout::{self, Property, Stroke};
use crate::projection::{Projection, Touched};
use std::collections::BTreeMap;
use std::sync::Arc;
use visionflow_geometry::MaskDelta;
use visionflow_model::{
    Annotation, AnnotationId, AnnotationMap, AttributeId, AttributeValue, ById, Shape, ShapeKind,
    Style, Suggestion, Verdict,
};
use yrs::Any;

/// What becomes of entries of the maps; `None` removes.
///
/// One write an entry: what is written and removed again within one call must not leave a trace in
/// the entry's history, or undo would stumble over it.
#[derive(Default)]
pub(crate) struct Writes {
    pub(crate) records: BTreeMap<AnnotationId, Option<Any>>,
    pub(crate) overrides: Entries,
    pub(crate) suggestions: Entries,
    pub(crate) verdicts: Entries,
}

type Entries = BTreeMap<Arc<str>, Option<Any>>;

impl Writes {
    pub(crate) fn is_empty(&self) -> bool {
        let maps = [&self.overrides, &self.suggestions, &self.verdicts];
        self.records.is_empty() && maps.iter().all(|entries| entries.is_empty())
    }
}

/// Turns `edits` into writes, each seeing what those before it did; says nothing twice.
pub(crate) fn plan(
    edits: &[Edit],
    projection: &Projection,
    client: u64,
) -> Result<Planned, EditError> {
    let is_birth = |edit: &&Edit| matches!(edit, Edit::Add(_));
    let births = edits.iter().filter(is_birth).count();
    let mut plan = Plan {
        projection,
        client,
        // A hundred thousand added at once would move in these tables again and again.
        staged: AnnotationMap::with_capacity_and_hasher(edits.len(), ById::default()),
        births: AnnotationMap::with_capacity_and_hasher(births, ById::default()),
        written: AnnotationMap::default(),
        suggested: AnnotationMap::default(),
        decided: AnnotationMap::default(),
        writes: Writes::default(),
    };
    for edit in edits {
        plan.edit(edit)?;
    }
    Ok(plan.done())
}

/// What is to be written, and what will be read of it.
pub(crate) struct Planned {
    pub(crate) writes: Writes,
    /// The annotations that are added and whose records say all of them, as they will be read.
    pub(crate) added: AnnotationMap<Option<Annotation>>,
}

impl Planned {
    /// The keys that the writes touch, but for those of what is added.
    pub(crate) fn touched(&self) -> Touched {
        let keys = |entries: &Entries| entries.keys().cloned().collect();
        let records = self.writes.records.keys();
        let records = records.filter(|id| !self.added.contains_key(id));
        Touched {
            records: records.map(|id| layout::record_key(*id)).collect(),
            overrides: keys(&self.writes.overrides),
            suggestions: keys(&self.writes.suggestions),
            verdicts: keys(&self.writes.verdicts),
        }
    }
}

struct Plan<'a> {
    projection: &'a Projection,
    client: u64,
    /// The annotations as the edits so far leave them; `None` for deleted ones.
    staged: AnnotationMap<Option<Annotation>>,
    /// The kinds of the records that the edits so far write.
    births: AnnotationMap<ShapeKind>,
    /// The override keys that the edits so far set.
    written: AnnotationMap<Vec<Arc<str>>>,
    /// What the edits so far propose; `None` for what they withdraw.
    suggested: AnnotationMap<Option<&'a Suggestion>>,
    /// The verdicts that the edits so far write.
    decided: AnnotationMap<Verdict>,
    writes: Writes,
}

impl<'a> Plan<'a> {
    fn edit(&mut self, edit: &'a Edit) -> Result<(), EditError> {
        match edit {
            Edit::Add(annotation) => self.add(annotation),
            Edit::SetShape(id, shape) => self.set_shape(*id, shape),
            Edit::PaintMask(id, delta) => self.paint(*id, delta),
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
            Edit::SetGroup(id, group) => self.set(
                *id,
                Property::Group,
                |a| std::mem::replace(&mut a.group, *group) != *group,
                layout::group_any(*group),
            ),
            Edit::SetLocked(id, locked) => self.set(
                *id,
                Property::Locked,
                |a| std::mem::replace(&mut a.locked, *locked) != *locked,
                layout::bool_any(*locked),
            ),
            Edit::SetStyle(id, style) => self.set_style(*id, style),
            Edit::SetAttribute(id, attribute, value) => {
                self.set_attribute(*id, *attribute, value.as_ref())
            }
            Edit::Delete(id) => self.delete(*id),
            Edit::Suggest(suggestion) => self.suggest(suggestion),
            Edit::Withdraw(id) => self.withdraw(*id),
            Edit::Decide { id, verdict } => self.decide(*id, *verdict),
        }
    }

    fn add(&mut self, annotation: &Annotation) -> Result<(), EditError> {
        let id = annotation.id;
        if self.current(id).is_some() {
            return Err(EditError::Exists(id));
        }
        check_annotation(annotation)?;
        // Overrides that outlived an earlier annotation of this id must not win over the new one.
        self.remove_overrides(id, |_| true);
        let record = layout::record_any(annotation);
        self.writes.records.insert(id, Some(record));
        self.births.insert(id, annotation.shape.kind());
        self.staged.insert(id, Some(annotation.clone()));
        Ok(())
    }

    fn set_shape(&mut self, id: AnnotationId, shape: &Shape) -> Result<(), EditError> {
        self.current(id).ok_or(EditError::Missing(id))?;
        check_shape(id, shape)?;
        let birth = self.births.get(&id).copied();
        let birth = birth.or_else(|| self.projection.birth(id));
        let any = layout::kind_and_geometry_any(shape, birth.unwrap_or(shape.kind()));
        // The new geometry holds what the strokes so far came to.
        let is_stroke = |property| matches!(property, Some(Property::Stroke(_)));
        if self.current(id).is_some_and(|a| a.shape != *shape) {
            self.remove_overrides(id, is_stroke);
        }
        self.set(
            id,
            Property::Geometry,
            |a| std::mem::replace(&mut a.shape, shape.clone()) != *shape,
            any,
        )
    }

    fn paint(&mut self, id: AnnotationId, delta: &MaskDelta) -> Result<(), EditError> {
        let mut annotation = self.current(id).ok_or(EditError::Missing(id))?.clone();
        let is = annotation.shape.kind();
        let Shape::Mask(mask) = &mut annotation.shape else {
            return Err(EditError::NoMask { id, is });
        };
        mask.apply(delta);
        check_shape(id, &annotation.shape)?;
        let mut strokes = Vec::with_capacity(delta.tiles().len());
        {
            let keys = self.projection.override_keys(id).iter();
            let seen = layout::strokes_of(keys.chain(self.written.get(&id).into_iter().flatten()));
            for (tile, change) in delta.tiles() {
                let on_tile = seen.iter().filter(|(stroke, _)| stroke.tile == tile);
                let last = on_tile.map(|(stroke, _)| stroke.time).max();
                let stroke = Stroke {
                    tile,
                    time: last.map_or(0, |time| time.saturating_add(1)),
                    client: self.client,
                };
                let key: Arc<str> = Property::Stroke(stroke).key(id).into();
                strokes.push((key, Any::Buffer(change.to_bytes().into())));
            }
        }
        for (key, value) in strokes {
            self.written.entry(id).or_default().push(key.clone());
            self.writes.overrides.insert(key, Some(value));
        }
        self.staged.insert(id, Some(annotation));
        Ok(())
    }

    fn set_style(&mut self, id: AnnotationId, style: &Style) -> Result<(), EditError> {
        if !style.is_valid() {
            return Err(EditError::Style(id));
        }
        self.set(
            id,
            Property::Style,
            |a| std::mem::replace(&mut a.style, *style) != *style,
            layout::style_any(style),
        )
    }

    fn set_attribute(
        &mut self,
        id: AnnotationId,
        attribute: AttributeId,
        value: Option<&AttributeValue>,
    ) -> Result<(), EditError> {
        if value.is_some_and(|value| !is_finite(value)) {
            return Err(EditError::NotFinite(id));
        }
        let any = value.map_or(Any::Null, layout::attribute_any);
        let apply = |a: &mut Annotation| {
            let before = match value {
                Some(value) => a.attributes.insert(attribute, value.clone()),
                None => a.attributes.remove(&attribute),
            };
            before.as_ref() != value
        };
        self.set(id, Property::Attribute(attribute), apply, any)
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
        self.writes.records.insert(id, None);
        self.remove_overrides(id, |_| true);
        self.staged.insert(id, None);
        self.births.remove(&id);
        Ok(())
    }

    /// Removes the overrides of which `which` is true, known and written.
    fn remove_overrides(&mut self, id: AnnotationId, which: impl Fn(Option<Property>) -> bool) {
        let is_meant = |key: &Arc<str>| {
            let name = key.split_once('/').map_or("", |(_, name)| name);
            which(Property::from_name(name))
        };
        let known = self.projection.override_keys(id).iter().cloned();
        let written = self.written.get_mut(&id).into_iter();
        let taken_back = written.flat_map(|keys| keys.extract_if(.., |key| is_meant(key)));
        let removed = known.filter(is_meant).chain(taken_back);
        self.writes.overrides.extend(removed.map(|key| (key, None)));
    }

    fn done(self) -> Planned {
        let is_whole = |id: &AnnotationId| {
            let has_overrides = |keys: &Vec<_>| !keys.is_empty();
            self.births.contains_key(id) && !self.written.get(id).is_some_and(has_overrides)
        };
        let mut added = self.staged;
        added.retain(|id, annotation| {
            is_whole(id) && annotation.as_mut().is_some_and(layout::settle)
        });
        Planned {
            writes: self.writes,
            added,
        }
    }

    fn current(&self, id: AnnotationId) -> Option<&Annotation> {
        match self.staged.get(&id) {
            Some(staged) => staged.as_ref(),
            None => self.projection.get(id),
        }
    }
}

fn check_annotation(annotation: &Annotation) -> Result<(), EditError> {
    let id = annotation.id;
    check_shape(id, &annotation.shape)?;
    if !annotation.z.is_finite() || !annotation.attributes.values().all(is_finite) {
        return Err(EditError::NotFinite(id));
    }
    if !annotation.style.is_valid() {
        return Err(EditError::Style(id));
    }
    Ok(())
}

fn check_shape(id: AnnotationId, shape: &Shape) -> Result<(), EditError> {
    shape
        .check()
        .map_err(|reason| EditError::Shape { id, reason })
}

fn is_finite(value: &AttributeValue) -> bool {
    !matches!(value, AttributeValue::Number(n) if !n.is_finite())
}
