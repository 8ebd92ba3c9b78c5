//! Skeletons as COCO keypoints, in a file of their own, as readers expect it.
//!
//! A category names its label's joints in the order of the template, and the edges between them,
//! counted from 1. An annotation has three numbers for each of these joints: x, y and whether it is
//! absent (0), occluded (1) or visible (2). An absent joint has no place.

use super::bbox;
use super::list::List;
use crate::report::Report;
use crate::spool::Spool;
use crate::writer::{Classed, Entry, WriteError};
use serde_json::{Map, Value, json};
use visionflow_model::{JointId, JointState, Label, Skeleton, SkeletonTemplate};

pub struct Keypoints(List);

impl Keypoints {
    pub fn new(spool: Box<dyn Spool>) -> Self {
        Self(List::new(spool))
    }

    pub fn len(&self) -> u64 {
        self.0.len
    }

    pub fn list(&mut self) -> &mut List {
        &mut self.0
    }

    pub fn push(
        &mut self,
        mut annotation: Map<String, Value>,
        skeleton: &Skeleton,
        classed: &Classed,
        entry: &Entry,
        report: &mut Report,
    ) -> Result<(), WriteError> {
        let Some((template, bounds)) = classed.label.skeleton.as_ref().zip(skeleton.bounds())
        else {
            report.note("A skeleton whose label has no joints was left out", || {
                classed.place(entry)
            });
            return Ok(());
        };
        if skeleton
            .joints
            .keys()
            .any(|id| template.joint(*id).is_none())
        {
            report.note("A joint that its label has no more was left out", || {
                classed.place(entry)
            });
        }
        let (flat, present) = flat(template, skeleton);
        let members = [
            ("keypoints", json!(flat)),
            ("num_keypoints", json!(present)),
            ("bbox", json!(bbox(bounds))),
            ("area", json!(bounds.area())),
            ("segmentation", json!([])),
        ];
        annotation.extend(members.map(|(name, value)| (name.to_owned(), value)));
        self.0.push(&annotation.into())
    }
}

/// The numbers of all joints of the template, and how many of them are in the picture.
fn flat(template: &SkeletonTemplate, skeleton: &Skeleton) -> (Vec<f64>, usize) {
    let mut numbers = Vec::with_capacity(3 * template.joints.len());
    let mut present = 0;
    for joint in &template.joints {
        match skeleton.joints.get(&joint.id) {
            Some(joint) if joint.state != JointState::Absent => {
                numbers.extend([joint.at.x, joint.at.y, f64::from(joint.state as u8)]);
                present += 1;
            }
            _ => numbers.extend([0.0; 3]),
        }
    }
    (numbers, present)
}

/// Every label, those with a skeleton with its joints and edges.
pub fn categories(labels: &[Label]) -> Vec<Value> {
    let category = |(id, label): (usize, &Label)| {
        let joints = label.skeleton.as_ref().map_or(&[][..], |s| &s.joints);
        let names: Vec<&str> = joints.iter().map(|joint| joint.name.as_str()).collect();
        let place = |id: JointId| joints.iter().position(|joint| joint.id == id);
        let edges: Vec<[usize; 2]> = label
            .skeleton
            .iter()
            .flat_map(|skeleton| &skeleton.edges)
            .filter_map(|[a, b]| Some([place(*a)? + 1, place(*b)? + 1]))
            .collect();
        json!({
            "id": id,
            "name": label.name,
            "supercategory": "",
            "keypoints": names,
            "skeleton": edges,
        })
    };
    (1..).zip(labels).map(category).collect()
}
