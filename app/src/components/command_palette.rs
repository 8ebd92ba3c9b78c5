//! The command palette: type a few letters of what you want, Enter does it.

use super::dialog::Dialog;
use super::field::input_value;
use super::kbd::Keys;
use crate::commands::{Command, Commands};
use crate::t;
use visionflow_geometry::sort_by_key;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// The enabled commands that contain the query's letters in order, best first.
fn matching(commands: &[Command], query: &str) -> Vec<Command> {
    let mut scored: Vec<(usize, &Command)> = commands
        .iter()
        .filter(|command| command.enabled && command.id != crate::commands::spec::PALETTE.id)
        .filter_map(|command| Some((score(&command.title, query)?, command)))
        .collect();
    sort_by_key(&mut scored, |(score, _)| *score);
    scored
        .into_iter()
        .map(|(_, command)| command.clone())
        .collect()
}

/// How far apart the query's letters stand in the title; `None` where one is missing.
fn score(title: &str, query: &str) -> Option<usize> {
    let title = title.to_lowercase();
    let query = query.trim().to_lowercase();
    if let Some(at) = title.find(&query) {
        return Some(at);
    }
    let mut rest = title.char_indices();
    let mut last = 0;
    for wanted in query.chars().filter(|c| !c.is_whitespace()) {
        last = rest.find(|(_, c)| *c == wanted)?.0;
    }
    Some(100 + last)
}

#[derive(Properties, PartialEq)]
pub struct CommandPaletteProps {
    pub onclose: Callback<()>,
}

#[component]
pub fn CommandPalette(props: &CommandPaletteProps) -> Html {
    let onclose = &props.onclose;
    let registry = use_context::<Commands>().unwrap_or_default();
    // What a person has just done may not be drawn yet: the list follows what can be done.
    let redraw = use_force_update();
    {
        let registry = registry.clone();
        use_effect_with((), move |()| {
            registry.watch(Some(Callback::from(move |()| redraw.force_update())));
            move || registry.watch(None)
        });
    }
    let query = use_state_eq(String::new);
    let at = use_state_eq(|| 0_usize);
    let input = use_node_ref();
    let found = matching(&registry.all(), &query);
    let chosen = (*at).min(found.len().saturating_sub(1));
    let run = {
        let onclose = onclose.clone();
        Callback::from(move |command: Command| {
            onclose.emit(());
            // After the dialog has given the focus back.
            gloo::timers::callback::Timeout::new(0, move || command.run.emit(())).forget();
        })
    };
    {
        let (input, query, run) = (input.clone(), query.setter(), run.clone());
        let registry = registry.clone();
        use_effect_with((), move |()| {
            let Some(input) = input.cast::<HtmlInputElement>() else {
                return;
            };
            // The dialog is open and the field in it takes focus.
            let _ = input.focus();
            // The page is drawn some time before this: only now do keys go to the field by themselves.
            let early = registry.take_early();
            let (words, entered) = match early.split_once('\n') {
                Some((words, _)) => (words, true),
                None => (early.as_str(), false),
            };
            let words = format!("{words}{}", input.value());
            if entered && let Some(command) = matching(&registry.all(), &words).into_iter().next() {
                run.emit(command);
            }
            query.set(words);
        });
    }
    let onkeydown = {
        let (at, run) = (at.clone(), run.clone());
        Callback::from(move |event: KeyboardEvent| {
            // Keys can be quicker than drawing: what stands in the field counts, not what is drawn.
            let typed = event.target_dyn_into::<HtmlInputElement>();
            let typed = typed.map(|input| input.value()).unwrap_or_default();
            let found = matching(&registry.all(), &typed);
            let last = found.len().saturating_sub(1);
            let chosen = (*at).min(last);
            match event.key().as_str() {
                "ArrowDown" => at.set(if chosen == last { 0 } else { chosen + 1 }),
                "ArrowUp" => at.set(if chosen == 0 { last } else { chosen - 1 }),
                "Enter" => {
                    if let Some(command) = found.get(chosen) {
                        run.emit(command.clone());
                    }
                }
                _ => return,
            }
            event.prevent_default();
        })
    };
    let oninput = {
        let (query, at) = (query.clone(), at.clone());
        Callback::from(move |event: InputEvent| {
            query.set(input_value(&event));
            at.set(0);
        })
    };
    html! {
        <Dialog title={t!("command-palette")} onclose={onclose.clone()} class="palette" bare=true>
            <input ref={input} class="palette-input" role="combobox" aria-expanded="true" aria-controls="palette-list"
                aria-label={t!("palette-input")} placeholder={t!("palette-input")} value={(*query).clone()} {oninput} {onkeydown}
                aria-activedescendant={format!("palette-{chosen}")} autocomplete="off" spellcheck="false" autofocus=true />
            <div id="palette-list" class="palette-list" role="listbox" aria-label={t!("command-palette")}>
                { for found.iter().enumerate().map(|(index, command)| palette_row(index, command, index == chosen, &run)) }
                if found.is_empty() { <p class="palette-none">{ t!("palette-none") }</p> }
            </div>
        </Dialog>
    }
}

fn palette_row(index: usize, command: &Command, chosen: bool, run: &Callback<Command>) -> Html {
    let node = NodeRef::default();
    let onclick = {
        let (run, command) = (run.clone(), command.clone());
        move |_| run.emit(command.clone())
    };
    html! {
        <div ref={node} id={format!("palette-{index}")} key={command.id.to_string()} role="option" {onclick}
            class={classes!("palette-row", chosen.then_some("palette-chosen"))} aria-selected={if chosen { "true" } else { "false" }}>
            if let Some(color) = &command.color { <span class="dot" style={format!("background:{color}")} /> }
            <span class="grow">{ &command.title }</span>
            <span class="palette-section">{ command.section.title() }</span>
            if let Some(keys) = command.keys.first() { <Keys keys={keys.clone()} /> }
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_in_order_match_and_a_whole_word_comes_first() {
        assert_eq!(score("Zoom to fit", "fit"), Some(8));
        assert!(score("Zoom to fit", "ztf").is_some_and(|s| s >= 100));
        assert_eq!(score("Zoom to fit", "x"), None);
    }
}
