//! The `?` sheet: every shortcut of the registry, by section; keys that do nothing here are dim.

use super::button::Button;
use super::dialog::Dialog;
use super::icon;
use super::kbd::Keys;
use crate::commands::{ALL, Command, Commands, Section, keymap};
use crate::t;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ShortcutSheetProps {
    pub onclose: Callback<()>,
    /// Opens the dialog in which the keys are changed.
    pub onchange: Callback<()>,
}

struct SheetRow {
    title: AttrValue,
    keys: Vec<AttrValue>,
    /// Whether it does something on this page.
    here: bool,
}

#[component]
pub fn ShortcutSheet(props: &ShortcutSheetProps) -> Html {
    let bound = use_context::<Commands>().unwrap_or_default().all();
    let sections = Section::ALL.map(|section| (section, rows(section, &bound)));
    let footer = html! {
        <Button label={t!("command-key-settings")} icon={icon::KEYBOARD} onclick={props.onchange.reform(|_| ())} />
    };
    html! {
        <Dialog title={t!("command-shortcuts")} onclose={props.onclose.clone()} class="sheet" {footer}>
            <div class="sheet-columns">
                { for sections.into_iter().filter(|(_, rows)| !rows.is_empty()).map(|(section, rows)| html! {
                    <section class="sheet-section">
                        <h3>{ section.title() }</h3>
                        <dl>{ for rows.into_iter().map(sheet_row) }</dl>
                    </section>
                }) }
            </div>
        </Dialog>
    }
}

fn rows(section: Section, bound: &[Command]) -> Vec<SheetRow> {
    let fixed = ALL
        .iter()
        .filter(|spec| spec.section == section)
        .map(|spec| SheetRow {
            title: t!(spec.id).into(),
            keys: keymap::keys_of(spec),
            here: spec.on_canvas || bound.iter().any(|command| command.id == spec.id),
        });
    // Labels have no spec: a project's own hotkeys.
    let labels = bound
        .iter()
        .filter(|command| command.section == section && section == Section::Labels);
    let labels = labels.map(|command| SheetRow {
        title: command.title.clone(),
        keys: command.keys.clone(),
        here: true,
    });
    fixed
        .chain(labels)
        .filter(|row| !row.keys.is_empty())
        .collect()
}

fn sheet_row(row: SheetRow) -> Html {
    html! {
        <div class={classes!("sheet-row", (!row.here).then_some("sheet-elsewhere"))}>
            <dt>{ row.title }</dt>
            <dd>{ for row.keys.into_iter().map(|keys| html! { <Keys {keys} /> }) }</dd>
        </div>
    }
}
