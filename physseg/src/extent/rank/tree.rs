//! A B+ tree of pairs, and the questions that it answers.
//!
//! All pairs are in the leaves; an inner node repeats the least pair of each child and a
//! [`Summary`] of the second numbers under it. So the first pair with a heavy or with one
//! particular second number is found on the way down, as in a tree that is augmented with maxima
//! (Cormen et al., 17.2). How it changes: `change.rs`.

use super::OutOfMemory;
use super::node::{Child, MIN, Pair, ROOM, Summary};
use super::pool::{NIL, Pool};

/// Levels above the leaves, at most: the subtree under the root's first child is not on the right
/// edge, so each of its nodes has [`MIN`] = 12 items, and 12^9 is more than the 2^32 pairs allowed.
pub(super) const LEVELS: usize = 10;

/// A node on the way down, and the item there that the way goes on with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) node: u32,
    pub(super) slot: u32,
}

/// The way to a place in a leaf. Valid until the tree changes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Path {
    /// From the leaf's parent upwards.
    pub(super) above: [Step; LEVELS],
    pub(super) leaf: u32,
    /// Pairs of the leaf that lie before the place.
    pub(super) at: usize,
}

/// Which second number is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Want {
    AtLeast(u64),
    /// Below [`LONG`](super::node::LONG), where summaries tell numbers apart.
    Exactly(u64),
}

impl Want {
    #[inline]
    fn may_be_in(self, summary: Summary) -> bool {
        match self {
            Self::AtLeast(weight) => summary.heaviest >= weight,
            Self::Exactly(weight) => summary.weights >> weight & 1 != 0,
        }
    }

    #[inline]
    fn is(self, weight: u64) -> bool {
        match self {
            Self::AtLeast(least) => weight >= least,
            Self::Exactly(wanted) => weight == wanted,
        }
    }
}

/// The tree. Empty, it uses no node.
#[derive(Debug)]
pub(super) struct Tree {
    pub(super) leaves: Pool<Pair>,
    pub(super) inner: Pool<Child>,
    pub(super) root: u32,
    /// Levels of inner nodes.
    pub(super) height: usize,
    pub(super) summary: Summary,
}

impl Tree {
    pub(super) const fn new() -> Self {
        Self {
            leaves: Pool::new(),
            inner: Pool::new(),
            root: NIL,
            height: 0,
            summary: Summary::EMPTY,
        }
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.root == NIL
    }

    /// Makes sure that the next insertion finds memory.
    #[inline]
    pub(super) fn reserve_one(&mut self) -> Result<(), OutOfMemory> {
        #[allow(clippy::cast_possible_truncation)] // at most `LEVELS`
        let levels = self.height as u32;
        self.leaves.reserve(1, 0)?;
        self.inner.reserve(levels + 1, 0)
    }

    /// Makes sure that there is memory for `pairs` pairs, in whatever order they come and go.
    #[inline]
    pub(super) fn reserve_all(&mut self, pairs: u32) -> Result<(), OutOfMemory> {
        #[allow(clippy::cast_possible_truncation)] // 12
        const LEAST: u32 = MIN as u32;
        if pairs == 0 {
            return Ok(());
        }
        // One more on the right edge, and one to split into.
        let leaves = pairs / LEAST + 2;
        self.leaves.reserve(0, leaves)?;
        if pairs as usize <= ROOM {
            return Ok(());
        }
        // A twelfth of the leaves, a twelfth of that and so on are an eleventh. On each level there
        // may be one more on the right edge, and one to split into.
        self.inner.reserve(0, leaves / (LEAST - 1) + 2 * (leaves.ilog(LEAST) + 2))
    }

    /// The way to the place behind all pairs up to `pair`. The tree is not empty.
    #[inline]
    pub(super) fn path_to(&self, pair: Pair) -> Path {
        let mut path = Path { above: [Step { node: NIL, slot: 0 }; LEVELS], leaf: NIL, at: 0 };
        let mut node = self.root;
        for level in (0..self.height).rev() {
            let inner = self.inner.get(node);
            let slot = inner.up_to(pair).saturating_sub(1);
            #[allow(clippy::cast_possible_truncation)] // less than `ROOM`
            {
                path.above[level] = Step { node, slot: slot as u32 };
            }
            node = inner.items()[slot].node;
        }
        path.leaf = node;
        path.at = self.leaves.get(node).up_to(pair);
        path
    }

    /// The pair before the place, and the one behind it.
    #[inline]
    pub(super) fn beside(&self, path: &Path) -> (Option<Pair>, Option<Pair>) {
        let pairs = self.leaves.get(path.leaf).items();
        // Children begin with the pair that their parents name: only the first leaf of all can
        // have a place before its first pair.
        let before = path.at.checked_sub(1).map(|at| pairs[at]);
        let after = pairs.get(path.at).copied().or_else(|| {
            let mut steps = path.above[..self.height].iter();
            steps.find_map(|step| {
                let next = self.inner.get(step.node).items().get(step.slot as usize + 1)?;
                Some(next.low)
            })
        });
        (before, after)
    }

    /// The last pair up to `pair` that has the same first number, and the way to just behind it.
    #[inline]
    pub(super) fn find(&self, pair: Pair) -> Option<(Path, Pair)> {
        if self.is_empty() {
            return None;
        }
        let path = self.path_to(pair);
        let found = self.leaves.get(path.leaf).items()[path.at.checked_sub(1)?];
        (found.major == pair.major).then_some((path, found))
    }

    /// The least pair not below `from` that has what is wanted.
    pub(super) fn first(&self, from: Pair, want: Want) -> Option<Pair> {
        if !want.may_be_in(self.summary) || self.is_empty() {
            return None;
        }
        let path = self.path_to(from);
        let pairs = self.leaves.get(path.leaf).items();
        // `from` itself would lie just before the place.
        let start = path.at - usize::from(path.at > 0 && pairs[path.at - 1] == from);
        if let Some(found) = pairs[start..].iter().find(|pair| want.is(pair.minor)) {
            return Some(*found);
        }
        for (level, step) in path.above[..self.height].iter().enumerate() {
            let later = &self.inner.get(step.node).items()[step.slot as usize + 1..];
            if let Some(child) = later.iter().find(|child| want.may_be_in(child.summary)) {
                return self.first_under(child.node, level, want);
            }
        }
        None
    }

    /// The least pair under `node`, `level` levels above the leaves, that has what is wanted.
    fn first_under(&self, mut node: u32, level: usize, want: Want) -> Option<Pair> {
        for _ in 0..level {
            let mut children = self.inner.get(node).items().iter();
            node = children.find(|child| want.may_be_in(child.summary))?.node;
        }
        let mut pairs = self.leaves.get(node).items().iter();
        pairs.find(|pair| want.is(pair.minor)).copied()
    }
}
