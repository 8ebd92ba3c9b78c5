//! A comment's text on the page: text nodes and nothing else, whatever stands in it.

use visionflow_api::{CommentPerson, mentions_in};
use yew::prelude::*;

/// The text with the true names of who is mentioned.
pub fn html(body: &str, mentions: &[CommentPerson]) -> Html {
    let mut parts = Vec::new();
    let mut from = 0;
    for mention in mentions_in(body) {
        let Some(person) = mentions.iter().find(|person| person.id == mention.user_id) else {
            continue;
        };
        parts.push(Html::from(&body[from..mention.range.start]));
        parts.push(html! { <span class="mention">{ "@" }{ &person.name }</span> });
        from = mention.range.end;
    }
    parts.push(Html::from(&body[from..]));
    html! { <>{ for parts }</> }
}

pub use crate::notifications::in_one_line as plain;
