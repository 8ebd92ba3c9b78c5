//! What lies over the annotations: the own gesture, other people, handles and name tags.
//!
//! Small, and made anew whenever one of them changes.

use crate::draw_list::{Layer, Marker, Primitive, Sprite, SpriteId, SpriteText, Style};
use crate::mark::{Handle, HandleKind, PeerMark};
use crate::shapes::Shapes;
use crate::style::{self, Palette, State};
use crate::visual::{Part, Visualizer};
use std::collections::HashMap;
use visionflow_geometry::Point;
use visionflow_model::{AnnotationId, Color, Preview, Shape};

/// Beyond this many, tags and frames would hide the image and say little.
const MAX_TAGS: usize = 30;
const MAX_PEER_FRAMES: usize = 200;
/// The size of a peer's arrow in CSS pixels.
const ARROW: f32 = 16.0;

/// What the overlay shows.
#[derive(Debug, Default)]
pub struct Overlay {
    pub preview: Vec<Preview>,
    pub handles: Vec<Handle>,
    pub peers: Vec<PeerMark>,
    pub stale: bool,
    visualizer: Visualizer,
    texts: HashMap<(String, [u8; 3]), SpriteId>,
    /// Refilled whenever the overlay is made.
    buffers: Buffers,
}

#[derive(Debug, Default)]
struct Buffers {
    primitives: Vec<Primitive>,
    styles: Vec<Style>,
    order: Vec<u32>,
}

/// What the overlay reads of the scene.
pub struct Surroundings<'a> {
    pub shapes: &'a Shapes,
    pub palette: &'a Palette,
    pub selection: &'a [AnnotationId],
    pub hover: Option<AnnotationId>,
    pub origin: Point,
}

/// What the overlay makes: its layer, and the painted texts with their places.
pub struct Target<'a> {
    pub layer: &'a mut Layer,
    pub sprites: &'a mut Vec<Sprite>,
    pub texts: &'a mut Vec<SpriteText>,
}

impl Overlay {
    /// Whether a change of this annotation shows in the overlay.
    pub fn concerns(&self, id: AnnotationId) -> bool {
        let previewed = |preview: &Preview| preview.annotation == Some(id);
        self.preview.iter().any(previewed)
            || self.peers.iter().any(|peer| peer.selection.contains(&id))
    }

    /// Makes everything anew.
    pub fn rebuild(&mut self, around: &Surroundings<'_>, target: &mut Target<'_>) {
        self.stale = false;
        self.visualizer.origin = around.origin;
        self.buffers.primitives.clear();
        self.buffers.styles.clear();
        target.sprites.clear();
        target.texts.clear();

        for peer in std::mem::take(&mut self.peers) {
            self.peer(&peer, around, target);
            self.peers.push(peer);
        }
        for preview in std::mem::take(&mut self.preview) {
            self.preview(&preview, around);
            self.preview.push(preview);
        }
        self.tags(around, target);
        for handle in std::mem::take(&mut self.handles) {
            self.handle(&handle);
            self.handles.push(handle);
        }

        let Buffers {
            primitives,
            styles,
            order,
        } = &mut self.buffers;
        order.clear();
        order.extend(0..primitives.len() as u32);
        target.layer.primitives.replace(primitives);
        target.layer.styles.replace(styles);
        target.layer.order.replace(order);
    }

    fn peer(&mut self, peer: &PeerMark, around: &Surroundings<'_>, target: &mut Target<'_>) {
        for &id in peer.selection.iter().take(MAX_PEER_FRAMES) {
            let visible = around
                .shapes
                .get(id)
                .filter(|entry| !entry.state.is_hidden());
            if let Some(bounds) = visible.and_then(|entry| entry.bounds) {
                let style = style::peer_selection(peer.color);
                self.append(&Shape::Box(bounds), Part::Whole, style);
            }
        }
        for preview in &peer.preview {
            self.append(&preview.shape, Part::Fill, style::ghost_fill(peer.color));
            let part = Part::Outline {
                closed: preview.closed,
            };
            self.append(&preview.shape, part, style::ghost_outline(peer.color));
        }
        if let Some(cursor) = peer.cursor {
            let style = style::peer_cursor(peer.color);
            self.marker(cursor, ARROW, Marker::Arrow, style);
            self.text(target, &peer.name, peer.color, |id| Sprite {
                id,
                anchor: cursor,
                align: (0.0, 0.0),
                offset_css: (12.0, 14.0),
            });
        }
    }

    fn preview(&mut self, preview: &Preview, around: &Surroundings<'_>) {
        let changed = preview.annotation.and_then(|id| around.shapes.get(id));
        let label = preview.label.or(changed.map(|entry| entry.label));
        let color = label.map_or(Color::new(156, 163, 175), |id| around.palette.color(id));
        if preview.closed {
            let state = State {
                selected: true,
                ..State::default()
            };
            let width = Visualizer::selected_width(&preview.shape);
            let style = style::shape(color, state, width);
            self.append(&preview.shape, Part::Whole, style);
        } else {
            self.append(&preview.shape, Part::Fill, style::ghost_fill(color));
            let part = Part::Outline { closed: false };
            self.append(&preview.shape, part, style::open_outline(color));
        }
    }

    /// The names of what is hovered or selected, where it is or is being moved to.
    fn tags(&mut self, around: &Surroundings<'_>, target: &mut Target<'_>) {
        let hovered = around.hover.filter(|id| !around.selection.contains(id));
        let selected = if around.selection.len() <= MAX_TAGS {
            around.selection
        } else {
            &[]
        };
        for id in selected.iter().copied().chain(hovered) {
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
            if let (Some(anchor), Some(name)) = (anchor, around.palette.name(entry.label)) {
                let color = around.palette.color(entry.label);
                self.text(target, name, color, |id| Sprite {
                    id,
                    anchor,
                    align: (0.0, 1.0),
                    offset_css: (-1.0, -4.0),
                });
            }
        }
    }

    fn handle(&mut self, handle: &Handle) {
        let (size, marker) = match handle.kind {
            HandleKind::Square => (9.0, Marker::Square),
            HandleKind::Circle => (9.0, Marker::Circle),
            HandleKind::Dot => (6.0, Marker::Circle),
            HandleKind::Diamond => (11.0, Marker::Diamond),
            HandleKind::Rotate => (13.0, Marker::Ring),
        };
        let style = style::handle(handle.active);
        self.marker(handle.position, size, marker, style);
    }

    fn text(
        &mut self,
        target: &mut Target<'_>,
        text: &str,
        color: Color,
        sprite: impl FnOnce(SpriteId) -> Sprite,
    ) {
        if text.is_empty() {
            return;
        }
        let next = SpriteId(self.texts.len() as u64);
        let key = (text.to_owned(), [color.r, color.g, color.b]);
        let id = *self.texts.entry(key).or_insert(next);
        if target.texts.iter().all(|known| known.id != id) {
            let text = text.to_owned();
            target.texts.push(SpriteText { id, text, color });
        }
        target.sprites.push(sprite(id));
    }

    fn marker(&mut self, at: Point, size_css: f32, marker: Marker, style: Style) {
        let at = self.visualizer.relative(at);
        let first = self.buffers.primitives.len();
        self.buffers
            .primitives
            .push(Primitive::marker(at, size_css, marker));
        self.buffers.paint(first, style);
    }

    fn append(&mut self, shape: &Shape, part: Part, style: Style) {
        let first = self.buffers.primitives.len();
        self.visualizer
            .append(shape, part, &mut self.buffers.primitives);
        self.buffers.paint(first, style);
    }
}

impl Buffers {
    /// Gives every primitive from `first` on this style.
    fn paint(&mut self, first: usize, style: Style) {
        if self.styles.last() != Some(&style) {
            self.styles.push(style);
        }
        let index = self.styles.len() as u32 - 1;
        for primitive in &mut self.primitives[first..] {
            primitive.style = index;
        }
    }
}
