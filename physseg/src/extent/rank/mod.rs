//! A map from numbers to weights that is ordered both ways: by key, and by weight.
//!
//! An extent asks three things of its free space: what lies beside this address, where is the
//! first run that is long enough, and which is the shortest run that is long enough. The standard
//! maps answer the first in O(log n) but have no room for the "heaviest below here" that the second
//! needs, keep two copies of everything for the third, and end the program where memory is short.
//! Here one node hangs in two AVL trees at once (Adelson-Velsky and Landis, 1962), all nodes live in
//! one vector, and room for a node is asked for before anything changes.
//!
//! Two modules use it: [`extent`](crate::extent) (key: first unit of a free run; weight: its
//! length less one) and [`slab`](crate::slab) (key: the slab; weight: its longest free run).

mod balance;
mod search;

use alloc::vec::Vec;

use balance::Path;

/// No node: the empty subtree, and the end of the list of spare nodes.
const NIL: u32 = u32::MAX;
/// The tree ordered by key.
const KEY: usize = 0;
/// The tree ordered by weight, then key.
const WEIGHT: usize = 1;
/// Which child: the lesser entries.
const LEFT: usize = 0;
/// Which child: the greater entries.
const RIGHT: usize = 1;

/// The vector could not grow: no memory, or no index left for another node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct OutOfMemory;

/// A key and its weight, as searches return them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Entry {
    pub(crate) key: u64,
    pub(crate) weight: u64,
}

/// Between which entries a key lies, and how to get there: valid until the map changes.
#[derive(Debug)]
pub(crate) struct Place {
    /// The entry with the greatest key not above the one asked for.
    pub(crate) before: Option<Entry>,
    /// The entry with the least key above it.
    pub(crate) after: Option<Entry>,
    path: Path,
}

/// A node's links in one of the two trees.
#[derive(Clone, Copy, Debug)]
struct Link {
    child: [u32; 2],
    height: u8,
}

/// 48 bytes: with tens of millions of free runs every byte counts, hence the 32-bit links.
#[derive(Clone, Copy, Debug)]
struct Node {
    key: u64,
    weight: u64,
    /// The greatest weight in this node's subtree of the tree ordered by key.
    heaviest: u64,
    links: [Link; 2],
}

/// The map. Empty, it owns no memory.
#[derive(Debug)]
pub(crate) struct RankMap {
    nodes: Vec<Node>,
    roots: [u32; 2],
    /// Head of the list of unused nodes, linked through their first child.
    spare: u32,
}

impl RankMap {
    /// An empty map.
    pub(crate) const fn new() -> Self {
        Self {
            nodes: Vec::new(),
            roots: [NIL; 2],
            spare: NIL,
        }
    }

    /// An empty map with memory for `entries` entries.
    pub(crate) fn with_room(entries: usize) -> Result<Self, OutOfMemory> {
        let mut map = Self::new();
        if entries > NIL as usize {
            return Err(OutOfMemory);
        }
        map.nodes
            .try_reserve_exact(entries)
            .map_err(|_| OutOfMemory)?;
        Ok(map)
    }

    /// Whether there is no entry.
    pub(crate) fn is_empty(&self) -> bool {
        self.roots[KEY] == NIL
    }

    /// Makes sure that the next [`insert`](Self::insert) finds memory. Amortised O(1).
    pub(crate) fn reserve_one(&mut self) -> Result<(), OutOfMemory> {
        let used = self.nodes.len();
        if self.spare != NIL || used < self.nodes.capacity() {
            return Ok(());
        }
        if used >= NIL as usize {
            return Err(OutOfMemory);
        }
        // Half as much again, from one node up: the vector's own policy starts with four, and most
        // of millions of slabs have one free run or none.
        let more = (used / 2).max(1).min(NIL as usize - used);
        self.nodes.try_reserve_exact(more).map_err(|_| OutOfMemory)
    }

    /// Gives the memory back if there is no entry.
    pub(crate) fn release_if_empty(&mut self) {
        if self.is_empty() {
            *self = Self::new();
        }
    }

    /// Adds `key`, which must not be present. Memory for it has been reserved.
    pub(crate) fn insert(&mut self, key: u64, weight: u64) {
        let place = self.place(key);
        self.insert_at(place, Entry { key, weight });
    }

    /// Adds `new`, whose key lies between the neighbours of `place`, without another search by key.
    /// Memory for it has been reserved.
    pub(crate) fn insert_at(&mut self, place: Place, new: Entry) {
        debug_assert!(place.before.is_none_or(|before| before.key < new.key));
        debug_assert!(place.after.is_none_or(|after| new.key < after.key));
        let node = self.take_node(Node {
            key: new.key,
            weight: new.weight,
            heaviest: new.weight,
            links: [Link {
                child: [NIL; 2],
                height: 1,
            }; 2],
        });
        self.link_at::<KEY>(place.path, node);
        self.link::<WEIGHT>(node);
    }

    /// Removes `key`; says its weight.
    pub(crate) fn remove(&mut self, key: u64) -> Option<u64> {
        let weight = self.get(key)?;
        let entry = Entry { key, weight };
        self.unlink::<WEIGHT>(entry);
        let node = self.unlink::<KEY>(entry);
        self.nodes[node as usize].links[KEY].child[LEFT] = self.spare;
        self.spare = node;
        Some(weight)
    }

    /// Turns the entry at `key` into another one with the same neighbours: no key may lie between
    /// the old one and the new one. A run that shrinks or grows is such a case, and costs one
    /// reordering instead of two. Does nothing if `key` is absent.
    pub(crate) fn replace(&mut self, key: u64, new: Entry) {
        let Some(weight) = self.get(key) else {
            debug_assert!(false, "{key} is absent");
            return;
        };
        let old = Entry { key, weight };
        if old == new {
            return;
        }
        let node = self.unlink::<WEIGHT>(old);
        self.nodes[node as usize].key = new.key;
        self.nodes[node as usize].weight = new.weight;
        self.link::<WEIGHT>(node);
        self.reweigh(new);
    }

    fn take_node(&mut self, node: Node) -> u32 {
        let index = self.spare;
        if index == NIL {
            self.nodes.push(node);
            #[allow(clippy::cast_possible_truncation)] // `reserve_one` keeps it below NIL
            return (self.nodes.len() - 1) as u32;
        }
        let slot = &mut self.nodes[index as usize];
        self.spare = slot.links[KEY].child[LEFT];
        *slot = node;
        index
    }
}

#[cfg(test)]
mod tests;
