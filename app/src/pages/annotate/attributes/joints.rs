//! The joints of a skeleton: which are seen, covered, or not there.

use crate::components::IconButton;
use crate::components::icon::{self, Icon};
use crate::pages::annotate::desk::Desk;
use crate::t;
use visionflow_engine::Command;
use visionflow_model::{Annotation, JointId, JointState, Shape};
use yew::prelude::*;

const STATES: [(JointState, &str, Icon); 3] = [
    (JointState::Visible, "joint-visible", icon::EYE),
    (JointState::Occluded, "joint-occluded", icon::EYE_OFF),
    (JointState::Absent, "joint-absent", icon::X),
];

/// A row for each joint of the only skeleton that is selected.
pub fn rows(desk: &Desk, shapes: &[Annotation]) -> Html {
    let [only] = shapes else { return html! {} };
    let Shape::Skeleton(skeleton) = &only.shape else {
        return html! {};
    };
    let template = desk
        .ontology
        .label(only.label)
        .and_then(|label| label.skeleton.as_ref());
    let name = |id: JointId| {
        let joint = template.and_then(|template| template.joint(id));
        joint.map_or_else(
            || t!("joint-unknown", n = i64::from(id.0)),
            |joint| joint.name.clone(),
        )
    };
    let row = |(id, state): (JointId, JointState)| {
        let name = name(id);
        let button = |(wanted, key, shown): (JointState, &'static str, Icon)| {
            let onclick = {
                let desk = desk.clone();
                Callback::from(move |_: MouseEvent| {
                    desk.run(&Command::SetJoint {
                        joint: id,
                        state: wanted,
                    });
                })
            };
            html! { <IconButton label={t!(key)} icon={shown} tip="left" pressed={Some(state == wanted)} disabled={!desk.can_edit} {onclick} /> }
        };
        html! {
            <div class="joint" key={id.0} role="group" aria-label={name.clone()}>
                <span class="grow ellipsis">{ name }</span>{ for STATES.into_iter().map(button) }
            </div>
        }
    };
    html! { <div class="joints" role="group" aria-label={t!("joints")}>{ for skeleton.joints.iter().map(|(id, joint)| row((*id, joint.state))) }</div> }
}
