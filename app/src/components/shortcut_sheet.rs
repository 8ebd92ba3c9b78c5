//! The `?` sheet: every shortcut of the registry, by section; keys that do nothing here are dim.

use super::dialog::Dialog;
use super::kbd::Keys;
use crate::commands::{Commands, Section, spec};
use crate::t;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ShortcutSheetProps {
    pub onclose: Callback<()>,
}

#[component]
pub fn ShortcutSheet(props: &ShortcutSheetProps) -> Html {
    let onclose = &props.onclose;
    let bound = use_context::<Commands>().unwrap_or_default().all();
    let sections = [
        Section::Tools,
        Section::Edit,
        Section::Labels,
        Section::View,
        Section::Photographs,
        Section::Go,
    ];
    let rows = |section: Section| {
        let listed = spec::ALL
            .iter()
            .filter(move |s| s.section == section && !s.keys.is_empty());
        let fixed = listed.map(|s| {
            let here = s.on_canvas || bound.iter().any(|command| command.id == s.id);
            let keys: Vec<AttrValue> = s.keys.iter().map(|key| AttrValue::Static(key)).collect();
            (AttrValue::from(t!(s.id)), keys, here)
        });
        // Labels have no spec: a project's own hotkeys.
        let own = bound
            .iter()
            .filter(move |command| command.section == section && section == Section::Labels);
        let own = own.map(|command| (command.title.clone(), command.keys.clone(), true));
        fixed
            .chain(own)
            .filter(|(_, keys, _)| !keys.is_empty())
            .collect::<Vec<_>>()
    };
    html! {
        <Dialog title={t!("command-shortcuts")} onclose={onclose.clone()} class="sheet">
            <div class="sheet-columns">
                { for sections.into_iter().map(|section| (section, rows(section))).filter(|(_, rows)| !rows.is_empty()).map(|(section, rows)| html! {
                    <section class="sheet-section">
                        <h3>{ section.title() }</h3>
                        <dl>
                            { for rows.into_iter().map(|(title, keys, here)| html! {
                                <div class={classes!("sheet-row", (!here).then_some("sheet-elsewhere"))}>
                                    <dt>{ title }</dt>
                                    <dd>{ for keys.into_iter().map(|keys| html! { <Keys {keys} /> }) }</dd>
                                </div>
                            }) }
                        </dl>
                    </section>
                }) }
            </div>
        </Dialog>
    }
}
