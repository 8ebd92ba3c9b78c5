//! The skeleton template of a label: joints in a frame, joined by edges.
//!
//! A click on the frame adds a joint, a drag moves one, and a click on one joint after another
//! joins them or takes their edge away. The table beside it does the same without a mouse.

mod frame;
mod presets;
mod table;

use crate::components::{Button, Menu, MenuItem, icon};
use crate::t;
use frame::Frame;
use presets::PRESETS;
use table::Table;
use visionflow_model::{Color, JointId, JointTemplate, SkeletonTemplate};
use yew::prelude::*;

/// What a person does to a template.
#[derive(Clone, Debug, PartialEq)]
pub enum TemplateEdit {
    /// At a place of the frame, 0 to 1 each way.
    Add {
        x: f64,
        y: f64,
    },
    Move {
        id: JointId,
        x: f64,
        y: f64,
    },
    Rename {
        id: JointId,
        name: String,
    },
    Remove(JointId),
    /// Joins two joints, or parts them.
    Join(JointId, JointId),
    /// One place up or down in the order of placing.
    Shift {
        id: JointId,
        by: isize,
    },
}

/// The template after an edit.
pub fn edited(template: &SkeletonTemplate, edit: TemplateEdit) -> SkeletonTemplate {
    let mut template = template.clone();
    match edit {
        TemplateEdit::Add { x, y } => {
            let id = template
                .joints
                .iter()
                .map(|joint| joint.id.0 + 1)
                .max()
                .unwrap_or(1);
            let name = free_name(&template);
            template.joints.push(JointTemplate {
                id: JointId(id),
                name,
                x: inside(x),
                y: inside(y),
            });
        }
        TemplateEdit::Move { id, x, y } => {
            if let Some(joint) = joint_mut(&mut template, id) {
                (joint.x, joint.y) = (inside(x), inside(y));
            }
        }
        TemplateEdit::Rename { id, name } => {
            if let Some(joint) = joint_mut(&mut template, id) {
                joint.name = name;
            }
        }
        TemplateEdit::Remove(id) => {
            template.joints.retain(|joint| joint.id != id);
            template.edges.retain(|edge| !edge.contains(&id));
        }
        TemplateEdit::Join(a, b) => {
            let count = template.edges.len();
            template
                .edges
                .retain(|edge| *edge != [a, b] && *edge != [b, a]);
            if template.edges.len() == count && a != b {
                template.edges.push([a, b]);
            }
        }
        TemplateEdit::Shift { id, by } => {
            let Some(at) = template.joints.iter().position(|joint| joint.id == id) else {
                return template;
            };
            let to = at.saturating_add_signed(by).min(template.joints.len() - 1);
            let joint = template.joints.remove(at);
            template.joints.insert(to, joint);
        }
    }
    template
}

fn joint_mut(template: &mut SkeletonTemplate, id: JointId) -> Option<&mut JointTemplate> {
    template.joints.iter_mut().find(|joint| joint.id == id)
}

/// Kept in the frame, to a thousandth.
fn inside(value: f64) -> f64 {
    (value.clamp(0.0, 1.0) * 1000.0).round() / 1000.0
}

fn free_name(template: &SkeletonTemplate) -> String {
    let taken = |name: &str| template.joints.iter().any(|joint| joint.name == name);
    let mut names = (template.joints.len() + 1..).map(|n| t!("joint-new-name", n = n as i64));
    names.find(|name| !taken(name)).unwrap_or_default()
}

#[derive(Properties, PartialEq)]
pub struct SkeletonEditorProps {
    pub label_name: AttrValue,
    pub color: Color,
    pub template: SkeletonTemplate,
    pub can_edit: bool,
    pub onchange: Callback<SkeletonTemplate>,
}

#[component]
pub fn SkeletonEditor(props: &SkeletonEditorProps) -> Html {
    let chosen = use_state_eq(|| None::<JointId>);
    let template = &props.template;
    let onedit = {
        let (template, onchange) = (template.clone(), props.onchange.clone());
        Callback::from(move |edit: TemplateEdit| onchange.emit(edited(&template, edit)))
    };
    let choose = {
        let chosen = chosen.setter();
        Callback::from(move |id: Option<JointId>| chosen.set(id))
    };
    let presets = PRESETS.iter().map(|preset| {
        let onchange = props.onchange.clone();
        MenuItem::new(t!(preset.name), icon::PERSON_STANDING, move || {
            onchange.emit(preset.template());
        })
    });
    let clear = {
        let (onchange, choose) = (props.onchange.clone(), choose.clone());
        Callback::from(move |_: MouseEvent| {
            choose.emit(None);
            onchange.emit(SkeletonTemplate::default());
        })
    };
    let fault = (!template.joints.is_empty())
        .then(|| template.check().err())
        .flatten();
    html! {
        <div class="skeleton-editor" role="group" aria-label={t!("skeleton-of", name = props.label_name.to_string())}>
            <div class="skeleton-left">
                <Frame template={template.clone()} color={props.color} can_edit={props.can_edit} chosen={*chosen} onchoose={choose.clone()} onedit={onedit.clone()} />
                <p class="field-note">{ if chosen.is_some() { t!("skeleton-join-note") } else { t!("skeleton-note") } }</p>
            </div>
            <div class="skeleton-right">
                if props.can_edit {
                    <div class="skeleton-actions">
                        <Menu label={t!("skeleton-presets")} class="menu-as-button" items={presets.collect::<Vec<_>>()}>{ icon::PERSON_STANDING.html() }<span>{ t!("skeleton-presets") }</span></Menu>
                        <Button label={t!("joint-add")} icon={icon::PLUS} small=true onclick={onedit.reform(|_: MouseEvent| TemplateEdit::Add { x: 0.5, y: 0.5 })} />
                        <span class="push" />
                        <Button label={t!("skeleton-clear")} small=true disabled={template.joints.is_empty()} onclick={clear} />
                    </div>
                }
                if let Some(fault) = fault { <p class="field-note field-fault" role="alert">{ t!("skeleton-faulty", fault = fault.to_string()) }</p> }
                <Table template={template.clone()} can_edit={props.can_edit} chosen={*chosen} onchoose={choose} {onedit} />
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joints_come_go_and_are_joined() {
        let mut template = SkeletonTemplate::default();
        for edit in [
            TemplateEdit::Add { x: 0.2, y: -1.0 },
            TemplateEdit::Add { x: 0.4, y: 0.5 },
            TemplateEdit::Add { x: 0.6, y: 0.5 },
            TemplateEdit::Join(JointId(1), JointId(2)),
            TemplateEdit::Join(JointId(2), JointId(3)),
            TemplateEdit::Join(JointId(3), JointId(2)),
        ] {
            template = edited(&template, edit);
        }
        assert_eq!(template.check(), Ok(()));
        assert_eq!(template.joints[0].y, 0.0);
        assert_eq!(template.edges, vec![[JointId(1), JointId(2)]]);
        let shifted = edited(
            &template,
            TemplateEdit::Shift {
                id: JointId(3),
                by: -5,
            },
        );
        assert_eq!(shifted.joints[0].id, JointId(3));
        let without = edited(&template, TemplateEdit::Remove(JointId(1)));
        assert!(without.edges.is_empty());
        // An id is never given twice while a greater one is there.
        let again = edited(&without, TemplateEdit::Add { x: 0.0, y: 0.0 });
        assert_eq!(again.joints.last().map(|joint| joint.id), Some(JointId(4)));
    }

    #[test]
    fn every_preset_is_a_template_that_can_be_saved() {
        for preset in PRESETS {
            assert_eq!(preset.template().check(), Ok(()), "{}", preset.name);
        }
    }
}
