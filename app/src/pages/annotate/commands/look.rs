//! Commands that change what is seen, not what is annotated.

use super::ZOOM_STEP;
use crate::commands::{Command, spec};
use crate::pages::annotate::desk::Desk;
use crate::pages::annotate::settings::ViewSettings;
use yew::prelude::*;

/// The grid that a key brings, in image pixels.
pub const USUAL_GRID: f64 = 64.0;

pub fn commands(desk: &Desk, flip_panel: &Callback<()>, flip_strip: &Callback<()>) -> Vec<Command> {
    let emit = |callback: &Callback<()>| {
        let callback = callback.clone();
        move || callback.emit(())
    };
    let mut all = hiding(desk).to_vec();
    all.extend(zooming(desk));
    all.extend(switches(desk));
    all.push(spec::TOGGLE_PANEL.bind(true, emit(flip_panel)));
    all.push(spec::TOGGLE_FILMSTRIP.bind(true, emit(flip_strip)));
    all
}

fn hiding(desk: &Desk) -> [Command; 2] {
    let on = |act: fn(&Desk)| {
        let desk = desk.clone();
        move || act(&desk)
    };
    let any_hidden = desk.objects.borrow().any_hidden();
    [
        spec::HIDE
            .bind(
                !desk.selection.is_empty(),
                on(|desk| {
                    let selection = desk.engine.selection();
                    desk.engine.select(&[]);
                    desk.hide(&selection, true);
                }),
            )
            .by_key(true),
        spec::SHOW_ALL.bind(
            any_hidden,
            on(|desk| {
                desk.objects.borrow_mut().show_all(&desk.engine);
                desk.refresh.emit(());
            }),
        ),
    ]
}

fn zooming(desk: &Desk) -> [Command; 5] {
    let on = |act: fn(&Desk)| {
        let desk = desk.clone();
        move || act(&desk)
    };
    let selected = !desk.selection.is_empty();
    [
        spec::ZOOM_IN.bind(true, on(|desk| desk.engine.zoom_by(ZOOM_STEP))),
        spec::ZOOM_OUT.bind(true, on(|desk| desk.engine.zoom_by(1.0 / ZOOM_STEP))),
        spec::ZOOM_FIT.bind(true, on(|desk| desk.engine.zoom_to_fit())),
        spec::ZOOM_ACTUAL.bind(true, on(|desk| desk.engine.zoom_to_actual())),
        spec::ZOOM_SELECTION
            .bind(
                selected,
                on(|desk| desk.engine.zoom_to(&desk.engine.selection())),
            )
            .by_key(true),
    ]
}

fn switches(desk: &Desk) -> [Command; 6] {
    let view = &desk.settings.view;
    let set = |change: fn(&mut ViewSettings)| {
        let settings = desk.settings.clone();
        move || {
            let mut view = settings.view.clone();
            change(&mut view);
            settings.set_view.emit(view);
        }
    };
    let grid = |view: &mut ViewSettings| {
        view.grid = if view.grid.is_some() {
            None
        } else {
            Some(USUAL_GRID)
        };
    };
    [
        spec::VIEW_GRID
            .bind(true, set(grid))
            .checked(view.grid.is_some()),
        spec::VIEW_CROSSHAIR
            .bind(true, set(|view| view.crosshair = !view.crosshair))
            .checked(view.crosshair),
        spec::VIEW_NAMES
            .bind(true, set(|view| view.names = !view.names))
            .checked(view.names),
        spec::VIEW_OUTLINE
            .bind(true, set(|view| view.outline = !view.outline))
            .checked(view.outline),
        spec::VIEW_INVERT
            .bind(true, set(|view| view.invert = !view.invert))
            .checked(view.invert),
        spec::VIEW_RESET.bind(
            !view.is_usual(),
            set(|view| *view = ViewSettings::default()),
        ),
    ]
}
