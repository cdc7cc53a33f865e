//! Checks everything that the tree takes for granted. For tests, and for doubts.

use alloc::format;
use alloc::string::String;

use super::RbTree;
use super::node::{NodePtr, Side};

/// Walks the tree and counts.
struct Checker<'tree> {
    tree: &'tree RbTree,
    /// No way down is longer: at least every second node of it is black.
    depth_limit: u32,
    seen: usize,
    /// The node before, in order.
    previous: Option<NodePtr>,
}

pub(super) fn check(tree: &RbTree) -> Result<(), String> {
    let len = tree.tree.len();
    let root = tree.tree.root();
    let mut checker =
        Checker { tree, depth_limit: 2 * (len as u64 + 1).ilog2() + 1, seen: 0, previous: None };
    if let Some(root) = root
        && root.is_red()
    {
        return Err(format!("the root {} is red", root.range()));
    }
    checker.subtree(root, None, Side::Left, 0)?;
    if checker.seen != len {
        return Err(format!("{} nodes, counted as {len}", checker.seen));
    }
    if checker.previous != tree.tree.end(Side::Right) {
        return Err(format!(
            "the cached last node is not the highest, {}",
            describe(checker.previous)
        ));
    }
    if tree.slots.in_use() != len {
        return Err(format!("{} slots in use for {len} nodes", tree.slots.in_use()));
    }
    Ok(())
}

fn describe(node: Option<NodePtr>) -> String {
    node.map_or_else(|| String::from("(none)"), |node| format!("{}", node.range()))
}

impl Checker<'_> {
    /// The number of black nodes on every way down from `node`, which must hang on `side` of
    /// `parent`.
    fn subtree(
        &mut self,
        node: Option<NodePtr>,
        parent: Option<NodePtr>,
        side: Side,
        depth: u32,
    ) -> Result<u32, String> {
        let Some(node) = node else {
            return Ok(0);
        };
        if depth >= self.depth_limit {
            return Err(format!("{} lies {depth} levels deep", node.range()));
        }
        if node.parent() != parent || node.side() != side {
            return Err(format!(
                "{} hangs on the {side:?} of {} and says {:?} of {}",
                node.range(),
                describe(parent),
                node.side(),
                describe(node.parent())
            ));
        }
        if node.is_red() && parent.is_some_and(NodePtr::is_red) {
            return Err(format!("{} and its parent are red", node.range()));
        }
        let left = self.subtree(node.child(Side::Left), Some(node), Side::Left, depth + 1)?;
        self.visit(node)?;
        let right = self.subtree(node.child(Side::Right), Some(node), Side::Right, depth + 1)?;
        if left != right {
            return Err(format!(
                "below {} there are {left} black levels on the left and {right} on the right",
                node.range()
            ));
        }
        Ok(left + u32::from(!node.is_red()))
    }

    /// What can be said of a node alone, or of it and the one before.
    fn visit(&mut self, node: NodePtr) -> Result<(), String> {
        match self.previous {
            None if self.tree.tree.end(Side::Left) != Some(node) => {
                return Err(format!("the cached first node is not the lowest, {}", node.range()));
            }
            Some(previous) if previous.range().end() > node.start() => {
                return Err(format!("{} comes before {}", previous.range(), node.range()));
            }
            _ => {}
        }
        if self.tree.slots.resolve(node.handle()) != Some(node) {
            return Err(format!(
                "{} says {:?}, which is another or none",
                node.range(),
                node.handle()
            ));
        }
        self.previous = Some(node);
        self.seen += 1;
        Ok(())
    }
}
