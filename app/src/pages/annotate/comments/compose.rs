//! The field in which a comment is written. Enter sends, Shift-Enter begins a line, Escape gives up;
//! while names are offered, arrows, Enter and Tab choose one and Escape closes the list.

use super::Comments;
use super::mentioning::{Typed, completed, from_body, name_of, offered, to_body, typed_at};
use crate::components::{Avatar, Button, IconButton, Tone, icon};
use crate::t;
use gloo::render::request_animation_frame;
use uuid::Uuid;
use visionflow_api::{MAX_COMMENT_CHARS, ProjectMember};
use web_sys::HtmlTextAreaElement;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct ComposeProps {
    pub comments: Comments,
    pub label: AttrValue,
    /// What there is to change.
    #[prop_or_default]
    pub body: AttrValue,
    pub onsend: Callback<String>,
    pub oncancel: Callback<()>,
    /// Something was typed.
    #[prop_or_default]
    pub ontyping: Callback<()>,
    /// Whether the field takes the focus when it appears.
    #[prop_or_default]
    pub takes_focus: bool,
    /// The thread for which the text is kept when the field goes before it is sent.
    #[prop_or_default]
    pub thread: Option<Uuid>,
    /// A button to give up stands beside that to send.
    #[prop_or_default]
    pub may_cancel: bool,
}

#[component]
pub fn Compose(props: &ComposeProps) -> Html {
    let node = use_node_ref();
    let typed = use_state_eq(|| None::<Typed>);
    let active = use_state_eq(|| 0_usize);
    let begun = use_memo((), |()| begun(props));
    let is_empty = use_state_eq(|| begun.0.is_empty());
    let chosen = use_mut_ref(|| begun.1.clone());
    {
        let (node, begun, takes_focus) = (node.clone(), begun.clone(), props.takes_focus);
        let comments = props.comments.clone();
        use_effect_with((), move |()| {
            let area = node.cast::<HtmlTextAreaElement>();
            let frame = area.map(|area| {
                area.set_value(&begun.0);
                // With the next frame: the press that opened the card still moves the focus.
                request_animation_frame(move |_| {
                    if takes_focus {
                        // A visible field takes focus.
                        let _ = area.focus();
                    }
                })
            });
            move || {
                comments.desk.is_drafting.set(false);
                drop(frame);
            }
        });
    }
    let members = typed.as_ref().map_or_else(Vec::new, |typed| {
        let all = &props.comments.members;
        let offered = offered(all, props.comments.desk.me.id, &typed.name);
        offered.into_iter().cloned().collect::<Vec<_>>()
    });
    let choose = {
        let (node, typed, chosen) = (node.clone(), typed.clone(), chosen.clone());
        Callback::from(move |member: ProjectMember| {
            let area = node.cast::<HtmlTextAreaElement>();
            let (Some(area), Some(at)) = (area, (*typed).clone()) else {
                return;
            };
            let name = name_of(&member).to_owned();
            let (text, cursor) = completed(&area.value(), &at, &name);
            area.set_value(&text);
            // The cursor stands where it was told, or at the end.
            let _ = area.set_selection_range(cursor as u32, cursor as u32);
            let _ = area.focus();
            chosen.borrow_mut().push((name, member.user_id));
            typed.set(None);
        })
    };
    let look = {
        let (node, typed, active, is_empty) = (
            node.clone(),
            typed.setter(),
            active.setter(),
            is_empty.setter(),
        );
        let (ontyping, chosen) = (props.ontyping.clone(), chosen.clone());
        let (comments, thread) = (props.comments.clone(), props.thread);
        Callback::from(move |_: InputEvent| {
            let Some(area) = node.cast::<HtmlTextAreaElement>() else {
                return;
            };
            let value = area.value();
            let cursor = area.selection_start().ok().flatten().unwrap_or_default();
            typed.set(typed_at(&value, cursor as usize));
            active.set(0);
            let empty = value.trim().is_empty();
            is_empty.set(empty);
            if let Some(thread) = thread {
                let text = (value, chosen.borrow().clone());
                comments.desk.drafts.borrow_mut().insert(thread, text);
            } else {
                comments.desk.is_drafting.set(!empty);
            }
            ontyping.emit(());
        })
    };
    let send = {
        let (node, chosen, is_empty) = (node.clone(), chosen.clone(), is_empty.setter());
        let (onsend, comments, thread) =
            (props.onsend.clone(), props.comments.clone(), props.thread);
        Callback::from(move |()| {
            let Some(area) = node.cast::<HtmlTextAreaElement>() else {
                return;
            };
            let body = to_body(&area.value(), &chosen.borrow());
            if body.is_empty() {
                return;
            }
            area.set_value("");
            chosen.borrow_mut().clear();
            is_empty.set(true);
            if let Some(thread) = thread {
                comments.desk.drafts.borrow_mut().remove(&thread);
            }
            onsend.emit(body);
        })
    };
    let onkeydown = {
        let (members, choose, send) = (members.clone(), choose.clone(), send.clone());
        let (typed, active, oncancel) = (typed.setter(), active.clone(), props.oncancel.clone());
        let at = *active;
        Callback::from(move |event: KeyboardEvent| {
            // Keys in the field are letters, not shortcuts.
            event.stop_propagation();
            if event.is_composing() {
                return;
            }
            let (key, count) = (event.key(), members.len());
            match key.as_str() {
                "ArrowDown" if count > 0 => active.set((at + 1) % count),
                "ArrowUp" if count > 0 => active.set((at + count - 1) % count),
                "Enter" | "Tab" if count > 0 && !event.shift_key() => {
                    choose.emit(members[at.min(count - 1)].clone());
                }
                "Escape" if count > 0 => typed.set(None),
                "Escape" => oncancel.emit(()),
                "Enter" if !event.shift_key() => send.emit(()),
                _ => return,
            }
            event.prevent_default();
        })
    };
    let expanded = !members.is_empty();
    let list = use_memo((), |()| format!("mentions-{}", Uuid::now_v7().simple()));
    let current = expanded.then(|| format!("{list}-{}", (*active).min(members.len() - 1)));
    html! {
        <div class="compose">
            <textarea ref={node} class="input" rows="2" aria-label={&props.label} placeholder={&props.label} maxlength={MAX_COMMENT_CHARS.to_string()}
                role="combobox" aria-autocomplete="list" aria-expanded={if expanded { "true" } else { "false" }}
                aria-controls={(*list).clone()} aria-activedescendant={current} oninput={look} {onkeydown} />
            if expanded {
                <ul id={(*list).clone()} class="mention-list" role="listbox" aria-label={t!("comment-mentions")}>
                    { for members.iter().enumerate().map(|(n, member)| mention_row(&list, n, n == *active, member, &choose)) }
                </ul>
            }
            <div class="compose-actions">
                <span class="compose-hint">{ t!("comment-keys") }</span>
                <span class="push" />
                if props.may_cancel {
                    <Button label={t!("action-cancel")} small=true tone={Tone::Quiet} onclick={props.oncancel.reform(|_| ())} />
                }
                <IconButton label={t!("comment-send")} icon={icon::SEND} class="compose-send" tip="left" disabled={*is_empty} onclick={send.reform(|_| ())} />
            </div>
        </div>
    }
}

/// What the field begins with: the comment that is changed, or what was typed before.
fn begun(props: &ComposeProps) -> (String, Vec<(String, Uuid)>) {
    let drafts = props.comments.desk.drafts.borrow();
    let kept = props.thread.and_then(|thread| drafts.get(&thread).cloned());
    kept.unwrap_or_else(|| from_body(&props.body))
}

fn mention_row(
    list: &str,
    n: usize,
    is_active: bool,
    member: &ProjectMember,
    choose: &Callback<ProjectMember>,
) -> Html {
    let onpointerdown = {
        let (choose, member) = (choose.clone(), member.clone());
        Callback::from(move |event: PointerEvent| {
            // The field keeps the focus.
            event.prevent_default();
            choose.emit(member.clone());
        })
    };
    let name = name_of(member).to_owned();
    html! {
        <li key={member.user_id.to_string()} id={format!("{list}-{n}")} class="mention-row" role="option" aria-selected={if is_active { "true" } else { "false" }} {onpointerdown}>
            <Avatar name={name.clone()} id={member.user_id.to_string()} /><span class="ellipsis grow">{ name }</span>
        </li>
    }
}
