//! Removing: unlink the node, or its neighbour in its stead, and repair upwards.
//!
//! Records never move. Where a textbook copies the neighbour's contents into the doomed node, here
//! the neighbour is hung into its place, since handles, and pointers in a kernel, name records. The
//! neighbour is taken from the side that faces away from the parent, as in the original, so that a
//! tree gets the same shape from the same history.

use super::node::{NodePtr, Side};
use super::tree::Tree;

impl Tree {
    /// Takes `node`, which is in the tree, out of it (`rb_tree_remove_node`). All other nodes stay
    /// where they are in memory.
    pub(super) fn remove_node(&mut self, node: NodePtr) {
        for end in Side::BOTH {
            if self.end(end) == Some(node) {
                self.set_end(end, self.iterate(Some(node), end.other()));
            }
        }
        let (left, right) = (node.child(Side::Left), node.child(Side::Right));
        let (parent, side) = (node.parent(), node.side());
        match (left, right) {
            (Some(_), Some(_)) => self.remove_by_neighbour(node),
            (Some(only), None) | (None, Some(only)) => {
                // Black heights leave but one possibility: the child is red and has no children,
                // and the node is black. The child takes over place and colour.
                self.hang(Some(only), parent, side);
                only.set_red(false);
            }
            (None, None) => {
                self.hang(None, parent, side);
                if !node.is_red() {
                    self.repair_after_remove(parent, side);
                }
            }
        }
        self.set_len(self.len() - 1);
    }

    /// Removes a `node` that has two children: its neighbour on one side, which has at most one
    /// child, leaves its own place and takes the node's, with the node's colour.
    fn remove_by_neighbour(&mut self, node: NodePtr) {
        let away = node.side().other();
        // There is one: the node has a child on either side.
        let Some(neighbour) = self.iterate(Some(node), away) else {
            return;
        };
        let was_red = neighbour.is_red();
        let side = neighbour.side();
        let parent = match neighbour.parent() {
            // It hangs directly below the node, so its own place moves with it.
            Some(parent) if parent == node => Some(neighbour),
            parent => parent,
        };
        let only = neighbour.child(away);
        self.hang(only, neighbour.parent(), side);

        // Only now, since the step above may have changed a child of the node.
        for child in Side::BOTH {
            self.hang(node.child(child), Some(neighbour), child);
        }
        self.hang(Some(neighbour), node.parent(), node.side());
        neighbour.set_red(node.is_red());

        match only {
            Some(only) => only.set_red(false),
            None if was_red => {}
            None => self.repair_after_remove(parent, side),
        }
    }

    /// Repairs a tree whose ways through the place on `side` of `parent` pass one black node less
    /// than the others. (Without a parent the place is the root, and all ways are equally short.)
    fn repair_after_remove(&mut self, mut parent: Option<NodePtr>, mut side: Side) {
        let is_red = |node: Option<NodePtr>| node.is_some_and(NodePtr::is_red);
        let far = |side: Side| side.other();
        // A brother always exists: his side has a black node more than the place, which has none.
        while let Some(above) = parent
            && let Some(mut brother) = above.child(far(side))
        {
            if brother.is_red() {
                // Turn, so that the place gets a black brother; his children are black.
                brother.set_red(false);
                above.set_red(true);
                self.rotate(above, side);
                let Some(nephew) = above.child(far(side)) else {
                    return;
                };
                brother = nephew;
            }
            let (near_nephew, far_nephew) = (brother.child(side), brother.child(far(side)));
            if !is_red(near_nephew) && !is_red(far_nephew) {
                // The brother's side can be made as short. If the parent is red, blackening it
                // then pays for both sides; else the deficit is now the whole subtree's.
                brother.set_red(true);
                if above.is_red() {
                    above.set_red(false);
                    return;
                }
                (parent, side) = (above.parent(), above.side());
                continue;
            }
            // A red nephew can fill in. The far one rises with the brother; if only the near one is
            // red, he takes the brother's part first. (Their colours follow below, for both cases.)
            if let (Some(near), false) = (near_nephew, is_red(far_nephew)) {
                self.rotate(brother, far(side));
                brother = near;
            }
            brother.set_red(above.is_red());
            above.set_red(false);
            if let Some(far_nephew) = brother.child(far(side)) {
                far_nephew.set_red(false);
            }
            self.rotate(above, side);
            return;
        }
    }
}
