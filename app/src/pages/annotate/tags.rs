//! Labels that hold for the whole photograph.

use super::desk::Desk;
use super::section::Section;
use crate::components::icon;
use crate::t;
use std::collections::BTreeMap;
use uuid::Uuid;
use visionflow_engine::Edit;
use visionflow_model::{Annotation, AnnotationId, Label, Shape};
use yew::prelude::*;

#[component]
pub fn TagsPanel() -> Html {
    let Some(desk) = use_context::<Option<Desk>>().flatten() else {
        return html! {};
    };
    if desk.ontology.active().next().is_none() {
        return html! {};
    }
    let objects = desk.objects.borrow();
    let chip = |label: &Label| {
        let tag = objects.tag(label.id);
        let onclick = {
            let (desk, label_id) = (desk.clone(), label.id);
            Callback::from(move |_: MouseEvent| {
                let edit = match tag {
                    Some(id) => Edit::Delete(id),
                    None => Edit::Add(Annotation {
                        id: AnnotationId(Uuid::now_v7()),
                        label: label_id,
                        shape: Shape::Tag,
                        z: 0.0,
                        attributes: BTreeMap::new(),
                    }),
                };
                desk.edit(&[edit]);
            })
        };
        html! {
            <button type="button" key={label.id.to_string()} class={classes!("tag-chip", tag.is_some().then_some("tag-on"))} disabled={!desk.can_edit}
                aria-pressed={if tag.is_some() { "true" } else { "false" }} aria-label={t!("tag-toggle", name = label.name.clone())} {onclick}
                style={format!("--c:{}", label.color)}>
                if tag.is_some() { { icon::CHECK.html() } } else { <span class="dot" /> }
                <span class="ellipsis">{ &label.name }</span>
            </button>
        }
    };
    let count = desk
        .ontology
        .labels
        .iter()
        .filter(|label| objects.tag(label.id).is_some())
        .count();
    html! {
        <Section id="tags" title={t!("tags-title")} count={(count > 0).then_some(count)}>
            <div class="tag-chips">{ for desk.ontology.active().map(chip) }</div>
        </Section>
    }
}
