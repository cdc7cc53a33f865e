//! Putting a node into one of the trees, taking it out, and keeping the tree balanced.
//!
//! The way down is written to a [`Path`], and the way back up stops as soon as a subtree looks to
//! its parent as it did before. Everything is a loop: recursion has no place in a kernel's stack.

use core::cmp::Ordering;

use super::{Entry, KEY, LEFT, Link, NIL, Node, RIGHT, RankMap};

/// An AVL tree of n nodes is less than 1.4405 log2(n + 2) levels deep (Knuth, TAOCP 3, 6.2.3): 47
/// for the 2^32 nodes that links can name.
const MAX_DEPTH: usize = 48;

/// Nodes from the root downwards, and on which side the path leaves the last one.
#[derive(Debug)]
pub(super) struct Path {
    nodes: [u32; MAX_DEPTH],
    len: usize,
    side: usize,
}

impl Path {
    pub(super) const fn new() -> Self {
        Self {
            nodes: [NIL; MAX_DEPTH],
            len: 0,
            side: LEFT,
        }
    }

    #[inline]
    pub(super) fn push(&mut self, node: u32, side: usize) {
        self.nodes[self.len] = node;
        self.len += 1;
        self.side = side;
    }

    pub(super) fn pop(&mut self) -> Option<u32> {
        self.len = self.len.checked_sub(1)?;
        Some(self.nodes[self.len])
    }

    /// The last node of the first `len`.
    fn end(&self, len: usize) -> Option<u32> {
        Some(self.nodes[len.checked_sub(1)?])
    }
}

impl RankMap {
    /// Hangs `node` into the tree `BY` where its key and weight belong.
    pub(super) fn link<const BY: usize>(&mut self, node: u32) {
        let Node { key, weight, .. } = self.nodes[node as usize];
        let (path, _) = self.path_to::<BY>(Entry { key, weight });
        self.link_at::<BY>(path, node);
    }

    /// Hangs `node` into the tree `BY` below the end of `path`, where there is no node yet.
    pub(super) fn link_at<const BY: usize>(&mut self, path: Path, node: u32) {
        self.nodes[node as usize].links[BY] = Link {
            child: [NIL; 2],
            height: 1,
        };
        match path.end(path.len) {
            Some(parent) => self.nodes[parent as usize].links[BY].child[path.side] = node,
            None => self.roots[BY] = node,
        }
        self.settle::<BY>(path, usize::MAX);
    }

    /// Takes the node of `entry`, which must be present, out of the tree `BY`; says which it was.
    pub(super) fn unlink<const BY: usize>(&mut self, entry: Entry) -> u32 {
        let (mut path, gone) = self.path_to::<BY>(entry);
        let link = self.nodes[gone as usize].links[BY];
        let [left, right] = link.child;
        if left == NIL || right == NIL {
            let heir = if left == NIL { right } else { left };
            self.swap_in::<BY>(path.end(path.len), gone, heir);
            self.settle::<BY>(path, usize::MAX);
            return gone;
        }
        // Two children: the next greater node takes the place, and leaves its own to its child.
        let depth = path.len;
        path.push(gone, RIGHT);
        let mut heir = right;
        loop {
            let next = self.nodes[heir as usize].links[BY].child[LEFT];
            if next == NIL {
                break;
            }
            path.push(heir, LEFT);
            heir = next;
        }
        let orphan = self.nodes[heir as usize].links[BY].child[RIGHT];
        self.swap_in::<BY>(path.end(path.len), heir, orphan);
        // Height and heaviest of the one that went are what the ancestors have reckoned with.
        self.nodes[heir as usize].links[BY] = self.nodes[gone as usize].links[BY];
        if BY == KEY {
            self.nodes[heir as usize].heaviest = self.nodes[gone as usize].heaviest;
        }
        path.nodes[depth] = heir;
        self.swap_in::<BY>(path.end(depth), gone, heir);
        self.settle::<BY>(path, depth);
        gone
    }

    /// Corrects the heaviest weights above `entry`, whose weight has changed.
    pub(super) fn reweigh(&mut self, entry: Entry) {
        let (mut path, node) = self.path_to::<KEY>(entry);
        path.push(node, LEFT);
        self.settle::<KEY>(path, usize::MAX);
    }

    /// The way to the place of `entry`, and the node there ([`NIL`] if it is absent).
    fn path_to<const BY: usize>(&self, entry: Entry) -> (Path, u32) {
        let mut path = Path::new();
        let mut at = self.roots[BY];
        while at != NIL {
            let node = &self.nodes[at as usize];
            let by_key = node.key.cmp(&entry.key);
            let order = if BY == KEY {
                by_key
            } else {
                node.weight.cmp(&entry.weight).then(by_key)
            };
            let side = match order {
                Ordering::Equal => break,
                Ordering::Less => RIGHT,
                Ordering::Greater => LEFT,
            };
            path.push(at, side);
            at = node.links[BY].child[side];
        }
        (path, at)
    }

    /// Puts `new` where `old` hangs: below `parent`, or at the root.
    fn swap_in<const BY: usize>(&mut self, parent: Option<u32>, old: u32, new: u32) {
        let Some(parent) = parent else {
            self.roots[BY] = new;
            return;
        };
        let children = &mut self.nodes[parent as usize].links[BY].child;
        let side = usize::from(children[RIGHT] == old);
        children[side] = new;
    }

    /// Goes up `path` and restores balance, heights and heaviest weights. It may stop early, but
    /// not below the node at `depth`, which has been put in another one's place.
    fn settle<const BY: usize>(&mut self, mut path: Path, depth: usize) {
        while let Some(at) = path.pop() {
            let before = self.looks::<BY>(at);
            let top = self.balance::<BY>(at);
            if top != at {
                self.swap_in::<BY>(path.end(path.len), at, top);
            }
            if self.looks::<BY>(top) == before && path.len <= depth {
                break;
            }
        }
    }

    /// What a parent takes over from its child `at`.
    fn looks<const BY: usize>(&self, at: u32) -> (u8, u64) {
        let heaviest = if BY == KEY {
            self.nodes[at as usize].heaviest
        } else {
            0
        };
        (self.height::<BY>(at), heaviest)
    }

    /// Restores the balance of the subtree under `at`, which is off by two at most; says which
    /// node is at its top now.
    fn balance<const BY: usize>(&mut self, at: u32) -> u32 {
        let [left, right] = self.nodes[at as usize].links[BY].child;
        let (low, high) = (self.height::<BY>(left), self.height::<BY>(right));
        if low.abs_diff(high) < 2 {
            self.refresh::<BY>(at);
            return at;
        }
        // The taller side comes up; if its inner half is what makes it tall, that comes up first.
        let tall = usize::from(high > low);
        let child = self.nodes[at as usize].links[BY].child[tall];
        let grandchildren = self.nodes[child as usize].links[BY].child;
        if self.height::<BY>(grandchildren[1 - tall]) > self.height::<BY>(grandchildren[tall]) {
            let top = self.rotate::<BY>(child, tall);
            self.nodes[at as usize].links[BY].child[tall] = top;
        }
        self.rotate::<BY>(at, 1 - tall)
    }

    /// Moves `at` down to `side`, and its child on the other side up into its place.
    fn rotate<const BY: usize>(&mut self, at: u32, side: usize) -> u32 {
        let up = self.nodes[at as usize].links[BY].child[1 - side];
        let inner = self.nodes[up as usize].links[BY].child[side];
        self.nodes[at as usize].links[BY].child[1 - side] = inner;
        self.nodes[up as usize].links[BY].child[side] = at;
        self.refresh::<BY>(at);
        self.refresh::<BY>(up);
        up
    }

    /// Computes height and heaviest weight of `at` from its children.
    fn refresh<const BY: usize>(&mut self, at: u32) {
        let [left, right] = self.nodes[at as usize].links[BY].child;
        let height = 1 + self.height::<BY>(left).max(self.height::<BY>(right));
        if BY == KEY {
            let weight = self.nodes[at as usize].weight;
            let below = self.heaviest_under(left).max(self.heaviest_under(right));
            self.nodes[at as usize].heaviest = below.map_or(weight, |below| below.max(weight));
        }
        self.nodes[at as usize].links[BY].height = height;
    }

    /// Levels of the subtree under `at`.
    pub(super) fn height<const BY: usize>(&self, at: u32) -> u8 {
        if at == NIL {
            return 0;
        }
        self.nodes[at as usize].links[BY].height
    }
}
