//! Where the annotations are: an R-tree of their bounds.

use rstar::{AABB, RTree, RTreeObject};
use visionflow_geometry::{Point, Rect};

/// Bounds of annotations by their slot.
#[derive(Debug, Default)]
pub struct Index {
    tree: RTree<Leaf>,
}

#[derive(Clone, Copy, Debug)]
struct Leaf {
    bounds: Rect,
    slot: u32,
}

impl RTreeObject for Leaf {
    type Envelope = AABB<[f64; 2]>;
    fn envelope(&self) -> Self::Envelope {
        envelope(self.bounds)
    }
}

impl PartialEq for Leaf {
    fn eq(&self, other: &Self) -> bool {
        self.slot == other.slot
    }
}

impl Index {
    /// All at once; packs the tree better and faster than one by one.
    pub fn load(entries: impl Iterator<Item = (u32, Rect)>) -> Self {
        let leaves = entries.map(|(slot, bounds)| Leaf { bounds, slot });
        Self {
            tree: RTree::bulk_load(leaves.collect()),
        }
    }

    pub fn insert(&mut self, slot: u32, bounds: Rect) {
        self.tree.insert(Leaf { bounds, slot });
    }

    /// `bounds` as they were inserted.
    pub fn remove(&mut self, slot: u32, bounds: Rect) {
        self.tree.remove(&Leaf { bounds, slot });
    }

    /// The slots whose bounds touch `rect`, in any order.
    pub fn touching(&self, rect: Rect) -> impl Iterator<Item = u32> + '_ {
        self.tree
            .locate_in_envelope_intersecting(envelope(rect))
            .map(|leaf| leaf.slot)
    }

    /// The rectangle around everything.
    pub fn bounds(&self) -> Option<Rect> {
        let around = self.tree.root().envelope();
        let point = |[x, y]: [f64; 2]| Point::new(x, y);
        (self.tree.size() > 0).then(|| Rect {
            min: point(around.lower()),
            max: point(around.upper()),
        })
    }
}

fn envelope(rect: Rect) -> AABB<[f64; 2]> {
    AABB::from_corners([rect.min.x, rect.min.y], [rect.max.x, rect.max.y])
}
