//! A small engine around the toolbox: applies effects as the real one does.

use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;
use visionflow_document::{Change, Document, Edit};
use visionflow_geometry::{Mask, PixelView, Point, Polygon, Rect, Span, Vec2};
use visionflow_model::{
    Annotation, AnnotationId, Color, JointId, JointTemplate, Label, LabelId, Ontology, Preview,
    Shape, SkeletonTemplate, Style, Suggestion, Verdict,
};
use visionflow_scene::{Camera, Handle, Scene};
use visionflow_tools::{
    Answer, Ask, Button, Context, Cursor, Effects, Hint, Input, Measure, Modifiers, Notice, Pinned,
    PointerKind, SmartInput, SmartState, TextEntry, ToolKind, ToolSettings, Toolbox,
};

pub const IMAGE: (u32, u32) = (1000, 800);
pub const NONE: Modifiers = Modifiers {
    shift: false,
    ctrl: false,
    alt: false,
    meta: false,
};
pub const SHIFT: Modifiers = Modifiers {
    shift: true,
    ..NONE
};
pub const ALT: Modifiers = Modifiers { alt: true, ..NONE };
pub const CTRL: Modifiers = Modifiers { ctrl: true, ..NONE };

/// Positions given to its methods are in image space.
pub struct Desk {
    pub document: Document,
    pub scene: Scene,
    pub camera: Camera,
    pub toolbox: Toolbox,
    pub label: Option<LabelId>,
    pub can_edit: bool,
    pub settings: ToolSettings,
    pub ontology: Ontology,
    pub pixels: Option<PixelView>,
    next: u128,
    // What the engine was told last.
    pub preview: Vec<Preview>,
    pub selection: Vec<AnnotationId>,
    pub picked: Option<AnnotationId>,
    pub hover: Option<AnnotationId>,
    pub handles: Vec<Handle>,
    pub cursor: Cursor,
    pub hint: Hint,
    pub text: Option<TextEntry>,
    pub measures: Vec<Measure>,
    pub snap: Option<Point>,
    pub ask: Option<Ask>,
    pub smart: SmartState,
    pub notices: Vec<Notice>,
    pub pinned: Vec<Pinned>,
    pub handled: bool,
}

pub fn id(n: u128) -> AnnotationId {
    AnnotationId(Uuid::from_u128(n))
}

pub fn label(n: u128) -> LabelId {
    LabelId(Uuid::from_u128(0xff00 + n))
}

pub fn p(x: f64, y: f64) -> Point {
    Point::new(x, y)
}

pub fn rect(x: f64, y: f64, width: f64, height: f64) -> Shape {
    Shape::Box(Rect::from_corners(p(x, y), p(x + width, y + height)))
}

pub fn ring(points: &[(f64, f64)]) -> Shape {
    let ring = points.iter().map(|(x, y)| p(*x, *y)).collect();
    Shape::Polygon(Polygon::from_ring(ring))
}

/// The pixels of a rectangle as a mask.
pub fn pixels(x: i32, y: i32, width: i32, height: i32) -> Mask {
    let span = |y| Span {
        y,
        start: x,
        end: x + width,
    };
    Mask::from_spans((y..y + height).map(span))
}

/// A photograph, dark but for bright rectangles (x, y, width, height), seen with so many pixels of
/// the image in one.
pub fn photograph(bright: &[(u32, u32, u32, u32)], scale: u32) -> PixelView {
    let (width, height) = (IMAGE.0 / scale, IMAGE.1 / scale);
    let is_bright = |x: u32, y: u32| {
        let within = |at: u32, start: u32, size: u32| (start..start + size).contains(&at);
        bright
            .iter()
            .any(|r| within(x * scale, r.0, r.2) && within(y * scale, r.1, r.3))
    };
    let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let rgba = places.flat_map(|(x, y)| {
        let v = if is_bright(x, y) { 200 } else { 20 };
        [v, v, v, 255]
    });
    PixelView::new(
        Point::default(),
        f64::from(scale),
        width,
        height,
        rgba.collect(),
    )
    .unwrap()
}

/// Labels 0, 1 and 2; the first two have skeletons of three joints and two.
pub fn ontology() -> Ontology {
    let joint = |id: u32, x: f64, y: f64| JointTemplate {
        id: JointId(id),
        name: format!("joint {id}"),
        x,
        y,
    };
    let skeleton = |joints: Vec<JointTemplate>| {
        Some(SkeletonTemplate {
            edges: vec![[joints[0].id, joints[1].id]],
            joints,
        })
    };
    let skeletons = [
        skeleton(vec![
            joint(1, 0.5, 0.0),
            joint(2, 0.0, 1.0),
            joint(5, 1.0, 1.0),
        ]),
        skeleton(vec![joint(1, 0.0, 0.5), joint(2, 1.0, 0.5)]),
        None,
    ];
    let labels = (0..).zip(skeletons).map(|(n, skeleton)| Label {
        id: label(n),
        name: format!("label {n}"),
        color: Color::new(1, 2, 3),
        hotkey: None,
        archived: false,
        attributes: Vec::new(),
        style: Style::default(),
        skeleton,
    });
    Ontology {
        labels: labels.collect(),
        ..Ontology::default()
    }
}

pub fn annotation(n: u128, shape: Shape) -> Annotation {
    Annotation::new(id(n), label(0), shape)
}

impl Desk {
    /// A desk with the annotations 1, 2 … of these shapes, seen at twice their size.
    pub fn new(shapes: &[Shape]) -> Self {
        let mut desk = Self {
            document: Document::new(1),
            scene: Scene::new(),
            camera: Camera::new(2.0, Vec2::new(30.0, -17.0)),
            toolbox: Toolbox::new(),
            label: Some(label(0)),
            can_edit: true,
            settings: ToolSettings::default(),
            ontology: Ontology::default(),
            pixels: None,
            next: 1000,
            preview: Vec::new(),
            selection: Vec::new(),
            picked: None,
            hover: None,
            handles: Vec::new(),
            cursor: Cursor::default(),
            hint: Hint::default(),
            text: None,
            measures: Vec::new(),
            snap: None,
            ask: None,
            smart: SmartState::default(),
            notices: Vec::new(),
            pinned: Vec::new(),
            handled: false,
        };
        desk.scene.set_image_size(Some(IMAGE));
        let numbered = (1..).zip(shapes);
        let edits: Vec<_> = numbered
            .map(|(n, shape)| Edit::Add(annotation(n, shape.clone())))
            .collect();
        desk.edit(&edits);
        desk.document.forget_history();
        desk.document.take_updates();
        desk
    }

    pub fn with_tool(shapes: &[Shape], tool: ToolKind) -> Self {
        let mut desk = Self::new(shapes);
        desk.switch(tool);
        desk
    }

    pub fn shape(&self, n: u128) -> &Shape {
        &self.document.get(id(n)).unwrap().shape
    }

    pub fn contents(&self) -> BTreeMap<AnnotationId, Annotation> {
        let all = self.document.annotations();
        all.map(|a| (a.id, a.clone())).collect()
    }

    /// The only annotation that is new since the desk was made.
    pub fn drawn(&self) -> Option<&Annotation> {
        let mut new = self.document.annotations().filter(|a| a.id >= id(1000));
        let first = new.next();
        assert!(new.next().is_none());
        first
    }

    /// An edit from outside the tools, as a list of objects or another person makes it.
    pub fn edit(&mut self, edits: &[Edit]) {
        let change = self.document.edit(edits).unwrap();
        self.took(&change);
    }

    pub fn undo(&mut self) -> bool {
        self.input(&Input::Cancel);
        let change = self.document.undo();
        change.inspect(|change| self.took(change)).is_some()
    }

    pub fn took(&mut self, change: &Change) {
        for id in change.added.iter().chain(&change.updated) {
            self.scene.upsert(self.document.get(*id).unwrap());
        }
        for id in &change.removed {
            self.scene.remove(*id);
        }
        for id in &change.suggestions {
            let is_pending = |s: &&Suggestion| s.verdict == Verdict::Pending;
            match self.document.suggestion(*id).filter(is_pending) {
                Some(suggestion) => self.scene.suggest(suggestion),
                None if self.scene.shows_suggestion(*id) => self.scene.remove(*id),
                None => {}
            }
        }
        let effects =
            self.with_toolbox(|toolbox, context| toolbox.document_changed(change, context));
        self.apply(effects);
    }

    pub fn with_toolbox<R>(&mut self, f: impl FnOnce(&mut Toolbox, &mut Context<'_>) -> R) -> R {
        let next = &mut self.next;
        let mut new_id = || {
            *next += 1;
            id(*next)
        };
        let mut context = Context {
            document: &self.document,
            scene: &self.scene,
            camera: &self.camera,
            image: Rect::from_size(f64::from(IMAGE.0), f64::from(IMAGE.1)),
            label: self.label,
            can_edit: self.can_edit,
            settings: &self.settings,
            ontology: &self.ontology,
            pixels: self.pixels.as_ref(),
            smart_model: "MobileSAM",
            new_id: &mut new_id,
        };
        f(&mut self.toolbox, &mut context)
    }

    fn apply(&mut self, effects: Effects) {
        if !effects.edits.is_empty() {
            assert!(self.can_edit, "a watcher edits");
            let change = self.document.edit(&effects.edits).unwrap();
            self.took(&change);
        }
        self.preview = effects.preview.unwrap_or(std::mem::take(&mut self.preview));
        self.selection = effects
            .selection
            .unwrap_or(std::mem::take(&mut self.selection));
        self.picked = effects.picked.unwrap_or(self.picked);
        self.hover = effects.hover.unwrap_or(self.hover);
        self.handles = effects.handles.unwrap_or(std::mem::take(&mut self.handles));
        self.cursor = effects.cursor.unwrap_or(self.cursor);
        self.hint = effects.hint.unwrap_or(self.hint);
        self.text = effects.text.unwrap_or(self.text.take());
        self.measures = effects
            .measures
            .unwrap_or(std::mem::take(&mut self.measures));
        self.snap = effects.snap.unwrap_or(self.snap);
        self.ask = effects.ask.unwrap_or(self.ask.take());
        self.smart = effects.smart.unwrap_or(self.smart);
        self.settings = effects.settings.unwrap_or(self.settings);
        self.camera = effects.camera.unwrap_or(self.camera);
        self.notices.extend(effects.notice);
        self.pinned.extend(effects.pinned);
        self.handled = effects.handled;
    }

    pub fn input(&mut self, input: &Input) {
        let effects = self.with_toolbox(|toolbox, context| toolbox.handle(input, context));
        self.apply(effects);
        assert_eq!(self.selection, self.toolbox.selection());
    }

    pub fn answer(&mut self, answer: Answer) {
        self.input(&Input::Smart(SmartInput::Answer(answer)));
    }

    pub fn switch(&mut self, tool: ToolKind) {
        let effects = self.with_toolbox(|toolbox, context| toolbox.switch(tool, context));
        self.apply(effects);
    }

    pub fn select(&mut self, ids: &[AnnotationId]) {
        let effects = self.with_toolbox(|toolbox, context| toolbox.select(ids, context));
        self.apply(effects);
    }

    pub fn take_back(&mut self) {
        let effects = self.with_toolbox(Toolbox::take_back);
        self.apply(effects);
    }

    pub fn refresh(&mut self) {
        let effects = self.with_toolbox(Toolbox::refresh);
        self.apply(effects);
    }

    pub fn down(&mut self, at: Point, modifiers: Modifiers, clicks: u32) {
        self.input(&Input::PointerDown {
            pos: self.camera.screen_from_image(at),
            button: Button::Primary,
            modifiers,
            clicks,
            pointer: PointerKind::Mouse,
        });
    }

    pub fn hover(&mut self, at: Point, modifiers: Modifiers) {
        self.input(&Input::PointerMove {
            pos: self.camera.screen_from_image(at),
            modifiers,
            pointer: PointerKind::Mouse,
        });
    }

    pub fn up(&mut self, at: Point, modifiers: Modifiers) {
        self.input(&Input::PointerUp {
            pos: self.camera.screen_from_image(at),
            button: Button::Primary,
            modifiers,
            pointer: PointerKind::Mouse,
        });
    }

    pub fn click_with(&mut self, at: Point, modifiers: Modifiers) {
        self.hover(at, modifiers);
        self.down(at, modifiers, 1);
        self.up(at, modifiers);
    }

    pub fn click(&mut self, x: f64, y: f64) {
        self.click_with(p(x, y), NONE);
    }

    /// Presses and moves, and does not let go.
    pub fn grab(&mut self, from: Point, to: Point, modifiers: Modifiers) {
        self.hover(from, NONE);
        self.down(from, modifiers, 1);
        self.hover(
            p(f64::midpoint(from.x, to.x), f64::midpoint(from.y, to.y)),
            modifiers,
        );
        self.hover(to, modifiers);
    }

    pub fn drag_with(&mut self, from: Point, to: Point, modifiers: Modifiers) {
        self.grab(from, to, modifiers);
        self.up(to, modifiers);
    }

    pub fn drag(&mut self, from: Point, to: Point) {
        self.drag_with(from, to, NONE);
    }

    /// Presses a key and lets it go.
    pub fn key_with(&mut self, key: &str, modifiers: Modifiers) {
        self.hold(key, modifiers);
        let handled = self.handled;
        self.release(key);
        self.handled = handled;
    }

    /// Presses a key, or has one that is held down repeat.
    pub fn hold(&mut self, key: &str, modifiers: Modifiers) {
        self.input(&Input::KeyDown {
            key: key.to_owned(),
            modifiers,
        });
    }

    pub fn release(&mut self, key: &str) {
        self.input(&Input::KeyUp {
            key: key.to_owned(),
        });
    }

    pub fn key(&mut self, key: &str) {
        self.key_with(key, NONE);
    }

    /// What a finger does: presses, moves by way of the middle, and does not let go.
    pub fn touch_grab(&mut self, from: Point, to: Point) {
        let pos = |p: Point| self.camera.screen_from_image(p);
        let middle = p(f64::midpoint(from.x, to.x), f64::midpoint(from.y, to.y));
        let moves = [pos(middle), pos(to)].map(|pos| Input::PointerMove {
            pos,
            modifiers: NONE,
            pointer: PointerKind::Touch,
        });
        self.input(&Input::PointerDown {
            pos: pos(from),
            button: Button::Primary,
            modifiers: NONE,
            clicks: 1,
            pointer: PointerKind::Touch,
        });
        for moved in &moves {
            self.input(moved);
        }
    }

    pub fn touch_drag(&mut self, from: Point, to: Point) {
        self.touch_grab(from, to);
        self.input(&Input::PointerUp {
            pos: self.camera.screen_from_image(to),
            button: Button::Primary,
            modifiers: NONE,
            pointer: PointerKind::Touch,
        });
        self.input(&Input::PointerLeave);
    }

    pub fn tap(&mut self, at: Point) {
        self.touch_drag(at, at);
    }

    /// What is previewed beside the brush's rim.
    pub fn gesture(&self) -> Vec<&Preview> {
        let is_rim = |preview: &&Preview| {
            visionflow_tools::is_marquee(preview) && matches!(preview.shape, Shape::Ellipse(_))
        };
        self.preview
            .iter()
            .filter(|preview| !is_rim(preview))
            .collect()
    }

    /// Nobody who only watches changes anything by this, and is told so.
    pub fn check_read_only(&mut self, from: Point, to: Point) {
        self.can_edit = false;
        let contents = self.contents();
        self.drag(from, to);
        self.click(to.x, to.y);
        self.key("Enter");
        self.can_edit = true;
        assert_eq!(self.contents(), contents);
        assert_eq!(self.gesture(), Vec::<&Preview>::new());
        assert!(self.notices.contains(&Notice::ReadOnly));
    }

    /// The middle of a gesture, then Escape: no trace may be left, now or when the button is let go.
    pub fn check_escape(&mut self, at: Point) {
        let (contents, can_undo) = (self.contents(), self.document.can_undo());
        self.key("Escape");
        assert_eq!(self.gesture(), Vec::<&Preview>::new());
        self.up(at, NONE);
        assert_eq!(self.contents(), contents);
        assert_eq!(self.document.can_undo(), can_undo);
        assert!(self.document.take_updates().is_empty());
    }

    /// Where the handles are, without order.
    pub fn handle_positions(&self) -> BTreeSet<(i64, i64)> {
        let place = |h: &Handle| (h.position.x as i64, h.position.y as i64);
        self.handles.iter().map(place).collect()
    }
}
