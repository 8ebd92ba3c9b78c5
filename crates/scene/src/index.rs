//! Where the annotations are: an R-tree of their bounds.
//!
//! It is also the pyramid for what is too small to see: where a whole branch covers no more than a
//! pixel or two, one annotation stands for all of it.

use rstar::{AABB, Envelope, ParentNode, RTree, RTreeNode, RTreeObject};
use visionflow_geometry::{Point, Rect};

/// Bounds of annotations by their slot, rounded outwards to `f32`.
#[derive(Debug, Default)]
pub struct Index {
    tree: RTree<Leaf>,
}

/// Bounds in the index, never smaller than those they stand for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    min: [f32; 2],
    max: [f32; 2],
}

#[derive(Clone, Copy, Debug)]
struct Leaf {
    bounds: Bounds,
    slot: u32,
}

/// What a search for what is worth drawing finds.
#[derive(Clone, Copy, Debug)]
pub enum Found {
    One(u32),
    /// This annotation stands for all in a rectangle (image space).
    Many(u32, Rect),
}

impl Bounds {
    pub fn around(rect: Rect) -> Self {
        let down = |v: f64| {
            let near = v as f32;
            if f64::from(near) > v {
                near.next_down()
            } else {
                near
            }
        };
        let up = |v: f64| -down(-v);
        Self {
            min: [down(rect.min.x), down(rect.min.y)],
            max: [up(rect.max.x), up(rect.max.y)],
        }
    }

    pub fn rect(self) -> Rect {
        let point = |[x, y]: [f32; 2]| Point::new(f64::from(x), f64::from(y));
        Rect {
            min: point(self.min),
            max: point(self.max),
        }
    }

    /// The longer side, in image pixels.
    pub fn extent(self) -> f32 {
        (self.max[0] - self.min[0]).max(self.max[1] - self.min[1])
    }

    fn envelope(self) -> AABB<[f32; 2]> {
        AABB::from_corners(self.min, self.max)
    }

    fn of(envelope: &AABB<[f32; 2]>) -> Self {
        Self {
            min: envelope.lower(),
            max: envelope.upper(),
        }
    }
}

impl RTreeObject for Leaf {
    type Envelope = AABB<[f32; 2]>;
    fn envelope(&self) -> Self::Envelope {
        self.bounds.envelope()
    }
}

impl PartialEq for Leaf {
    fn eq(&self, other: &Self) -> bool {
        self.slot == other.slot
    }
}

impl Index {
    /// All at once; packs the tree better and faster than one by one.
    pub fn load(entries: impl Iterator<Item = (u32, Bounds)>) -> Self {
        let leaves = entries.map(|(slot, bounds)| Leaf { bounds, slot });
        Self {
            tree: RTree::bulk_load(leaves.collect()),
        }
    }

    pub fn insert(&mut self, slot: u32, bounds: Bounds) {
        self.tree.insert(Leaf { bounds, slot });
    }

    /// `bounds` as they were inserted.
    pub fn remove(&mut self, slot: u32, bounds: Bounds) {
        self.tree.remove(&Leaf { bounds, slot });
    }

    /// The slots whose bounds touch `rect`, in any order.
    pub fn touching(&self, rect: Rect) -> impl Iterator<Item = u32> + '_ {
        self.tree
            .locate_in_envelope_intersecting(Bounds::around(rect).envelope())
            .map(|leaf| leaf.slot)
    }

    /// What touches `rect` (everything without one); branches whose longer side is at most
    /// `merge` image pixels come as one annotation for which `is_shown`.
    /// Returns how many nodes were looked at.
    pub fn survey(
        &self,
        rect: Option<Rect>,
        merge: f32,
        is_shown: impl Fn(u32) -> bool,
        mut found: impl FnMut(Found),
    ) -> usize {
        let within = rect.map(|rect| Bounds::around(rect).envelope());
        let touches = |envelope: &AABB<[f32; 2]>| within.is_none_or(|w| w.intersects(envelope));
        let mut visited = 0;
        let mut open = vec![self.tree.root()];
        while let Some(parent) = open.pop() {
            for node in parent.children() {
                visited += 1;
                match node {
                    RTreeNode::Leaf(leaf) => {
                        if touches(&leaf.envelope()) && is_shown(leaf.slot) {
                            found(Found::One(leaf.slot));
                        }
                    }
                    RTreeNode::Parent(branch) if !touches(&branch.envelope()) => {}
                    RTreeNode::Parent(branch) => {
                        let bounds = Bounds::of(&branch.envelope());
                        if bounds.extent() > merge {
                            open.push(branch);
                        } else if let Some(slot) = first(branch, &is_shown) {
                            found(Found::Many(slot, bounds.rect()));
                        }
                    }
                }
            }
        }
        visited
    }

    /// The rectangle around everything.
    pub fn bounds(&self) -> Option<Rect> {
        let around = self.tree.root().envelope();
        (self.tree.size() > 0).then(|| Bounds::of(&around).rect())
    }
}

/// An annotation of the branch that is shown.
fn first(branch: &ParentNode<Leaf>, is_shown: &impl Fn(u32) -> bool) -> Option<u32> {
    branch.children().iter().find_map(|node| match node {
        RTreeNode::Leaf(leaf) => is_shown(leaf.slot).then_some(leaf.slot),
        RTreeNode::Parent(branch) => first(branch, is_shown),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_never_shrink() {
        for at in [0.1, 59_990.123, -3.3, 1e7 + 0.7] {
            let min = Point::new(at, -at);
            let rect = Rect::from_corners(min, Point::new(at + 0.001, -at + 0.001));
            let kept = Bounds::around(rect).rect();
            assert!(kept.contains(rect.min) && kept.contains(rect.max), "{at}");
        }
    }

    #[test]
    fn small_branches_come_as_one_and_cost_no_more() {
        let rect = |n: u32| {
            let min = Point::new(f64::from(n % 100) * 2.0, f64::from(n / 100) * 2.0);
            Bounds::around(Rect::from_corners(
                min,
                Point::new(min.x + 1.0, min.y + 1.0),
            ))
        };
        let index = Index::load((0..10_000).map(|n| (n, rect(n))));
        let count = |merge, shown: fn(u32) -> bool| {
            let mut count = 0;
            let visited = index.survey(None, merge, shown, |_| count += 1);
            (count, visited)
        };
        assert_eq!(count(0.0, |_| true).0, 10_000);
        let (merged, visited) = count(40.0, |_| true);
        assert!(merged < 400 && visited < 1000, "{merged} {visited}");
        assert_eq!(count(40.0, |_| false).0, 0);
    }
}
