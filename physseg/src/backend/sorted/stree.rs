//! A static B-tree of nodes with sixteen keys, each compared in one go.
//!
//! The lowest level holds all keys in their order, sixteen to a node; the keys of every node above are
//! the lowest ones below each of its seventeen children but the first. Nodes lie level by level without
//! pointers: the children of node k are the nodes 17 k to 17 k + 16 of the next level. (The "S+ tree" of
//! Slotin, "Algorithms for Modern Hardware", chapter "Static B-Trees"; the code is our own.)
//!
//! With 33 million keys of 32 bits a walk touches seven cache lines, of which the upper four or so are
//! always near. Plugging moves the leaves' keys up by one, and reads every sixteenth of them to build the
//! levels above.

use alloc::vec::Vec;

use super::compact::Compact;
use super::kernel::{Descent, Kernel, MissingKernel, Present, descend};
use super::key::{Key, Layout, NODE, Node, Search};
use super::room::make_room;
use super::{BootLimit, STree, Sorted};
use crate::backend::Refusal;

/// How many children a node has.
const FAN: usize = NODE + 1;

/// How many levels there may be above the leaves: 17 to the power of 16 leaves are more than there is
/// memory for in 64 bits.
const LEVELS: usize = 16;

/// Keys in nodes of sixteen.
#[derive(Debug)]
pub enum Blocked {}

impl Layout for Blocked {
    type Of<K: Key> = Nodes<K>;
}

impl STree {
    /// As [`with_boot_capacity`](Self::with_boot_capacity), with a kernel of one's own choice instead of
    /// the fastest: to compare kernels.
    ///
    /// # Errors
    /// This processor lacks the kernel.
    pub fn with_kernel(segments: usize, kernel: Kernel) -> Result<Self, MissingKernel> {
        let kernel = Present::new(kernel)?;
        let index = Compact::with(Nodes::new(kernel), Nodes::new(kernel));
        Ok(Sorted { records: Vec::new(), index, limit: BootLimit::AtBoot(segments) })
    }

    /// The name of the kernel in use.
    pub fn simd(&self) -> &'static str {
        self.index.keys().kernel.get().name()
    }
}

/// The levels of the tree.
#[derive(Debug)]
pub struct Nodes<K> {
    count: usize,
    /// All keys, ascending; what is left of the last node is filled with [`Key::PAD`].
    leaves: Vec<Node<K>>,
    /// The levels above, the lowest first.
    upper: Vec<Node<K>>,
    /// Where in `upper` each of its levels begins, the lowest first.
    begins: [usize; LEVELS],
    height: usize,
    kernel: Present,
}

impl<K: Key> Default for Nodes<K> {
    fn default() -> Self {
        Self::new(Present::default())
    }
}

/// How many nodes all levels above `leaves` leaves have.
fn above(leaves: usize) -> usize {
    let (mut level, mut sum) = (leaves, 0);
    while level > 1 {
        level = level.div_ceil(FAN);
        sum += level;
    }
    sum
}

impl<K: Key> Nodes<K> {
    pub(super) fn new(kernel: Present) -> Self {
        Self {
            count: 0,
            leaves: Vec::new(),
            upper: Vec::new(),
            begins: [0; LEVELS],
            height: 0,
            kernel,
        }
    }

    /// Builds the levels above the leaves.
    fn build_upper(&mut self) {
        self.upper.clear();
        self.height = 0;
        // The nodes of the level below, and how many leaves lie under each of them.
        let (mut below, mut stride) = (self.leaves.len(), 1);
        while below > 1 {
            self.begins[self.height] = self.upper.len();
            self.height += 1;
            for first_child in (0..below).step_by(FAN) {
                let mut node = Node::EMPTY;
                let children = first_child + 1..below.min(first_child + FAN);
                for (key, child) in node.0.iter_mut().zip(children) {
                    *key = self.leaves[child * stride].0[0];
                }
                self.upper.push(node);
            }
            (below, stride) = (below.div_ceil(FAN), stride * FAN);
        }
    }
}

impl<K: Key> Search<K> for Nodes<K> {
    fn reserve(&mut self, keys: usize, most: Option<usize>) -> Result<(), Refusal> {
        let leaves = |keys: usize| keys.div_ceil(NODE);
        make_room(&mut self.leaves, leaves(keys), most.map(leaves))?;
        make_room(&mut self.upper, above(leaves(keys)), most.map(|most| above(leaves(most))))
    }

    fn build(&mut self, count: usize, key: impl Fn(usize) -> K) {
        self.count = count;
        self.leaves.clear();
        for first in (0..count).step_by(NODE) {
            let mut node = Node::EMPTY;
            for (place, rank) in node.0.iter_mut().zip(first..count) {
                *place = key(rank);
            }
            self.leaves.push(node);
        }
        self.build_upper();
    }

    fn inserted(&mut self, at: usize, count: usize, key: impl Fn(usize) -> K) {
        self.count = count;
        self.leaves.resize(count.div_ceil(NODE), Node::EMPTY);
        let (mut carried, mut from) = (key(at), at % NODE);
        for node in &mut self.leaves[at / NODE..] {
            let next = node.0[NODE - 1];
            node.0.copy_within(from..NODE - 1, from + 1);
            node.0[from] = carried;
            (carried, from) = (next, 0);
        }
        self.build_upper();
    }

    fn removed(&mut self, at: usize, count: usize, _: impl Fn(usize) -> K) {
        self.count = count;
        let mut carried = K::PAD;
        for (number, node) in self.leaves.iter_mut().enumerate().skip(at / NODE).rev() {
            let to = if number == at / NODE { at % NODE } else { 0 };
            let first = node.0[0];
            node.0.copy_within(to + 1.., to);
            node.0[NODE - 1] = carried;
            carried = first;
        }
        self.leaves.truncate(count.div_ceil(NODE));
        self.build_upper();
    }

    fn set(&mut self, at: usize, key: K) {
        let leaf = at / NODE;
        self.leaves[leaf].0[at % NODE] = key;
        if !at.is_multiple_of(NODE) {
            return;
        }
        // The lowest key of a leaf stands in one node above: where the way to it is not the first.
        let mut child = leaf;
        for &begin in &self.begins[..self.height] {
            if !child.is_multiple_of(FAN) {
                self.upper[begin + child / FAN].0[child % FAN - 1] = key;
                return;
            }
            child /= FAN;
        }
    }

    #[inline]
    fn rank(&self, key: K) -> usize {
        descend(self.kernel, self, key)
    }

    fn clear(&mut self) {
        *self = Self::new(self.kernel);
    }

    fn bytes(&self) -> usize {
        (self.leaves.capacity() + self.upper.capacity()) * size_of::<Node<K>>()
    }
}

impl<K: Key> Descent<K> for Nodes<K> {
    #[inline(always)]
    #[allow(clippy::inline_always)] // part of a function that has the instructions for `count`
    fn descend(&self, key: K, count: impl Fn(&Node<K>, K) -> usize) -> usize {
        let mut at = 0;
        for &begin in self.begins[..self.height].iter().rev() {
            at = at * FAN + count(&self.upper[begin + at], key);
        }
        match self.leaves.get(at) {
            Some(leaf) => at * NODE + count(leaf, key),
            None => 0,
        }
    }
}
