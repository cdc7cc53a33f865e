//! How deep a tree is: what a lookup's cost has to do with the history of plugs and unplugs.

use super::RbTree;
use super::node::{NodePtr, Side};

/// The shape of a tree.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Shape {
    /// Nodes from the root to the deepest one, both counted; 0 of an empty tree.
    pub height: u32,
    /// Nodes compared with a key that is found, summed over all segments: divided by their number,
    /// what a lookup of a random segment compares.
    pub comparisons: u64,
}

impl RbTree {
    /// The tree's shape. O(n).
    pub fn shape(&self) -> Shape {
        let mut shape = Shape::default();
        below(self.tree.root(), 1, &mut shape);
        shape
    }
}

/// The depth of a red-black tree is at most 2 log2(n + 1), so recursion is shallow.
fn below(node: Option<NodePtr>, depth: u32, shape: &mut Shape) {
    let Some(node) = node else { return };
    shape.height = shape.height.max(depth);
    shape.comparisons += u64::from(depth);
    below(node.child(Side::Left), depth + 1, shape);
    below(node.child(Side::Right), depth + 1, shape);
}
