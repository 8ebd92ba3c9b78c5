//! A modal dialog on the browser's own `<dialog>`: focus trap, Escape and the top layer for free.

use super::button::IconButton;
use super::icon;
use crate::t;
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlElement};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct DialogProps {
    pub title: AttrValue,
    pub onclose: Callback<()>,
    pub children: Html,
    /// Buttons at the bottom.
    #[prop_or_default]
    pub footer: Html,
    #[prop_or_default]
    pub class: Classes,
    /// Without a head: the palette.
    #[prop_or_default]
    pub bare: bool,
}

#[component]
pub fn Dialog(props: &DialogProps) -> Html {
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with((), move |()| {
            let dialog = node.cast::<HtmlDialogElement>();
            if let Some(dialog) = dialog.as_ref().filter(|dialog| !dialog.open()) {
                // It is connected and closed, the only two conditions that `showModal` has.
                let _ = dialog.show_modal();
                // The browser would focus the close button; the first field is what a person wants.
                let first = ["[autofocus]", ".dialog-box"]
                    .into_iter()
                    .find_map(|part| dialog.query_selector(part).ok().flatten());
                if let Some(first) =
                    first.and_then(|element| element.dyn_into::<HtmlElement>().ok())
                {
                    // What is in an open dialog takes focus.
                    let _ = first.focus();
                }
            }
            move || {
                if let Some(dialog) = dialog {
                    dialog.close();
                }
            }
        });
    }
    let oncancel = props.onclose.reform(|event: Event| event.prevent_default());
    // A press on the scrim lands on the dialog element itself; everything visible is inside it.
    let onmousedown = {
        let (node, onclose) = (node.clone(), props.onclose.clone());
        Callback::from(move |event: MouseEvent| {
            if event.target() == node.cast::<HtmlDialogElement>().map(Into::into) {
                onclose.emit(());
            }
        })
    };
    html! {
        <dialog ref={node} class={classes!("dialog", props.class.clone())} aria-label={&props.title} {oncancel} {onmousedown}>
            <div class="dialog-box" tabindex="-1">
                if !props.bare {
                    <header class="dialog-head">
                        <h2>{ &props.title }</h2>
                        <IconButton label={t!("action-close")} icon={icon::X} onclick={props.onclose.reform(|_| ())} />
                    </header>
                }
                { props.children.clone() }
                if props.footer != Html::default() {
                    <footer class="dialog-foot">{ props.footer.clone() }</footer>
                }
            </div>
        </dialog>
    }
}
