//! What a pointer means: navigation (middle button, space, two fingers, wheel) is handled here,
//! everything else goes to the active tool.

use super::State;
use crate::EngineEvent;
use visionflow_geometry::{Point, Vec2};
use visionflow_tools::{Button, Cursor, Input, Modifiers};

pub use visionflow_tools::PointerKind;

/// A finger that moved less than this, in CSS pixels, may still become a pinch.
const TOUCH_SLOP: f64 = 8.0;
/// Clicks closer in time and place than this count together (ms, CSS pixels).
const CLICK_INTERVAL_MS: f64 = 400.0;
const CLICK_DISTANCE: f64 = 6.0;

/// A DOM pointer event in the engine's words.
#[derive(Clone, Copy, Debug)]
pub struct PointerEvent {
    pub id: i32,
    pub kind: PointerKind,
    /// CSS pixels from the canvas's corner.
    pub position: Point,
    /// As the DOM numbers them: 0 main, 1 middle, 2 secondary.
    pub button: i16,
    pub modifiers: Modifiers,
    pub time_ms: f64,
}

/// The pointers on the canvas and the gesture they make.
#[derive(Default)]
pub struct Pointers {
    gesture: Gesture,
    touches: Vec<(i32, Point)>,
    space: bool,
    last_click: Option<Click>,
    /// What the active tool wants to show.
    pub tool_cursor: Cursor,
}

#[derive(Default)]
enum Gesture {
    #[default]
    Idle,
    /// The tool has the pointer, pressed with this button: the one that comes up last may be another.
    Tool {
        id: i32,
        button: i16,
    },
    /// A finger that has not moved yet: the tool's, unless a second one comes.
    Undecided {
        down: PointerEvent,
    },
    Pan {
        id: i32,
        last: Point,
    },
    /// Two fingers, by where they were last.
    Pinch,
    /// A pinch is over, but a finger is still down.
    Spent,
}

#[derive(Clone, Copy)]
struct Click {
    button: i16,
    at_ms: f64,
    position: Point,
    count: u32,
}

impl State {
    pub fn pointer_down(&mut self, event: PointerEvent) {
        if event.kind == PointerKind::Touch {
            self.pointers.touches.push((event.id, event.position));
            if self.pointers.touches.len() == 2 {
                self.begin_pinch();
                return;
            }
        }
        if !matches!(self.pointers.gesture, Gesture::Idle) {
            return;
        }
        let pans = event.button == 1 || (event.button == 0 && self.pointers.space);
        self.pointers.gesture = if pans {
            Gesture::Pan {
                id: event.id,
                last: event.position,
            }
        } else if event.kind == PointerKind::Touch {
            Gesture::Undecided { down: event }
        } else {
            Gesture::Tool {
                id: event.id,
                button: event.button,
            }
        };
        if matches!(self.pointers.gesture, Gesture::Tool { .. }) {
            self.tool_down(event);
        }
        self.show_cursor();
    }

    pub fn pointer_move(&mut self, event: PointerEvent) {
        self.point_at(Some(event.position));
        match &mut self.pointers.gesture {
            Gesture::Pan { id, last } if *id == event.id => {
                let by = event.position - std::mem::replace(last, event.position);
                self.pan_by(by.x, by.y);
            }
            Gesture::Pinch => self.pinch(event),
            Gesture::Undecided { down } if down.id == event.id => {
                let down = *down;
                if down.position.distance(event.position) > TOUCH_SLOP {
                    self.pointers.gesture = Gesture::Tool {
                        id: event.id,
                        button: down.button,
                    };
                    self.tool_down(down);
                    self.tool_move(event);
                }
            }
            Gesture::Tool { id, .. } if *id == event.id => self.tool_move(event),
            Gesture::Idle if event.kind != PointerKind::Touch => self.tool_move(event),
            _ => {}
        }
    }

    pub fn pointer_up(&mut self, event: PointerEvent) {
        self.lift(event.id);
        match std::mem::take(&mut self.pointers.gesture) {
            Gesture::Tool { id, button } if id == event.id => self.tool_up(event, button),
            Gesture::Undecided { down } if down.id == event.id => {
                self.tool_down(down);
                self.tool_up(event, down.button);
            }
            Gesture::Pan { id, .. } if id == event.id => {}
            Gesture::Pinch | Gesture::Spent => self.end_pinch(),
            other => self.pointers.gesture = other,
        }
        self.show_cursor();
    }

    /// The browser took the pointer away: nothing of the gesture may remain.
    pub fn pointer_cancel(&mut self, id: i32) {
        self.lift(id);
        match std::mem::take(&mut self.pointers.gesture) {
            Gesture::Tool { id: mine, .. } if mine == id => self.cancel_gesture(),
            Gesture::Pinch | Gesture::Spent => self.end_pinch(),
            Gesture::Undecided { down } if down.id == id => {}
            Gesture::Pan { id: mine, .. } if mine == id => {}
            other => self.pointers.gesture = other,
        }
        self.show_cursor();
    }

    pub fn pointer_leave(&mut self) {
        self.point_at(None);
        if matches!(self.pointers.gesture, Gesture::Idle) {
            self.input(&Input::PointerLeave);
        }
    }

    /// The window lost the focus: keys may come up unseen.
    pub fn blur(&mut self) {
        self.set_space(false);
        // Whichever arrow key was held: what it moved is made an edit.
        self.key_up("ArrowLeft");
    }

    /// `by` in CSS pixels, as `WheelEvent` counts: down and right are positive.
    pub fn wheel(&mut self, position: Point, by: Vec2, modifiers: Modifiers) {
        if modifiers.shift {
            self.pan_by(-by.x, -by.y);
        } else {
            // A pinch on a trackpad comes as a wheel with ctrl and small steps.
            let speed = if modifiers.ctrl { 0.01 } else { 0.0015 };
            let factor = (-by.y * speed).clamp(-0.7, 0.7).exp();
            self.zoom_at(position, factor);
        }
        self.point_at(Some(position));
    }

    pub(super) fn set_space(&mut self, down: bool) {
        if self.pointers.space != down {
            self.pointers.space = down;
            self.show_cursor();
        }
    }

    pub(super) fn show_cursor(&self) {
        let cursor = match self.pointers.gesture {
            Gesture::Pan { .. } => "grabbing",
            _ if self.pointers.space => "grab",
            _ => self.pointers.tool_cursor.css(),
        };
        // A canvas without a style attribute cannot fail to take a keyword.
        let _ = self.canvas.style().set_property("cursor", cursor);
    }

    fn point_at(&mut self, position: Option<Point>) {
        let in_image = position.map(|p| self.camera.image_from_screen(p));
        self.presence.cursor = in_image;
        self.events.push(EngineEvent::Pointer(in_image));
        self.show_lines(in_image);
    }

    fn tool_down(&mut self, event: PointerEvent) {
        let clicks = self.pointers.count_click(event);
        let Some(button) = Button::from_dom(event.button) else {
            return;
        };
        self.input(&Input::PointerDown {
            pos: event.position,
            button,
            modifiers: event.modifiers,
            clicks,
            pointer: event.kind,
        });
    }

    fn tool_move(&mut self, event: PointerEvent) {
        self.input(&Input::PointerMove {
            pos: event.position,
            modifiers: event.modifiers,
            pointer: event.kind,
        });
    }

    fn tool_up(&mut self, event: PointerEvent, button: i16) {
        let Some(button) = Button::from_dom(button) else {
            return;
        };
        self.input(&Input::PointerUp {
            pos: event.position,
            button,
            modifiers: event.modifiers,
            pointer: event.kind,
        });
    }

    fn begin_pinch(&mut self) {
        if matches!(self.pointers.gesture, Gesture::Tool { .. }) {
            self.cancel_gesture();
        }
        self.pointers.gesture = Gesture::Pinch;
    }

    fn pinch(&mut self, event: PointerEvent) {
        let Some(before) = self.pointers.two_touches() else {
            return;
        };
        for (id, position) in &mut self.pointers.touches {
            if *id == event.id {
                *position = event.position;
            }
        }
        let Some(after) = self.pointers.two_touches() else {
            return;
        };
        let (from, to) = (middle(before), middle(after));
        let spread = before.0.distance(before.1).max(1.0);
        let by = to - from;
        self.pan_by(by.x, by.y);
        self.zoom_at(to, after.0.distance(after.1).max(1.0) / spread);
    }

    fn end_pinch(&mut self) {
        self.pointers.gesture = match self.pointers.touches.len() {
            0 => Gesture::Idle,
            1 => Gesture::Spent,
            _ => Gesture::Pinch,
        };
    }

    fn lift(&mut self, id: i32) {
        self.pointers.touches.retain(|(touch, _)| *touch != id);
    }
}

impl Pointers {
    fn two_touches(&self) -> Option<(Point, Point)> {
        match self.touches.as_slice() {
            [(_, a), (_, b), ..] => Some((*a, *b)),
            _ => None,
        }
    }

    fn count_click(&mut self, event: PointerEvent) -> u32 {
        let continues = |last: &Click| {
            event.button == last.button
                && event.time_ms - last.at_ms < CLICK_INTERVAL_MS
                && event.position.distance(last.position) < CLICK_DISTANCE
        };
        let count = self
            .last_click
            .filter(continues)
            .map_or(1, |last| last.count + 1);
        self.last_click = Some(Click {
            button: event.button,
            at_ms: event.time_ms,
            position: event.position,
            count,
        });
        count
    }
}

fn middle((a, b): (Point, Point)) -> Point {
    Point::new(f64::midpoint(a.x, b.x), f64::midpoint(a.y, b.y))
}
