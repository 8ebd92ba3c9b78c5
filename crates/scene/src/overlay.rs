//! What lies over the annotations: the own gesture, other people, handles and name tags.
//!
//! Small, and made anew whenever one of them changes.

use crate::draw_list::{Layer, Marker, Primitive, Style};
use crate::ink::Ink;
use crate::mark::{Guide, Handle, HandleKind, PeerMark};
use crate::masks::Owner;
use crate::shapes::{Entry, Shapes, View};
use crate::style::{self, Palette, State, Visibility};
use crate::texts::Texts;
use crate::visual::{Detail, Part, Subject, Visualizer};
use std::collections::HashMap;
use visionflow_geometry::Point;
use visionflow_model::{AnnotationId, JointId, LabelId, Preview, Shape};

/// Beyond this many, tags and frames would hide the image and say little.
const MAX_TAGS: usize = 30;
const MAX_PEER_FRAMES: usize = 200;
/// The size of a peer's arrow in CSS pixels.
const ARROW: f32 = 16.0;
/// The size of the ring where a point has jumped to, larger than any handle.
const SNAP: f32 = 17.0;
/// Longer than any image; a line across the view is cut to it by the shader.
const FAR: f64 = 1e6;

/// What the overlay shows.
#[derive(Debug, Default)]
pub struct Overlay {
    pub preview: Vec<Preview>,
    pub handles: Vec<Handle>,
    pub guides: Vec<Guide>,
    pub peers: Vec<PeerMark>,
    pub stale: bool,
    /// The names of what is selected or hovered are left out.
    pub hides_names: bool,
    pub texts: Texts,
    ink: Ink,
    styles: Vec<Style>,
    order: Vec<u32>,
    /// Masks drawn so far, and with the frame before.
    masks: u32,
    masks_before: u32,
}

/// What the overlay reads of the scene.
pub struct Surroundings<'a> {
    pub shapes: &'a Shapes,
    pub palette: &'a Palette,
    pub selection: &'a [AnnotationId],
    pub hover: Option<AnnotationId>,
    /// With their scores.
    pub suggested: &'a HashMap<AnnotationId, f64>,
    pub picked: Option<AnnotationId>,
    pub view: View,
}

impl Overlay {
    /// Whether a change of this annotation shows in the overlay.
    pub fn concerns(&self, id: AnnotationId) -> bool {
        let previewed = |preview: &Preview| preview.annotation == Some(id);
        self.preview.iter().any(previewed)
            || self.peers.iter().any(|peer| peer.selection.contains(&id))
    }

    /// Makes everything anew.
    pub fn rebuild(
        &mut self,
        around: &Surroundings<'_>,
        visualizer: &mut Visualizer,
        layer: &mut Layer,
    ) {
        self.stale = false;
        self.ink.clear();
        self.styles.clear();
        self.texts.clear();
        self.masks = 0;

        self.words(around);
        for peer in std::mem::take(&mut self.peers) {
            self.peer(&peer, around, visualizer);
            self.peers.push(peer);
        }
        for preview in std::mem::take(&mut self.preview) {
            self.preview(&preview, around, visualizer);
            self.preview.push(preview);
        }
        for guide in std::mem::take(&mut self.guides) {
            self.guide(&guide, visualizer);
            self.guides.push(guide);
        }
        if !self.hides_names {
            self.tags(around);
        }
        let below = self.ink.drawn.len();
        for handle in std::mem::take(&mut self.handles) {
            self.handle(&handle, visualizer);
            self.handles.push(handle);
        }
        for unused in self.masks..self.masks_before {
            visualizer.masks.release(Owner::Overlay(unused));
        }
        self.masks_before = self.masks;

        layer.kinds = self.ink.kinds();
        let (primitives, drawn) = self.ink.seal();
        self.order.clear();
        self.order.extend(0..drawn);
        layer.primitives.replace(primitives);
        layer.styles.replace(&self.styles);
        layer.order.replace(&self.order);
        layer.above = drawn - below as u32;
    }

    /// What is written on the image.
    fn words(&mut self, around: &Surroundings<'_>) {
        let is_shown = |state: State| state.visibility == Visibility::Shown;
        for entry in around.shapes.texts().filter(|entry| is_shown(entry.state)) {
            if let Shape::Text(text) = &entry.shape {
                let color = around.palette.stroke(entry.label, entry.own_style());
                self.texts
                    .on_image(Some(entry.id), text, color, around.view);
            }
        }
    }

    fn peer(&mut self, peer: &PeerMark, around: &Surroundings<'_>, visualizer: &mut Visualizer) {
        for &id in peer.selection.iter().take(MAX_PEER_FRAMES) {
            let visible = around
                .shapes
                .get(id)
                .filter(|entry| !entry.state.is_hidden());
            if let Some(bounds) = visible.and_then(|entry| entry.shape.bounds()) {
                let style = style::peer_selection(peer.color);
                let frame = Shape::Box(bounds);
                self.append((&frame, &[]), Part::Whole, style, visualizer);
            }
        }
        for preview in &peer.preview {
            let bones = around.palette.bones(label_of(preview, around));
            let subject = (&preview.shape, bones);
            let fill = style::ghost_fill(peer.color);
            self.append(subject, Part::Fill, fill, visualizer);
            let part = Part::Outline {
                closed: preview.closed,
            };
            let outline = style::ghost_outline(peer.color);
            self.append(subject, part, outline, visualizer);
        }
        if let Some(cursor) = peer.cursor {
            let style = style::peer_cursor(peer.color);
            self.marker(cursor, ARROW, Marker::Arrow, style, visualizer);
            let place = Texts::tag_at(cursor, (0.0, 0.0), (12.0, 14.0));
            self.texts.tag(&peer.name, peer.color, place);
        }
    }

    fn preview(
        &mut self,
        preview: &Preview,
        around: &Surroundings<'_>,
        visualizer: &mut Visualizer,
    ) {
        let changed = preview.annotation.and_then(|id| around.shapes.get(id));
        let label = label_of(preview, around);
        let own = changed.map(Entry::own_style).unwrap_or_default();
        let bones = around.palette.bones(label);
        let subject = (&preview.shape, bones);
        let color = around.palette.stroke(label, own);
        if preview.annotation.is_none() && preview.label.is_none() {
            // For one's own eyes: what selects, what is aligned, what is measured.
            let (part, style) = if preview.closed {
                (Part::Whole, style::marquee())
            } else {
                (Part::Outline { closed: false }, style::guide())
            };
            self.append(subject, part, style, visualizer);
        } else if preview.closed {
            let state = State {
                selected: true,
                ..State::default()
            };
            let style = around.palette.shape(label, own, state, &preview.shape);
            self.append(subject, Part::Whole, style, visualizer);
        } else {
            self.append(subject, Part::Fill, style::ghost_fill(color), visualizer);
            let part = Part::Outline { closed: false };
            self.append(subject, part, style::open_outline(color), visualizer);
        }
        if let Shape::Text(text) = &preview.shape {
            self.texts
                .on_image(preview.annotation, text, color, around.view);
        }
    }

    fn guide(&mut self, guide: &Guide, visualizer: &mut Visualizer) {
        let at = Point::new;
        let (from, to) = match guide {
            Guide::Vertical(x) => (at(*x, -FAR), at(*x, FAR)),
            Guide::Horizontal(y) => (at(-FAR, *y), at(FAR, *y)),
            Guide::Snap(at) => {
                return self.marker(*at, SNAP, Marker::Ring, style::guide(), visualizer);
            }
            Guide::Figure { at, text } => {
                let place = Texts::tag_at(*at, (0.5, 0.5), (0.0, -14.0));
                return self.texts.tag(text, style::GUIDE, place);
            }
            Guide::Line { from, to } | Guide::Measure { from, to, .. } => (*from, *to),
        };
        let line = Shape::Polyline(vec![from, to]);
        let part = Part::Outline { closed: false };
        self.append((&line, &[]), part, style::guide(), visualizer);
        if let Guide::Measure { text, .. } = guide {
            for end in [from, to] {
                self.marker(end, 9.0, Marker::Cross, style::guide(), visualizer);
            }
            let middle = at(f64::midpoint(from.x, to.x), f64::midpoint(from.y, to.y));
            let place = Texts::tag_at(middle, (0.5, 0.5), (0.0, -14.0));
            self.texts.tag(text, style::GUIDE, place);
        }
    }

    /// The names of what is hovered or selected, where it is or is being moved to.
    fn tags(&mut self, around: &Surroundings<'_>) {
        let hovered = around.hover.filter(|id| !around.selection.contains(id));
        let selected = if around.selection.len() <= MAX_TAGS {
            around.selection
        } else {
            &[]
        };
        // A few suggestions say at once what they are and how sure.
        let shown_at_once = around.suggested.len() <= MAX_TAGS;
        let proposed = around.suggested.keys().filter(|_| shown_at_once);
        let mut proposed: Vec<_> = proposed.copied().chain(around.picked).collect();
        proposed.sort_unstable();
        proposed.dedup();
        let hovered = hovered.filter(|id| !proposed.contains(id));
        for id in selected.iter().copied().chain(proposed).chain(hovered) {
            let visible = around
                .shapes
                .get(id)
                .filter(|entry| !entry.state.is_hidden());
            let Some(entry) = visible else {
                continue;
            };
            let preview = self.preview.iter().find(|p| p.annotation == Some(id));
            let shape = preview.map_or(&entry.shape, |preview| &preview.shape);
            let anchor = Visualizer::tag_anchor(shape);
            let name = around.palette.name(entry.label).unwrap_or_default();
            let words = match around.suggested.get(&id) {
                Some(score) => format!("{name} {:.0} %", score * 100.0),
                None => name.to_owned(),
            };
            if let Some(anchor) = anchor {
                let color = around.palette.color(entry.label);
                let place = Texts::tag_at(anchor, (0.0, 1.0), (-1.0, -4.0));
                self.texts.tag(words.trim_start(), color, place);
            }
        }
    }

    fn handle(&mut self, handle: &Handle, visualizer: &Visualizer) {
        let (size, marker) = match handle.kind {
            HandleKind::Square => (9.0, Marker::Square),
            HandleKind::Circle => (9.0, Marker::Circle),
            HandleKind::Dot => (6.0, Marker::Circle),
            HandleKind::Diamond => (11.0, Marker::Diamond),
            HandleKind::Rotate => (13.0, Marker::Ring),
        };
        let style = style::handle(handle.active);
        self.marker(handle.position, size, marker, style, visualizer);
    }

    fn marker(
        &mut self,
        at: Point,
        size_css: f32,
        marker: Marker,
        style: Style,
        visualizer: &Visualizer,
    ) {
        let first = self.ink.drawn.len();
        let at = visualizer.relative(at);
        self.ink.push(Primitive::marker(at, size_css, marker));
        self.paint(first, style);
    }

    fn append(
        &mut self,
        (shape, bones): (&Shape, &[[JointId; 2]]),
        part: Part,
        style: Style,
        visualizer: &mut Visualizer,
    ) {
        let first = self.ink.drawn.len();
        let subject = Subject {
            shape,
            bones,
            part,
            detail: Detail::Full,
            owner: Owner::Overlay(self.masks),
        };
        visualizer.append(subject, &mut self.ink);
        if matches!(shape, Shape::Mask(_)) {
            self.masks += 1;
        }
        self.paint(first, style);
    }

    /// Gives every primitive from `first` on this style.
    fn paint(&mut self, first: usize, style: Style) {
        if self.styles.last() != Some(&style) {
            self.styles.push(style);
        }
        self.ink.paint(first, self.styles.len() as u32 - 1);
    }
}

/// The label that a gesture's shape has or will have.
fn label_of(preview: &Preview, around: &Surroundings<'_>) -> Option<LabelId> {
    let changed = preview.annotation.and_then(|id| around.shapes.get(id));
    preview.label.or(changed.map(|entry| entry.label))
}
