//! The JSON form of a shape, the same in the HTTP API and in `annotations.data`.
//!
//! ```json
//! {"type": "box", "box": [x, y, width, height]}
//! {"type": "rotated_box", "center": [x, y], "size": [width, height], "angle": radians}
//! {"type": "ellipse", "center": [x, y], "radii": [rx, ry], "angle": radians}
//! {"type": "polygon", "rings": [[x0, y0, x1, y1, …], …]}
//! {"type": "polyline", "points": [x0, y0, x1, y1, …]}
//! {"type": "point", "point": [x, y]}
//! {"type": "path", "points": [x0, y0, x1, y1, …]}
//! {"type": "arrow", "from": [x, y], "to": [x, y]}
//! {"type": "text", "box": [x, y, width, height], "text": "…", "size": 24, "bold": false, "align": "left"}
//! {"type": "cuboid", "points": [x0, y0, … x7, y7]}
//! {"type": "mask", "origin": [x, y], "size": [width, height], "runs": [out, in, out, …]}
//! {"type": "skeleton", "joints": [{"id": 1, "at": [x, y], "state": "visible"}, …]}
//! {"type": "tag"}
//! ```
//!
//! Pixels of the oriented image; angles are clockwise on screen; a ring has no repeated last point.
//! A cuboid is its front face clockwise from the top left, then its back face in the same order.
//! A mask is the rectangle of whole pixels around it and the lengths of the runs in it, row by row,
//! alternately outside and inside, beginning with outside.

mod mask;
mod wire;

use crate::Shape;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
pub(crate) use wire::Wire;

impl Serialize for Shape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wire::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        Self::try_from(wire).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_survives_the_round_trip() {
        for json in [
            r#"{"type":"box","box":[1.5,2.0,3.0,4.25]}"#,
            r#"{"type":"rotated_box","center":[1.0,2.0],"size":[3.0,4.0],"angle":0.5}"#,
            r#"{"type":"ellipse","center":[1.0,2.0],"radii":[3.0,4.0],"angle":0.5}"#,
            r#"{"type":"polygon","rings":[[0.0,0.0,4.0,0.0,4.0,4.0]]}"#,
            r#"{"type":"polyline","points":[0.0,0.0,4.0,0.0]}"#,
            r#"{"type":"point","point":[1.0,2.0]}"#,
            r#"{"type":"path","points":[0.0,0.0,4.0,0.0]}"#,
            r#"{"type":"arrow","from":[1.0,2.0],"to":[3.0,4.0]}"#,
            r#"{"type":"text","box":[1.0,2.0,3.0,4.0],"text":"<b>","size":24.0,"bold":true,"align":"right"}"#,
            r#"{"type":"cuboid","points":[0.0,0.0,1.0,0.0,1.0,1.0,0.0,1.0,2.0,0.0,3.0,0.0,3.0,1.0,2.0,1.0]}"#,
            r#"{"type":"mask","origin":[-1,254],"size":[3,3],"runs":[1,3,1,2,1,1]}"#,
            r#"{"type":"mask","origin":[0,0],"size":[0,0],"runs":[]}"#,
            r#"{"type":"skeleton","joints":[{"id":3,"at":[1.0,2.0],"state":"occluded"}]}"#,
            r#"{"type":"tag"}"#,
        ] {
            let shape: Shape = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&shape).unwrap(), json);
        }
    }

    #[test]
    fn faults_are_named() {
        let check = |json: &str, words: &str| {
            let error = serde_json::from_str::<Shape>(json).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        };
        check(r#"{"type":"polygon","rings":[[1,2,3]]}"#, "even number");
        check(r#"{"type":"cuboid","points":[1,2]}"#, "eight points");
        check(
            r#"{"type":"mask","origin":[0,0],"size":[2,2],"runs":[3]}"#,
            "add up",
        );
        check(
            r#"{"type":"mask","origin":[0,0],"size":[2,2],"runs":[3,4294967295]}"#,
            "add up",
        );
        check(
            r#"{"type":"mask","origin":[0,0],"size":[100000,100000],"runs":[]}"#,
            "too large",
        );
        for size in ["1,536870912", "536870912,1"] {
            let thin =
                format!(r#"{{"type":"mask","origin":[0,0],"size":[{size}],"runs":[0,536870912]}}"#);
            check(&thin, "tiles of a mask");
        }
        check(
            r#"{"type":"skeleton","joints":[{"id":3,"at":[1,2],"state":"gone"}]}"#,
            "gone",
        );
        check(
            r#"{"type":"skeleton","joints":[{"id":3,"at":[1,2],"state":"visible"},{"id":3,"at":[1,2],"state":"visible"}]}"#,
            "twice",
        );
    }
}
