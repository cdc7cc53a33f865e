//! Changes to the order: in the array, or handed on to the tree.

use super::Order;

impl Order {
    /// Adds a key that is not there. `None` if no room was [made](Order::reserve).
    #[inline]
    pub(in super::super) fn insert(&mut self, key: u64, slot: u32) -> Option<()> {
        if self.is_small() {
            if !self.small.is_full() {
                self.small.put(self.small.rank(key), key, slot);
                return Some(());
            }
            self.make_tree()?;
        }
        self.insert_in_tree(key, slot)
    }

    /// Takes a key out and answers with its slot.
    #[inline]
    pub(in super::super) fn remove(&mut self, key: u64) -> Option<u32> {
        if self.is_small() {
            return self.small.cut(self.small.place(key)?);
        }
        self.remove_in_tree(key)
    }

    /// Moves a key to where no other key lies between, which needs no memory.
    #[inline]
    pub(in super::super) fn rekey(&mut self, old: u64, new: u64) -> Option<()> {
        if self.is_small() {
            self.small.set_key(self.small.place(old)?, new);
            return Some(());
        }
        self.rekey_in_tree(old, new)
    }
}
