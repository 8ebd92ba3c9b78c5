//! The joints of a template as a list: names, order, and the joints that each is joined to.

use super::TemplateEdit;
use crate::components::{IconButton, SelectField, TextInput, icon};
use crate::t;
use visionflow_model::{JointId, JointTemplate, SkeletonTemplate};
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub struct TableProps {
    pub template: SkeletonTemplate,
    pub can_edit: bool,
    pub chosen: Option<JointId>,
    pub onchoose: Callback<Option<JointId>>,
    pub onedit: Callback<TemplateEdit>,
}

#[component]
pub fn Table(props: &TableProps) -> Html {
    if props.template.joints.is_empty() {
        return html! { <p class="field-note">{ t!("skeleton-none") }</p> };
    }
    html! { <ul class="joint-rows" aria-label={t!("joints")}>{ for props.template.joints.iter().map(|joint| row(props, joint)) }</ul> }
}

fn row(props: &TableProps, joint: &JointTemplate) -> Html {
    let (id, name) = (joint.id, joint.name.clone());
    let edit = |edit: TemplateEdit| props.onedit.reform(move |_: MouseEvent| edit.clone());
    let rename = props
        .onedit
        .reform(move |name: String| TemplateEdit::Rename { id, name });
    let join = {
        let onedit = props.onedit.clone();
        Callback::from(move |other: String| {
            if let Ok(other) = other.parse() {
                onedit.emit(TemplateEdit::Join(id, JointId(other)));
            }
        })
    };
    let onfocus = props.onchoose.reform(move |_: FocusEvent| Some(id));
    let is_chosen = props.chosen == Some(id);
    html! {
        <li key={id.0} class={classes!("joint-row", is_chosen.then_some("joint-row-chosen"))}>
            <span class="joint-number">{ id.0 }</span>
            <span class="grow" onfocusin={onfocus}><TextInput label={t!("joint-name")} value={name.clone()} oninput={rename} disabled={!props.can_edit} maxlength="100" /></span>
            <SelectField label={t!("joint-join", name = name.clone())} value="" options={neighbours(&props.template, id)} onchange={join} disabled={!props.can_edit} />
            if props.can_edit {
                <IconButton label={t!("label-up", name = name.clone())} icon={icon::ARROW_UP} class="small-icon" onclick={edit(TemplateEdit::Shift { id, by: -1 })} />
                <IconButton label={t!("label-down", name = name.clone())} icon={icon::ARROW_DOWN} class="small-icon" onclick={edit(TemplateEdit::Shift { id, by: 1 })} />
                <IconButton label={t!("joint-remove", name = name)} icon={icon::X} tip="left" class="small-icon" onclick={edit(TemplateEdit::Remove(id))} />
            }
        </li>
    }
}

/// All other joints; a tick before those that it is joined to.
fn neighbours(template: &SkeletonTemplate, id: JointId) -> Vec<(AttrValue, AttrValue)> {
    let joined = |other: JointId| {
        template
            .edges
            .iter()
            .any(|edge| *edge == [id, other] || *edge == [other, id])
    };
    let count = template
        .edges
        .iter()
        .filter(|edge| edge.contains(&id))
        .count();
    let head = (
        AttrValue::Static(""),
        AttrValue::from(t!("joint-edges", n = count as i64)),
    );
    let others = template
        .joints
        .iter()
        .filter(|joint| joint.id != id)
        .map(|joint| {
            let mark = if joined(joint.id) { "✓ " } else { "" };
            (
                joint.id.0.to_string().into(),
                format!("{mark}{}", joint.name).into(),
            )
        });
    std::iter::once(head).chain(others).collect()
}
