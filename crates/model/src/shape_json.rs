//! The JSON form of a shape, the same in the HTTP API and in `annotations.data`.
//!
//! ```json
//! {"type": "box", "box": [x, y, width, height]}
//! {"type": "polygon", "rings": [[x0, y0, x1, y1, …], …]}
//! {"type": "tag"}
//! ```
//!
//! Pixels of the oriented image; a ring has no repeated last point.

use crate::Shape;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use visionflow_geometry::{Point, Polygon, Rect, Vec2};

#[derive(Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Wire {
    Box {
        #[serde(rename = "box")]
        xywh: [f64; 4],
    },
    Polygon {
        rings: Vec<Vec<f64>>,
    },
    Tag,
}

impl Serialize for Shape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Box(rect) => Wire::Box {
                xywh: [rect.min.x, rect.min.y, rect.width(), rect.height()],
            },
            Self::Polygon(polygon) => Wire::Polygon {
                rings: polygon
                    .rings
                    .iter()
                    .map(|ring| ring.iter().flat_map(|p| [p.x, p.y]).collect())
                    .collect(),
            },
            Self::Tag => Wire::Tag,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Wire::deserialize(deserializer)? {
            Wire::Box { xywh: [x, y, w, h] } => {
                let min = Point::new(x, y);
                Self::Box(Rect::from_corners(min, min + Vec2::new(w, h)))
            }
            Wire::Polygon { rings } => {
                let ring = |flat: Vec<f64>| {
                    if flat.len() % 2 == 1 {
                        return Err(D::Error::custom("a ring needs an even number of values"));
                    }
                    let points = flat.chunks_exact(2).map(|xy| Point::new(xy[0], xy[1]));
                    Ok(points.collect())
                };
                Self::Polygon(Polygon {
                    rings: rings.into_iter().map(ring).collect::<Result<_, _>>()?,
                })
            }
            Wire::Tag => Self::Tag,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_survives_the_round_trip() {
        for json in [
            r#"{"type":"box","box":[1.5,2.0,3.0,4.25]}"#,
            r#"{"type":"polygon","rings":[[0.0,0.0,4.0,0.0,4.0,4.0]]}"#,
            r#"{"type":"tag"}"#,
        ] {
            let shape: Shape = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&shape).unwrap(), json);
        }
    }

    #[test]
    fn half_a_point_is_refused() {
        let error = serde_json::from_str::<Shape>(r#"{"type":"polygon","rings":[[1,2,3]]}"#);
        assert!(error.unwrap_err().to_string().contains("even number"));
    }
}
