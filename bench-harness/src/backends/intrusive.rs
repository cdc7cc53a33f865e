//! The crate `intrusive-collections`: a red-black tree whose links are a field of its boxed nodes,
//! compared inline where `rbtree` calls a function through a pointer.
//!
//! The tree hands its nodes out shared and never for changing, so a node holds what a lookup asks
//! for, in cells (56 bytes: links, bounds, first descriptor, key), and the record stands beside it.

#![allow(clippy::expl_impl_clone_on_copy)] // in what the crate's macro makes of `ByStart`

use std::cell::Cell;

use intrusive_collections::{Bound, KeyAdapter, RBTree, RBTreeLink, intrusive_adapter};
use physseg::backend::{Backend, Refusal};
use physseg::{PageId, Pfn, Segment};

use super::records::{Key, Records, left_to_records};

/// What the tree holds of a record. Cutting a segment moves its bounds, but never past another's, so
/// that its place in the tree stays the same.
#[derive(Debug)]
struct Node {
    link: RBTreeLink,
    start: Cell<u64>,
    end: Cell<u64>,
    pages: Cell<Option<PageId>>,
    key: Key,
}

intrusive_adapter!(ByStart = Box<Node>: Node { link => RBTreeLink });

impl<'a> KeyAdapter<'a> for ByStart {
    type Key = u64;

    #[inline]
    fn get_key(&self, node: &'a Node) -> u64 {
        node.start.get()
    }
}

/// See the module. Ends the program when memory is exhausted.
#[derive(Debug)]
pub struct Intrusive {
    tree: RBTree<ByStart>,
    records: Records,
}

impl Intrusive {
    /// One that takes so many records before boot ends.
    pub fn with_boot_capacity(capacity: usize) -> Self {
        let records = Records::with_boot_capacity(capacity);
        Self { tree: RBTree::new(ByStart::new()), records }
    }

    #[inline]
    fn holder(&self, pfn: Pfn) -> Option<&Node> {
        let node = self.tree.upper_bound(Bound::Included(&pfn.get())).get()?;
        (pfn.get() < node.end.get()).then_some(node)
    }
}

impl Backend for Intrusive {
    left_to_records!(linear_updates: false);

    #[inline]
    fn find(&self, pfn: Pfn) -> Option<(Key, u64)> {
        let node = self.holder(pfn)?;
        Some((node.key, pfn.get() - node.start.get()))
    }

    #[inline]
    fn find_page(&self, pfn: Pfn) -> Option<PageId> {
        let node = self.holder(pfn)?;
        Some(node.pages.get()?.offset(pfn.get() - node.start.get()))
    }

    fn find_geq(&self, pfn: Pfn) -> Option<Key> {
        let holder = self.holder(pfn);
        let above = || self.tree.lower_bound(Bound::Included(&pfn.get())).get();
        holder.or_else(above).map(|node| node.key)
    }

    fn find_leq(&self, pfn: Pfn) -> Option<Key> {
        self.tree.upper_bound(Bound::Included(&pfn.get())).get().map(|node| node.key)
    }

    fn insert(&mut self, segment: Segment) -> Result<Key, Refusal> {
        let key = self.records.insert(segment, self.find_geq(segment.end()))?;
        self.tree.insert(Box::new(Node {
            link: RBTreeLink::new(),
            start: Cell::new(segment.start().get()),
            end: Cell::new(segment.end().get()),
            pages: Cell::new(segment.pages()),
            key,
        }));
        Ok(key)
    }

    fn remove(&mut self, handle: Key) -> Option<Segment> {
        let segment = self.records.remove(handle)?;
        self.tree.find_mut(&segment.start().get()).remove();
        Some(segment)
    }

    fn replace(&mut self, handle: Key, segment: Segment) -> Option<Key> {
        let record = self.records.get_mut(handle)?;
        let node = self.tree.find(&record.start().get()).get()?;
        node.start.set(segment.start().get());
        node.end.set(segment.end().get());
        node.pages.set(segment.pages());
        *record = segment;
        Some(handle)
    }

    fn boot_ended(&mut self) {
        self.records.boot_ended();
    }

    fn bytes(&self) -> usize {
        self.index_bytes() + self.records.bytes()
    }

    fn index_bytes(&self) -> usize {
        self.records.len() * size_of::<Node>()
    }

    fn check(&self) -> Result<(), String> {
        self.records.check(self.tree.iter().count(), |key, segment| {
            let node = self.tree.find(&segment.start().get()).get();
            node.is_some_and(|node| {
                (node.key, node.end.get(), node.pages.get())
                    == (key, segment.end().get(), segment.pages())
            })
        })
    }
}
