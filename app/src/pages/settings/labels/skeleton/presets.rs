//! Skeletons that many projects want.

use visionflow_model::{JointId, JointTemplate, SkeletonTemplate};

/// A template to begin with.
#[derive(PartialEq)]
pub struct Preset {
    /// The catalogue's key for its name.
    pub name: &'static str,
    /// In the order of the dataset that it is known from.
    joints: &'static [(&'static str, f64, f64)],
    /// By place in `joints`, from 1 on as COCO counts.
    edges: &'static [[u32; 2]],
}

impl Preset {
    pub fn template(&self) -> SkeletonTemplate {
        let joint = |(index, (name, x, y)): (usize, &(&str, f64, f64))| JointTemplate {
            id: JointId(index as u32 + 1),
            name: (*name).to_owned(),
            x: *x,
            y: *y,
        };
        SkeletonTemplate {
            joints: self.joints.iter().enumerate().map(joint).collect(),
            edges: self.edges.iter().map(|edge| edge.map(JointId)).collect(),
        }
    }
}

pub const PRESETS: &[Preset] = &[PERSON, HAND, FACE, QUADRUPED];

/// The 17 keypoints of COCO's person category and their skeleton.
const PERSON: Preset = Preset {
    name: "preset-person",
    joints: &[
        ("nose", 0.5, 0.08),
        ("left_eye", 0.55, 0.055),
        ("right_eye", 0.45, 0.055),
        ("left_ear", 0.61, 0.075),
        ("right_ear", 0.39, 0.075),
        ("left_shoulder", 0.7, 0.22),
        ("right_shoulder", 0.3, 0.22),
        ("left_elbow", 0.84, 0.38),
        ("right_elbow", 0.16, 0.38),
        ("left_wrist", 0.9, 0.53),
        ("right_wrist", 0.1, 0.53),
        ("left_hip", 0.62, 0.54),
        ("right_hip", 0.38, 0.54),
        ("left_knee", 0.65, 0.75),
        ("right_knee", 0.35, 0.75),
        ("left_ankle", 0.67, 0.96),
        ("right_ankle", 0.33, 0.96),
    ],
    edges: &[
        [16, 14],
        [14, 12],
        [17, 15],
        [15, 13],
        [12, 13],
        [6, 12],
        [7, 13],
        [6, 7],
        [6, 8],
        [7, 9],
        [8, 10],
        [9, 11],
        [2, 3],
        [1, 2],
        [1, 3],
        [2, 4],
        [3, 5],
        [4, 6],
        [5, 7],
    ],
};

/// The 21 keypoints that hand datasets share: the wrist, then four joints a finger.
const HAND: Preset = Preset {
    name: "preset-hand",
    joints: &[
        ("wrist", 0.5, 0.97),
        ("thumb_1", 0.33, 0.85),
        ("thumb_2", 0.2, 0.72),
        ("thumb_3", 0.11, 0.6),
        ("thumb_4", 0.04, 0.5),
        ("index_1", 0.36, 0.5),
        ("index_2", 0.32, 0.32),
        ("index_3", 0.3, 0.2),
        ("index_4", 0.28, 0.09),
        ("middle_1", 0.5, 0.47),
        ("middle_2", 0.5, 0.27),
        ("middle_3", 0.5, 0.14),
        ("middle_4", 0.5, 0.02),
        ("ring_1", 0.63, 0.5),
        ("ring_2", 0.67, 0.32),
        ("ring_3", 0.69, 0.2),
        ("ring_4", 0.71, 0.09),
        ("little_1", 0.76, 0.57),
        ("little_2", 0.83, 0.44),
        ("little_3", 0.88, 0.35),
        ("little_4", 0.93, 0.26),
    ],
    edges: &[
        [1, 2],
        [2, 3],
        [3, 4],
        [4, 5],
        [1, 6],
        [6, 7],
        [7, 8],
        [8, 9],
        [1, 10],
        [10, 11],
        [11, 12],
        [12, 13],
        [1, 14],
        [14, 15],
        [15, 16],
        [16, 17],
        [1, 18],
        [18, 19],
        [19, 20],
        [20, 21],
    ],
};

/// Five landmarks, as face detectors give them.
const FACE: Preset = Preset {
    name: "preset-face",
    joints: &[
        ("left_eye", 0.7, 0.35),
        ("right_eye", 0.3, 0.35),
        ("nose", 0.5, 0.58),
        ("left_mouth", 0.66, 0.8),
        ("right_mouth", 0.34, 0.8),
    ],
    edges: &[[1, 3], [2, 3], [3, 4], [3, 5], [4, 5]],
};

/// The 17 keypoints of AP-10K, seen from the side.
const QUADRUPED: Preset = Preset {
    name: "preset-quadruped",
    joints: &[
        ("left_eye", 0.1, 0.12),
        ("right_eye", 0.06, 0.14),
        ("nose", 0.02, 0.24),
        ("neck", 0.24, 0.28),
        ("root_of_tail", 0.9, 0.26),
        ("left_shoulder", 0.32, 0.4),
        ("left_elbow", 0.33, 0.64),
        ("left_front_paw", 0.33, 0.97),
        ("right_shoulder", 0.25, 0.42),
        ("right_elbow", 0.23, 0.66),
        ("right_front_paw", 0.22, 0.97),
        ("left_hip", 0.83, 0.4),
        ("left_knee", 0.86, 0.64),
        ("left_back_paw", 0.87, 0.97),
        ("right_hip", 0.75, 0.42),
        ("right_knee", 0.75, 0.66),
        ("right_back_paw", 0.75, 0.97),
    ],
    edges: &[
        [1, 2],
        [1, 3],
        [2, 3],
        [3, 4],
        [4, 5],
        [4, 6],
        [6, 7],
        [7, 8],
        [4, 9],
        [9, 10],
        [10, 11],
        [5, 12],
        [12, 13],
        [13, 14],
        [5, 15],
        [15, 16],
        [16, 17],
    ],
};
