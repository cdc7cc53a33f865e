//! Inserting: descend to an empty place, hang a red node there, repair upwards.
//!
//! The rules are the usual ones: a red node has no red child, and every way from the root to an
//! empty place passes equally many black nodes. A new red leaf can only break the first. The
//! method is that of Cormen, Leiserson, Rivest and Stein, *Introduction to Algorithms*, chapter 13,
//! with the side as a variable instead of every case written out twice.

use super::node::{NodePtr, Side};
use super::tree::Tree;

impl Tree {
    /// Adds `node`, and returns it; or returns the node that compares equal and is there already,
    /// and then nothing has changed (`rb_tree_insert_node`).
    pub(super) fn insert_node(&mut self, node: NodePtr) -> NodePtr {
        let mut parent = None;
        let mut side = Side::Left;
        let mut next = self.root();
        while let Some(there) = next {
            let order = self.ops().order_of_nodes(there, node);
            if order == 0 {
                return there;
            }
            side = Side::right_if(order < 0);
            parent = next;
            next = there.child(side);
        }

        for end in Side::BOTH {
            // Below the lowest node and to its left is the new lowest; and the first node is both.
            if parent.is_none() || (side == end && self.end(end) == parent) {
                self.set_end(end, Some(node));
            }
        }
        node.set_child(Side::Left, None);
        node.set_child(Side::Right, None);
        node.set_red(true);
        self.hang(Some(node), parent, side);
        self.set_len(self.len() + 1);
        self.repair_after_insert(node);
        node
    }

    /// Repairs a red `node` under a parent that may be red as well.
    fn repair_after_insert(&mut self, mut node: NodePtr) {
        while let Some(parent) = node.parent()
            && parent.is_red()
            // A red node is not the root, so there is a grandparent, and it is black.
            && let Some(grandparent) = parent.parent()
        {
            let side = parent.side();
            if let Some(uncle) = grandparent.child(side.other())
                && uncle.is_red()
            {
                // Both can become black if the grandparent becomes red: the same question again,
                // two levels up.
                parent.set_red(false);
                uncle.set_red(false);
                grandparent.set_red(true);
                node = grandparent;
                continue;
            }
            // Two red nodes in a line are straightened by one rotation at the grandparent; if they
            // form a bend, one at the parent makes a line of it first.
            let mut rising = parent;
            if node.side() != side {
                self.rotate(parent, side);
                rising = node;
            }
            rising.set_red(false);
            grandparent.set_red(true);
            self.rotate(grandparent, side.other());
            return;
        }
        if let Some(root) = self.root() {
            root.set_red(false);
        }
    }
}
