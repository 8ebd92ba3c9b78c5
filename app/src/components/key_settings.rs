//! The dialog in which a person chooses other keys: press a row's keys, then the new ones.
//!
//! Keys that belong to another command are taken from it only when the person says so.

use super::button::{Button, IconButton, Tone};
use super::dialog::Dialog;
use super::field::TextInput;
use super::icon;
use super::kbd::Keys;
use crate::commands::keymap::{self, use_keymap};
use crate::commands::{ALL, Commands, Section, keys};
use crate::t;
use yew::prelude::*;

/// One command whose keys can be chosen.
#[derive(Clone, PartialEq)]
struct Entry {
    id: AttrValue,
    title: AttrValue,
    section: Section,
    keys: Vec<AttrValue>,
}

/// Every command of the registry, and the labels of the photograph that is open.
fn entries(commands: &Commands) -> Vec<Entry> {
    let fixed = ALL.iter().filter(|spec| !spec.on_canvas).map(|spec| Entry {
        id: spec.id.into(),
        title: t!(spec.id).into(),
        section: spec.section,
        keys: keymap::keys_of(spec),
    });
    let labels = commands
        .all()
        .into_iter()
        .filter(|command| command.section == Section::Labels);
    let labels = labels.map(|command| Entry {
        keys: keymap::keys_or(
            &command.id,
            command.default_keys.iter().map(AttrValue::as_str),
        ),
        id: command.id,
        title: command.title,
        section: command.section,
    });
    fixed.chain(labels).collect()
}

/// Whose these keys are, beside the command that wants them.
fn taken<'a>(all: &'a [Entry], keys: &str, except: &AttrValue) -> Option<&'a Entry> {
    let has = |entry: &&Entry| entry.keys.iter().any(|own| keys::same(own, keys));
    all.iter().filter(|entry| entry.id != *except).find(has)
}

/// Keys of the canvas itself, which nobody can give away.
fn is_fixed(keys: &str) -> bool {
    let mut fixed = ALL
        .iter()
        .filter(|spec| spec.on_canvas)
        .flat_map(|spec| spec.keys);
    fixed.any(|own| keys::same(own, keys))
}

/// What the dialog waits for.
#[derive(Clone, PartialEq)]
enum Waiting {
    Nothing,
    Keys {
        id: AttrValue,
    },
    /// Shall the keys be taken from the other command?
    Word {
        id: AttrValue,
        keys: String,
        other: Entry,
    },
}

#[derive(Properties, PartialEq)]
pub struct KeySettingsProps {
    pub onclose: Callback<()>,
}

#[component]
pub fn KeySettings(props: &KeySettingsProps) -> Html {
    let keymap_context = use_keymap();
    let commands = use_context::<Commands>().unwrap_or_default();
    let query = use_state_eq(String::new);
    let waiting = use_state_eq(|| Waiting::Nothing);
    let all = entries(&commands);
    let changed = keymap_context
        .map(|context| context.changed)
        .unwrap_or_default();
    let give = {
        let (waiting, changed) = (waiting.setter(), changed.clone());
        Callback::from(move |(id, keys): (AttrValue, Option<Vec<String>>)| {
            keymap::set(&id, keys);
            waiting.set(Waiting::Nothing);
            changed.emit(());
        })
    };
    let onkey = {
        let (waiting, all, give) = (waiting.clone(), all.clone(), give.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Waiting::Keys { id } = &*waiting else {
                return;
            };
            event.prevent_default();
            event.stop_propagation();
            match keys::written(&event).as_deref() {
                None => {}
                Some("Escape") => waiting.set(Waiting::Nothing),
                Some("Backspace" | "Delete") => give.emit((id.clone(), Some(Vec::new()))),
                Some(keys) if is_fixed(keys) => {}
                Some(keys) => match taken(&all, keys, id) {
                    Some(other) => waiting.set(Waiting::Word {
                        id: id.clone(),
                        keys: keys.to_owned(),
                        other: other.clone(),
                    }),
                    None => give.emit((id.clone(), Some(vec![keys.to_owned()]))),
                },
            }
        })
    };
    let wanted = query.trim().to_lowercase();
    let shown = |section: Section| {
        let wanted = wanted.clone();
        let found = all.iter().filter(move |entry| {
            entry.section == section && entry.title.to_lowercase().contains(&wanted)
        });
        found.cloned().collect::<Vec<_>>()
    };
    let reset_all = {
        let (changed, waiting) = (changed.clone(), waiting.setter());
        Callback::from(move |_: MouseEvent| {
            keymap::reset_all();
            waiting.set(Waiting::Nothing);
            changed.emit(());
        })
    };
    let footer = html! {
        <>
            <span class="form-note grow">{ t!("keys-note") }</span>
            <Button label={t!("keys-reset-all")} disabled={!keymap::any_changed()} onclick={reset_all} />
        </>
    };
    let set_query = {
        let query = query.setter();
        Callback::from(move |text| query.set(text))
    };
    html! {
        <Dialog title={t!("command-key-settings")} onclose={props.onclose.clone()} class="dialog-wide key-settings" {footer}>
            <div class="key-search"><TextInput kind="search" label={t!("keys-search")} placeholder={t!("keys-search")} value={(*query).clone()} oninput={set_query} /></div>
            <div class="key-list" onkeydown={onkey}>
                { for Section::ALL.into_iter().map(|section| (section, shown(section))).filter(|(_, rows)| !rows.is_empty()).map(|(section, rows)| html! {
                    <section aria-label={section.title()} key={section.title()}>
                        <h3>{ section.title() }</h3>
                        { for rows.iter().map(|entry| key_row(entry, &all, &waiting, &give)) }
                    </section>
                }) }
            </div>
        </Dialog>
    }
}

fn key_row(
    entry: &Entry,
    all: &[Entry],
    waiting: &UseStateHandle<Waiting>,
    give: &Callback<(AttrValue, Option<Vec<String>>)>,
) -> Html {
    let id = entry.id.clone();
    let is_waiting = matches!(&**waiting, Waiting::Keys { id: waiting } if *waiting == id);
    let conflict = entry.keys.iter().find_map(|keys| taken(all, keys, &id));
    let listen = {
        let (waiting, id) = (waiting.setter(), id.clone());
        Callback::from(move |_: MouseEvent| waiting.set(Waiting::Keys { id: id.clone() }))
    };
    let reset = {
        let (give, id) = (give.clone(), id.clone());
        Callback::from(move |_: MouseEvent| give.emit((id.clone(), None)))
    };
    html! {
        <div class="key-row" key={id.to_string()} role="group" aria-label={entry.title.clone()}>
            <span class="grow ellipsis">{ &entry.title }</span>
            if let Some(other) = conflict { <span class="key-conflict">{ icon::TRIANGLE_ALERT.html() }{ t!("keys-conflict", other = other.title.to_string()) }</span> }
            if keymap::is_changed(&id) {
                <IconButton label={t!("keys-reset", name = entry.title.to_string())} icon={icon::ROTATE_CCW} tip="left" onclick={reset} />
            }
            <button type="button" class={classes!("key-button", is_waiting.then_some("key-waiting"))} aria-label={t!("keys-of", name = entry.title.to_string())} onclick={listen}>
                if is_waiting { { t!("keys-press") } }
                else if entry.keys.is_empty() { <span class="key-none">{ t!("keys-none") }</span> }
                else { { for entry.keys.iter().map(|keys| html! { <Keys keys={keys.clone()} /> }) } }
            </button>
            { word(&id, waiting, give) }
        </div>
    }
}

/// The question whether the keys shall change hands.
fn word(
    id: &AttrValue,
    waiting: &UseStateHandle<Waiting>,
    give: &Callback<(AttrValue, Option<Vec<String>>)>,
) -> Html {
    let Waiting::Word {
        id: wanting,
        keys,
        other,
    } = &**waiting
    else {
        return html! {};
    };
    if wanting != id {
        return html! {};
    }
    let take = {
        let (give, id, keys, other) = (give.clone(), id.clone(), keys.clone(), other.clone());
        Callback::from(move |_: MouseEvent| {
            let left = other.keys.iter().filter(|own| !keys::same(own, &keys));
            give.emit((
                other.id.clone(),
                Some(left.map(ToString::to_string).collect()),
            ));
            give.emit((id.clone(), Some(vec![keys.clone()])));
        })
    };
    let leave = {
        let waiting = waiting.setter();
        Callback::from(move |_: MouseEvent| waiting.set(Waiting::Nothing))
    };
    html! {
        <div class="key-word" role="alert">
            <Keys keys={keys.clone()} /><span class="grow">{ t!("keys-taken", other = other.title.to_string()) }</span>
            <Button label={t!("keys-take")} small=true tone={Tone::Primary} onclick={take} />
            <Button label={t!("action-cancel")} small=true onclick={leave} />
        </div>
    }
}
