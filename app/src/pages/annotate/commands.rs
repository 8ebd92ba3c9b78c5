//! What keys and the palette can do on this page.

use super::desk::Desk;
use crate::commands::{Command, Section, spec, use_commands};
use crate::pages::image_list::ListState;
use crate::router::Route;
use crate::t;
use std::collections::HashSet;
use uuid::Uuid;
use visionflow_engine::ToolKind;
use visionflow_model::LabelId;
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

#[hook]
pub fn use_desk_commands(
    desk: Option<&Desk>,
    image_id: Uuid,
    list: &ListState,
    choose: &Callback<LabelId>,
    flip_panel: &Callback<()>,
    flip_strip: &Callback<()>,
) {
    let navigator = use_navigator();
    let commands = desk.map(|desk| {
        let mut all = tool_commands(desk);
        all.extend(edit_commands(desk));
        all.extend(view_commands(desk, flip_panel, flip_strip));
        all.extend(label_commands(desk, choose));
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
        all.push(spec::GO_GALLERY.bind(true, go(Some(Route::Gallery { project_id }))));
        all.push(spec::GO_SETTINGS.bind(true, go(Some(Route::Settings { project_id }))));
        all
    });
    use_commands(commands.unwrap_or_default());
}

fn tool_commands(desk: &Desk) -> Vec<Command> {
    let tool = |kind: ToolKind| {
        let engine = desk.engine.clone();
        move || engine.set_tool(kind)
    };
    vec![
        spec::TOOL_SELECT.bind(true, tool(ToolKind::Select)),
        spec::TOOL_BOX.bind(desk.can_edit, tool(ToolKind::Box)),
        spec::TOOL_POLYGON.bind(desk.can_edit, tool(ToolKind::Polygon)),
        spec::TOOL_PAN.bind(true, tool(ToolKind::Pan)),
    ]
}

fn edit_commands(desk: &Desk) -> Vec<Command> {
    let on = |act: fn(&Desk)| {
        let desk = desk.clone();
        move || act(&desk)
    };
    let selected = !desk.selection.is_empty();
    vec![
        spec::UNDO.bind(desk.can_undo, on(|desk| desk.engine.undo())),
        spec::REDO.bind(desk.can_redo, on(|desk| desk.engine.redo())),
        spec::DELETE.bind(
            desk.can_edit && selected,
            on(|desk| desk.engine.delete_selection()),
        ),
        spec::SELECT_ALL.bind(
            true,
            on(|desk| {
                let all: Vec<_> = desk
                    .objects
                    .borrow()
                    .shapes(None)
                    .iter()
                    .map(|(row, _)| row.id)
                    .collect();
                desk.engine.select(&all);
            }),
        ),
    ]
}

fn view_commands(
    desk: &Desk,
    flip_panel: &Callback<()>,
    flip_strip: &Callback<()>,
) -> Vec<Command> {
    let on = |act: fn(&Desk)| {
        let desk = desk.clone();
        move || act(&desk)
    };
    let emit = |callback: &Callback<()>| {
        let callback = callback.clone();
        move || callback.emit(())
    };
    let selected = !desk.selection.is_empty();
    vec![
        spec::HIDE.bind(
            selected,
            on(|desk| {
                let mut hidden: HashSet<_> = (*desk.hidden).clone();
                hidden.extend(desk.selection.iter().copied());
                desk.engine.select(&[]);
                desk.set_hidden.emit(hidden);
            }),
        ),
        spec::SHOW_ALL.bind(
            !desk.hidden.is_empty(),
            on(|desk| desk.set_hidden.emit(HashSet::new())),
        ),
        spec::ZOOM_IN.bind(true, on(|desk| desk.engine.zoom_by(ZOOM_STEP))),
        spec::ZOOM_OUT.bind(true, on(|desk| desk.engine.zoom_by(1.0 / ZOOM_STEP))),
        spec::ZOOM_FIT.bind(true, on(|desk| desk.engine.zoom_to_fit())),
        spec::ZOOM_ACTUAL.bind(true, on(|desk| desk.engine.zoom_to_actual())),
        spec::ZOOM_SELECTION.bind(selected, on(|desk| desk.engine.zoom_to(&desk.selection))),
        spec::TOGGLE_PANEL.bind(true, emit(flip_panel)),
        spec::TOGGLE_FILMSTRIP.bind(true, emit(flip_strip)),
    ]
}

/// A label's own key, or the digit of its place where no label has taken that digit.
pub fn label_key(desk: &Desk, place: usize, hotkey: Option<&String>) -> Option<String> {
    hotkey.cloned().or_else(|| {
        let digit = (place < 9).then(|| (place + 1).to_string())?;
        let taken = desk
            .ontology
            .active()
            .any(|label| label.hotkey.as_deref() == Some(&digit));
        (!taken).then_some(digit)
    })
}

fn label_commands(desk: &Desk, choose: &Callback<LabelId>) -> Vec<Command> {
    let command = |(place, label): (usize, &visionflow_model::Label)| {
        let (choose, id) = (choose.clone(), label.id);
        Command {
            id: format!("label-{id}").into(),
            title: t!("command-label", name = label.name.clone()).into(),
            section: Section::Labels,
            keys: label_key(desk, place, label.hotkey.as_ref())
                .map(AttrValue::from)
                .into_iter()
                .collect(),
            enabled: true,
            on_canvas: false,
            color: Some(label.color.to_string().into()),
            run: Callback::from(move |()| choose.emit(id)),
        }
    };
    desk.ontology.active().enumerate().map(command).collect()
}
