//! Labels that hold for the whole photograph: one or many, as the project says.

use super::desk::Desk;
use super::section::Section;
use crate::components::icon;
use crate::t;
use uuid::Uuid;
use visionflow_engine::Edit;
use visionflow_model::{Annotation, AnnotationId, Label, LabelId, Shape};
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
    let single = desk.ontology.single_tag;
    let chip = |label: &Label| {
        let tag = objects.tag(label.id);
        let onclick = {
            let (desk, label_id) = (desk.clone(), label.id);
            Callback::from(move |_: MouseEvent| {
                desk.edit(&toggled(&desk, label_id, tag));
            })
        };
        let on = if tag.is_some() { "true" } else { "false" };
        html! {
            <button type="button" key={label.id.to_string()} class={classes!("tag-chip", tag.is_some().then_some("tag-on"))} disabled={!desk.can_edit}
                role={single.then_some("radio")} aria-checked={single.then_some(on)} aria-pressed={(!single).then_some(on)} aria-label={t!("tag-toggle", name = label.name.clone())} {onclick}
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
            <div class="tag-chips" role={if single { "radiogroup" } else { "group" }} aria-label={t!("tags-title")}>{ for desk.ontology.active().map(chip) }</div>
        </Section>
    }
}

/// Gives the photograph a tag or takes it away, as one undo step; where a photograph carries one
/// tag at most, the new one takes the place of the old.
fn toggled(desk: &Desk, label: LabelId, tag: Option<AnnotationId>) -> Vec<Edit> {
    if let Some(id) = tag {
        return vec![Edit::Delete(id)];
    }
    let objects = desk.objects.borrow();
    let others = objects
        .tags()
        .filter(|_| desk.ontology.single_tag)
        .map(Edit::Delete);
    let id = AnnotationId(Uuid::now_v7());
    let add = Edit::Add(Annotation {
        attributes: desk.ontology.defaults(label),
        ..Annotation::new(id, label, Shape::Tag)
    });
    others.chain([add]).collect()
}
