//! The scene: what is on the image, where it is, and what of its picture changed.

use crate::overlay::{Overlay, Surroundings};
use crate::pick;
use crate::shapes::{Shapes, View};
use crate::style::{Palette, Standing, State, Visibility};
use crate::visual::Visualizer;
use crate::{Camera, DrawList, Guide, Handle, ImageLook, Lines, PeerMark, SpriteText, Viewport};
use std::collections::{HashMap, HashSet};
use visionflow_geometry::{Point, Rect};
use visionflow_model::{Annotation, AnnotationId, Color, Ontology, Preview, Suggestion};

/// The annotations of one image with their picture and their spatial index.
#[derive(Debug, Default)]
pub struct Scene {
    shapes: Shapes,
    overlay: Overlay,
    palette: Palette,
    visualizer: Visualizer,
    selection: Vec<AnnotationId>,
    marked: Marked,
    /// The scores of what models propose.
    suggested: HashMap<AnnotationId, f64>,
    list: DrawList,
    changed: bool,
}

/// Annotations in a state of their own, whether they are there yet or not.
#[derive(Debug, Default)]
struct Marked {
    selected: HashSet<AnnotationId>,
    hidden: HashSet<AnnotationId>,
    /// Left out by a filter.
    filtered: HashSet<AnnotationId>,
    /// Changed by the own gesture, which is drawn instead.
    previewed: HashSet<AnnotationId>,
    hovered: Option<AnnotationId>,
    /// The suggestion that is looked at.
    picked: Option<AnnotationId>,
    /// What differs between two points in time, while they are compared.
    difference: Option<HashMap<AnnotationId, Standing>>,
}

impl Marked {
    fn state(&self, id: AnnotationId) -> State {
        let visibility = if self.hidden.contains(&id) || self.filtered.contains(&id) {
            Visibility::Hidden
        } else if self.previewed.contains(&id) {
            Visibility::Replaced
        } else {
            Visibility::Shown
        };
        State {
            visibility,
            hovered: self.hovered == Some(id),
            selected: self.selected.contains(&id) || self.picked == Some(id),
            locked: false,
            suggested: false,
            standing: match &self.difference {
                None => Standing::Usual,
                Some(standings) => standings.get(&id).copied().unwrap_or(Standing::Same),
            },
        }
    }
}

impl Scene {
    pub fn new() -> Self {
        Self {
            changed: true,
            ..Self::default()
        }
    }

    /// The size of the image in pixels; set it before loading annotations, which it moves.
    pub fn set_image_size(&mut self, size: Option<(u32, u32)>) {
        self.changed |= self.list.image_size != size;
        self.list.image_size = size;
        // From the middle of the image, coordinates are smallest, and so `f32` finest.
        let (width, height) = size.unwrap_or_default();
        let origin = Point::new(f64::from(width / 2), f64::from(height / 2));
        if origin != self.list.origin {
            self.list.origin = origin;
            self.visualizer.origin = origin;
            self.shapes.redraw_all();
            self.overlay.stale = true;
        }
    }

    /// The colour around the image.
    pub fn set_background(&mut self, color: Color) {
        self.changed |= self.list.background != color;
        self.list.background = color;
    }

    /// How the photograph's colours are shown.
    pub fn set_image_look(&mut self, look: ImageLook) {
        self.changed |= self.list.image_look != look;
        self.list.image_look = look;
    }

    /// Takes colours and names of the labels.
    pub fn set_ontology(&mut self, ontology: &Ontology) {
        self.palette = Palette::of(ontology);
        self.shapes.redraw_all();
        self.touch_overlay();
    }

    /// Adds an annotation or takes its new state, in place of a suggestion of its id.
    pub fn upsert(&mut self, annotation: &Annotation) {
        if self.suggested.remove(&annotation.id).is_some() {
            self.touch_overlay();
        }
        let state = self.marked.state(annotation.id);
        self.shapes.upsert(annotation, state);
        self.changed = true;
        self.touch(annotation.id);
    }

    /// Shows what a model proposes, apart from the annotations: they are neither counted nor
    /// selected together.
    pub fn suggest(&mut self, suggestion: &Suggestion) {
        let id = suggestion.id();
        let state = State {
            suggested: true,
            ..self.marked.state(id)
        };
        self.shapes.upsert(&suggestion.annotation, state);
        self.suggested.insert(id, suggestion.score);
        self.touch_overlay();
    }

    /// What is shown of what models propose.
    pub fn suggestions(&self) -> impl ExactSizeIterator<Item = AnnotationId> {
        self.suggested.keys().copied()
    }

    pub fn shows_suggestion(&self, id: AnnotationId) -> bool {
        self.suggested.contains_key(&id)
    }

    /// The suggestion that is to be decided about.
    pub fn set_picked(&mut self, id: Option<AnnotationId>) {
        let before = std::mem::replace(&mut self.marked.picked, id);
        if before != id {
            for id in before.into_iter().chain(id) {
                self.restyle(id);
            }
            self.touch_overlay();
        }
    }

    /// Takes out an annotation or a suggestion.
    pub fn remove(&mut self, id: AnnotationId) {
        if self.suggested.remove(&id).is_some() {
            self.touch_overlay();
        }
        self.shapes.remove(id, &mut self.visualizer);
        self.changed = true;
        self.touch(id);
    }

    /// Replaces all annotations at once, and leaves no suggestion; much faster than one by one.
    pub fn load<'a>(&mut self, annotations: impl Iterator<Item = &'a Annotation>) {
        let state = |id| self.marked.state(id);
        let (visualizer, layer) = (&mut self.visualizer, &mut self.list.shapes);
        self.shapes.load(annotations, state, visualizer, layer);
        self.suggested.clear();
        self.touch_overlay();
    }

    /// Replaces everything by what two points in time have in common and what they have not: what
    /// is not named is the same in both. [`Scene::load`] and `None` show annotations as ever.
    pub fn load_difference<'a>(
        &mut self,
        annotations: impl Iterator<Item = &'a Annotation>,
        difference: Option<HashMap<AnnotationId, Standing>>,
    ) {
        self.marked.difference = difference;
        self.load(annotations);
    }

    pub fn set_selection(&mut self, ids: &[AnnotationId]) {
        if self.selection != ids {
            ids.clone_into(&mut self.selection);
            let selected = ids.iter().copied().collect();
            let before = std::mem::replace(&mut self.marked.selected, selected);
            self.restyle_difference(&before, |marked| &marked.selected);
            self.touch_overlay();
        }
    }

    pub fn set_hover(&mut self, id: Option<AnnotationId>) {
        let before = std::mem::replace(&mut self.marked.hovered, id);
        if before != id {
            for id in before.into_iter().chain(id) {
                self.restyle(id);
            }
            self.touch_overlay();
        }
    }

    /// Whether the annotation is neither drawn nor picked.
    pub fn is_hidden(&self, id: AnnotationId) -> bool {
        self.marked.hidden.contains(&id) || self.marked.filtered.contains(&id)
    }

    /// Neither drawn nor picked.
    pub fn set_hidden(&mut self, ids: &[AnnotationId]) {
        let hidden = ids.iter().copied().collect();
        let before = std::mem::replace(&mut self.marked.hidden, hidden);
        self.restyle_difference(&before, |marked| &marked.hidden);
        self.touch_overlay();
    }

    /// Leaves out everything that a filter names; neither drawn nor picked. `None` shows all.
    ///
    /// Costs what changes between two filters, not what either holds.
    pub fn set_filter(&mut self, left_out: Option<HashSet<AnnotationId>>) {
        let left_out = left_out.unwrap_or_default();
        if self.marked.filtered != left_out {
            let before = std::mem::replace(&mut self.marked.filtered, left_out);
            self.restyle_difference(&before, |marked| &marked.filtered);
            self.touch_overlay();
        }
    }

    /// The own gesture, drawn in place of the annotations it changes.
    pub fn set_preview(&mut self, preview: &[Preview]) {
        if self.overlay.preview == preview {
            return;
        }
        let previewed = preview.iter().filter_map(|p| p.annotation).collect();
        let before = std::mem::replace(&mut self.marked.previewed, previewed);
        self.restyle_difference(&before, |marked| &marked.previewed);
        preview.clone_into(&mut self.overlay.preview);
        self.touch_overlay();
    }

    pub fn set_handles(&mut self, handles: &[Handle]) {
        if self.overlay.handles != handles {
            handles.clone_into(&mut self.overlay.handles);
            self.touch_overlay();
        }
    }

    /// Lines that something snaps to, and what is being measured.
    pub fn set_guides(&mut self, guides: &[Guide]) {
        if self.overlay.guides != guides {
            guides.clone_into(&mut self.overlay.guides);
            self.touch_overlay();
        }
    }

    /// Whether the label's name stands beside what is selected or hovered.
    pub fn set_names(&mut self, shown: bool) {
        if self.overlay.hides_names == shown {
            self.overlay.hides_names = !shown;
            self.touch_overlay();
        }
    }

    /// Grids and the crosshair.
    pub fn set_lines(&mut self, lines: Lines) {
        self.changed |= self.list.lines != lines;
        self.list.lines = lines;
    }

    /// The grids and the crosshair that are drawn.
    pub fn lines(&self) -> Lines {
        self.list.lines
    }

    pub fn set_peers(&mut self, peers: &[PeerMark]) {
        if self.overlay.peers != peers {
            peers.clone_into(&mut self.overlay.peers);
            self.touch_overlay();
        }
    }

    /// The annotation under a point of the image.
    ///
    /// An outline within `tolerance` (image pixels) wins over fills, the topmost first;
    /// among fills the smallest area wins, then the topmost.
    pub fn pick(&self, point: Point, tolerance: f64) -> Option<AnnotationId> {
        let admits = |state: State| !state.suggested;
        pick::pick(&self.shapes, &self.palette, (point, tolerance), admits)
    }

    /// The suggestion under a point of the image, where by the same rules no annotation is meant.
    pub fn pick_suggestion(&self, point: Point, tolerance: f64) -> Option<AnnotationId> {
        if self.suggested.is_empty() {
            return None;
        }
        let found = pick::pick(&self.shapes, &self.palette, (point, tolerance), |_| true);
        found.filter(|id| self.shows_suggestion(*id))
    }

    /// The annotations that touch `rect` (image space), bottom first.
    pub fn in_rect(&self, rect: Rect) -> Vec<AnnotationId> {
        pick::in_rect(&self.shapes, &self.palette, rect)
    }

    /// The same where the bounds of no more than `most` touch it; `None` where it is crowded.
    pub fn few_in_rect(&self, rect: Rect, most: usize) -> Option<Vec<AnnotationId>> {
        pick::few_in_rect(&self.shapes, &self.palette, rect, most)
    }

    /// The annotations that touch the inside of a lasso (image space, closed by itself, even-odd),
    /// bottom first.
    pub fn in_polygon(&self, lasso: &[Point]) -> Vec<AnnotationId> {
        pick::in_polygon(&self.shapes, &self.palette, lasso)
    }

    /// The picture of the scene with what changed since the last call.
    ///
    /// What an earlier list named as changed counts as uploaded; after a list that never reached
    /// the GPU call [`Scene::invalidate_gpu`].
    pub fn draw_list(&mut self, camera: &Camera, viewport: Viewport) -> &DrawList {
        self.list.camera = *camera;
        self.list.viewport = viewport;
        let scale = camera.scale() * viewport.pixel_ratio;
        let view = View::new(camera.visible(viewport), scale);
        let words_changed = self.shapes.settle(
            view,
            &self.palette,
            &mut self.visualizer,
            &mut self.list.shapes,
        );
        if self.overlay.stale || words_changed {
            self.rebuild_overlay(view);
        }
        self.list.shapes.publish();
        self.list.overlay.publish();
        self.visualizer.masks.publish(&mut self.list.masks);
        self.changed = false;
        &self.list
    }

    /// The texts that the last draw list shows.
    pub fn texts(&self) -> &[SpriteText] {
        &self.overlay.texts.painted
    }

    /// How many annotations and nodes of the index the last draw list took a look at: what a frame
    /// cost, counted instead of timed.
    pub fn visited(&self) -> usize {
        self.shapes.visited()
    }

    /// How many annotations there are.
    pub fn len(&self) -> usize {
        self.shapes.len() - self.suggested.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether anything changed since the last draw list, the camera aside.
    pub fn needs_draw(&self) -> bool {
        self.changed
    }

    /// Everything is uploaded anew with the next draw list: the GPU forgot what it had.
    pub fn invalidate_gpu(&mut self) {
        self.list.shapes.mark_all();
        self.list.overlay.mark_all();
        self.visualizer.masks.mark_all();
        self.changed = true;
    }

    fn rebuild_overlay(&mut self, view: View) {
        let around = Surroundings {
            shapes: &self.shapes,
            palette: &self.palette,
            selection: &self.selection,
            hover: self.marked.hovered,
            suggested: &self.suggested,
            picked: self.marked.picked,
            view,
        };
        let layer = &mut self.list.overlay;
        self.overlay.rebuild(&around, &mut self.visualizer, layer);
        self.list.sprites.clone_from(&self.overlay.texts.sprites);
    }

    fn touch_overlay(&mut self) {
        self.overlay.stale = true;
        self.changed = true;
    }

    /// Has the overlay made anew if this annotation shows in it.
    fn touch(&mut self, id: AnnotationId) {
        let marked = self.marked.selected.contains(&id) || self.marked.hovered == Some(id);
        if marked || self.overlay.concerns(id) {
            self.overlay.stale = true;
        }
    }

    fn restyle(&mut self, id: AnnotationId) {
        let state = self.marked.state(id);
        self.shapes.set_state(id, state);
        self.changed = true;
    }

    fn restyle_difference(
        &mut self,
        before: &HashSet<AnnotationId>,
        now: impl Fn(&Marked) -> &HashSet<AnnotationId>,
    ) {
        let changed: Vec<_> = before
            .symmetric_difference(now(&self.marked))
            .copied()
            .collect();
        for id in changed {
            self.restyle(id);
        }
    }
}
