//! Where nodes are kept: numbered places that never move.
//!
//! A vector that grows copies everything it holds, and has both copies for a while: gigabytes, with
//! tens of millions of free runs. Here memory comes in chunks, each as large as all before it up to
//! [`LARGE`] nodes, so that a small tree owns little and a large one is never copied.

use alloc::vec::Vec;

use super::OutOfMemory;
use super::node::{Item, Node};

/// No node: the root of an empty tree, and the end of the list of spare nodes.
pub(super) const NIL: u32 = u32::MAX;
/// Bits of [`LARGE`].
const LARGE_BITS: u32 = 10;
/// Nodes of a chunk, at most.
const LARGE: u32 = 1 << LARGE_BITS;

/// Numbered nodes.
#[derive(Debug)]
pub(super) struct Pool<T> {
    chunks: Vec<Vec<Node<T>>>,
    /// Nodes that there is memory for.
    room: u32,
    /// Nodes that have been taken at least once.
    touched: u32,
    used: u32,
    /// Head of the list of nodes that were given back.
    spare: u32,
}

/// The chunk of a node, and its place there: chunks hold 1, 1, 2, 4, ... [`LARGE`], [`LARGE`], ...
#[inline]
const fn locate(node: u32) -> (usize, usize) {
    if node >= LARGE {
        return ((LARGE_BITS + (node >> LARGE_BITS)) as usize, (node & (LARGE - 1)) as usize);
    }
    match node.checked_ilog2() {
        None => (0, 0),
        Some(bits) => (bits as usize + 1, (node ^ (1 << bits)) as usize),
    }
}

impl<T: Item> Pool<T> {
    pub(super) const fn new() -> Self {
        Self { chunks: Vec::new(), room: 0, touched: 0, used: 0, spare: NIL }
    }

    /// Makes sure that `more` nodes can be taken, and that there is memory for `all`.
    #[inline]
    pub(super) fn reserve(&mut self, more: u32, all: u32) -> Result<(), OutOfMemory> {
        let all = all.max(self.used.saturating_add(more));
        while self.room < all {
            self.grow()?;
        }
        Ok(())
    }

    #[cold]
    fn grow(&mut self) -> Result<(), OutOfMemory> {
        // The next chunk is the one that the first missing node lies in: as large as all so far.
        let nodes = self.room.clamp(1, LARGE);
        let room = self.room.checked_add(nodes).ok_or(OutOfMemory)?;
        let mut chunk = Vec::new();
        chunk.try_reserve_exact(nodes as usize).map_err(|_| OutOfMemory)?;
        self.chunks.try_reserve(1).map_err(|_| OutOfMemory)?;
        self.chunks.push(chunk);
        self.room = room;
        Ok(())
    }

    /// An empty node. Memory for it has been reserved.
    pub(super) fn take(&mut self) -> u32 {
        self.used += 1;
        let node = self.spare;
        if node != NIL {
            let place = self.get_mut(node);
            let next = place.next;
            *place = Node::EMPTY;
            self.spare = next;
            return node;
        }
        let node = self.touched;
        self.chunks[locate(node).0].push(Node::EMPTY);
        self.touched += 1;
        node
    }

    pub(super) fn give_back(&mut self, node: u32) {
        let next = self.spare;
        self.get_mut(node).next = next;
        self.spare = node;
        self.used -= 1;
    }

    #[inline]
    pub(super) fn get(&self, node: u32) -> &Node<T> {
        let (chunk, place) = locate(node);
        &self.chunks[chunk][place]
    }

    #[inline]
    pub(super) fn get_mut(&mut self, node: u32) -> &mut Node<T> {
        let (chunk, place) = locate(node);
        &mut self.chunks[chunk][place]
    }

    /// Nodes in use.
    #[cfg(test)]
    pub(super) fn used(&self) -> u32 {
        self.used
    }
}
