//! What keys, menus and the palette can do on this page.

mod arrange;
mod look;

pub use look::USUAL_GRID;

use super::clipboard;
use super::desk::Desk;
use super::{history, suggestions, tools};
use crate::assist;
use crate::commands::{Command, Section, keymap, spec, use_commands};
use crate::components::Toasts;
use crate::pages::image_list::ListState;
use crate::router::Route;
use crate::session::use_toasts;
use crate::t;
use uuid::Uuid;
use visionflow_engine::{EncodeAt, ToolSettings};
use visionflow_model::Label;
use yew::prelude::*;
use yew_router::prelude::*;

/// How much one press zooms.
pub const ZOOM_STEP: f64 = 1.25;

/// The photographs before and after this one.
pub fn neighbours(list: &ListState, image_id: Uuid) -> (Option<Uuid>, Option<Uuid>) {
    let Some(at) = list.images.iter().position(|image| image.id == image_id) else {
        return (None, None);
    };
    let before = at
        .checked_sub(1)
        .and_then(|at| list.images.get(at))
        .map(|image| image.id);
    (before, list.images.get(at + 1).map(|image| image.id))
}

/// What commands do to the page around the canvas.
pub struct PageActions {
    pub flip_panel: Callback<()>,
    pub flip_strip: Callback<()>,
    pub show_panel: Callback<()>,
    pub export_picture: Callback<()>,
}

#[hook]
pub fn use_desk_commands(
    desk: Option<&Desk>,
    image_id: Uuid,
    list: &ListState,
    page: &PageActions,
) {
    keymap::use_keymap();
    let navigator = use_navigator();
    let toasts = use_toasts();
    let commands = desk.map(|desk| {
        // A label's key that was given before a command had it goes on to choose the label.
        let mut all = label_commands(desk);
        all.extend(tool_commands(desk));
        all.extend(suggestions::commands(desk));
        all.extend(edit_commands(desk, &toasts));
        all.extend(arrange::commands(desk));
        all.extend(look::commands(desk, &page.flip_panel, &page.flip_strip));
        all.extend(history::commands(desk, &page.show_panel));
        let project_id = desk.project.id;
        let go = |route: Option<Route>| {
            let navigator = navigator.clone();
            move || {
                if let Some((navigator, route)) = navigator.as_ref().zip(route.as_ref()) {
                    navigator.push(route);
                }
            }
        };
        let to = |id: Option<Uuid>| {
            id.map(|image_id| Route::Annotate {
                project_id,
                image_id,
            })
        };
        let (before, after) = neighbours(list, image_id);
        all.push(spec::NEXT.bind(after.is_some(), go(to(after))));
        all.push(spec::PREVIOUS.bind(before.is_some(), go(to(before))));
        let export_picture = page.export_picture.clone();
        let may_export = desk.project.role.is_some();
        all.push(spec::EXPORT_PICTURE.bind(may_export, move || export_picture.emit(())));
        all.push(spec::GO_GALLERY.bind(true, go(Some(Route::Gallery { project_id }))));
        all.push(spec::GO_SETTINGS.bind(true, go(Some(Route::Settings { project_id }))));
        all.push(spec::GO_MODELS.bind(true, go(Some(Route::Models { project_id }))));
        all
    });
    use_commands(commands.unwrap_or_default());
}

fn tool_commands(desk: &Desk) -> Vec<Command> {
    let choose = tools::all().map(|tool| {
        let (engine, kind) = (desk.engine.clone(), tool.kind);
        tool.spec.bind(desk.can_edit || !kind.edits(), move || {
            engine.set_tool(kind);
        })
    });
    let set = |change: fn(&mut ToolSettings)| {
        let settings = desk.settings.clone();
        move || {
            let mut tools = settings.tools;
            change(&mut tools);
            settings.set_tools.emit(tools);
        }
    };
    let settings = &desk.settings.tools;
    let smart = assist::is_available();
    let is_elsewhere = desk.settings.encoding.at == EncodeAt::Elsewhere;
    let switches = [
        spec::BRUSH_SMALLER.bind(
            desk.can_edit,
            set(|tools| tools.brush_radius = smaller(tools.brush_radius)),
        ),
        spec::BRUSH_LARGER.bind(
            desk.can_edit,
            set(|tools| tools.brush_radius = larger(tools.brush_radius)),
        ),
        spec::TOGGLE_SNAP
            .bind(desk.can_edit, set(|tools| tools.snap = !tools.snap))
            .checked(settings.snap),
        spec::TOGGLE_ELSEWHERE
            .bind(smart, {
                let encoding = desk.settings.encoding.clone();
                let at = if is_elsewhere {
                    EncodeAt::Measured
                } else {
                    EncodeAt::Elsewhere
                };
                move || encoding.choose.emit(at)
            })
            .checked(is_elsewhere),
        spec::TOGGLE_PREPARE
            .bind(
                smart,
                set(|tools| tools.smart_prepares = !tools.smart_prepares),
            )
            .checked(settings.smart_prepares),
        spec::SMART_EVERYTHING.bind(smart && desk.can_edit, {
            let engine = desk.engine.clone();
            move || engine.smart_everything()
        }),
        spec::TOGGLE_PANOPTIC
            .bind(desk.can_edit, set(|tools| tools.panoptic = !tools.panoptic))
            .checked(settings.panoptic),
    ];
    choose.chain(switches).collect()
}

/// A step of the brush's radius: an eighth, and at least half a pixel, so that small ones change.
fn step(radius: f64) -> f64 {
    (radius / 8.0).max(0.5)
}

fn larger(radius: f64) -> f64 {
    ((radius + step(radius)) * 2.0).round() / 2.0
}

fn smaller(radius: f64) -> f64 {
    ((radius - step(radius)) * 2.0).round() / 2.0
}

fn edit_commands(desk: &Desk, toasts: &Toasts) -> Vec<Command> {
    let on = |act: fn(&Desk)| {
        let desk = desk.clone();
        move || act(&desk)
    };
    let with = |act: fn(&Desk, &Toasts)| {
        let (desk, toasts) = (desk.clone(), toasts.clone());
        move || act(&desk, &toasts)
    };
    let selected = !desk.selection.is_empty();
    let missing = desk.objects.borrow().missing_count() > 0;
    vec![
        spec::UNDO
            .bind(desk.can_undo, on(|desk| desk.engine.undo()))
            .by_key(true),
        spec::REDO
            .bind(desk.can_redo, on(|desk| desk.engine.redo()))
            .by_key(true),
        spec::CUT.bind(desk.can_edit && selected, with(clipboard::cut)),
        spec::COPY.bind(selected, with(clipboard::copy)),
        spec::PASTE.bind(
            desk.can_edit && clipboard::has_copy(),
            with(clipboard::paste),
        ),
        spec::DELETE
            .bind(
                desk.can_edit && selected,
                on(|desk| desk.engine.delete_selection()),
            )
            .by_key(desk.can_edit),
        spec::SELECT_ALL.bind(
            true,
            on(|desk| {
                let listed = desk.objects.borrow().listed();
                desk.engine.select(&listed);
            }),
        ),
        spec::NEXT_MISSING.bind(missing, on(Desk::to_next_missing)),
    ]
}

/// A label's own key, or the digit of its place where no label has taken that digit.
fn default_key(desk: &Desk, place: usize, label: &Label) -> Option<String> {
    label.hotkey.clone().or_else(|| {
        let digit = (place < 9).then(|| (place + 1).to_string())?;
        let taken = desk
            .ontology
            .active()
            .any(|label| label.hotkey.as_deref() == Some(&digit));
        (!taken).then_some(digit)
    })
}

/// The name under which a person's own key of a label is kept.
fn command_id(label: &Label) -> String {
    format!("label-{}", label.id)
}

/// The keys that choose the label.
pub fn label_keys(desk: &Desk, place: usize, label: &Label) -> Vec<AttrValue> {
    keymap::keys_or(
        &command_id(label),
        default_key(desk, place, label).as_deref(),
    )
}

fn label_commands(desk: &Desk) -> Vec<Command> {
    let command = |(place, label): (usize, &Label)| {
        let (choose, id) = (desk.choose.clone(), label.id);
        let default = default_key(desk, place, label).map(AttrValue::from);
        Command {
            id: command_id(label).into(),
            title: t!("command-label", name = label.name.clone()).into(),
            section: Section::Labels,
            keys: label_keys(desk, place, label),
            default_keys: default.into_iter().collect(),
            enabled: true,
            always_by_key: false,
            on_canvas: false,
            color: Some(label.color.to_string().into()),
            checked: None,
            run: Callback::from(move |()| choose.emit(id)),
        }
    };
    desk.ontology.active().enumerate().map(command).collect()
}
