//! The order's own invariants.

use alloc::format;
use alloc::string::String;

use super::{Entries, NONE, Order};

/// What the walk over all nodes has met.
struct Seen {
    nodes: usize,
    keys: usize,
    /// The leaf met last, whose successor must be the next one.
    leaf: u32,
    key: Option<u64>,
}

impl Order {
    /// Ascending keys within their bounds, all leaves at one depth and in one row, no node lost; that
    /// a search for each key leads to it; and that `is_record` says of each of `records` entries that
    /// the slot's record begins at the key.
    pub(in super::super) fn check(
        &self,
        records: usize,
        mut is_record: impl FnMut(u64, u32) -> bool,
    ) -> Result<(), String> {
        let mut seen = Seen { nodes: 0, keys: 0, leaf: NONE, key: None };
        let mut is_record = |key, slot| self.at_or_below(key) == Some(slot) && is_record(key, slot);
        seen.entries(&self.small, (None, None), &mut is_record)?;
        if !self.is_small() {
            if (self.small.len(), self.height.min(1)) != (0, 1) {
                return Err(format!("{} keys beside a tree", self.small.len()));
            }
            self.visit(self.root, self.height, (None, None), &mut seen, &mut is_record)?;
        }
        let last = self.nodes.get(seen.leaf).map_or(NONE, |leaf| leaf.next);
        if last != NONE {
            return Err(format!("the last leaf has a next, {last}"));
        }
        if (seen.nodes, seen.keys) != (self.nodes.in_use(), records) {
            let held = self.nodes.in_use();
            let Seen { nodes, keys, .. } = seen;
            return Err(format!("{nodes} of {held} nodes and {keys} of {records} keys are met"));
        }
        self.nodes.count_free().map(|_| ()).ok_or_else(|| "a broken chain of free nodes".into())
    }

    fn visit(
        &self,
        at: u32,
        above_leaves: usize,
        bounds: (Option<u64>, Option<u64>),
        seen: &mut Seen,
        is_record: &mut impl FnMut(u64, u32) -> bool,
    ) -> Result<(), String> {
        let node = self.nodes.get(at).ok_or_else(|| format!("no node {at}"))?;
        seen.nodes += 1;
        let (keys, values) = (node.entries.keys(), node.entries.values());
        // What has a single child at the top is taken away.
        if keys.len() < 1 + usize::from(at == self.root) {
            return Err(format!("node {at} has {} entries", keys.len()));
        }
        if above_leaves > 0 {
            // Searches count the bounds from the first on, which therefore must not be above any.
            if keys.first() != Some(&0) || !keys.is_sorted_by(|low, high| low < high) {
                return Err(format!("node {at} has the bounds {keys:?}"));
            }
            for (index, (&key, &child)) in keys.iter().zip(values).enumerate() {
                let low = if index == 0 { bounds.0 } else { Some(key) };
                let high = keys.get(index + 1).copied().or(bounds.1);
                self.visit(child, above_leaves - 1, (low, high), seen, is_record)?;
            }
            return Ok(());
        }
        let before = self.nodes.get(seen.leaf).map_or(at, |leaf| leaf.next);
        if node.prev != seen.leaf || before != at {
            return Err(format!("leaf {at} does not follow leaf {}", seen.leaf));
        }
        seen.leaf = at;
        seen.entries(&node.entries, bounds, is_record)
    }
}

impl Seen {
    /// Goes over the entries of a leaf, or of the array.
    fn entries<const N: usize>(
        &mut self,
        entries: &Entries<N>,
        bounds: (Option<u64>, Option<u64>),
        is_record: &mut impl FnMut(u64, u32) -> bool,
    ) -> Result<(), String> {
        for (&key, &slot) in entries.keys().iter().zip(entries.values()) {
            let inside = bounds.0.is_none_or(|low| low <= key)
                && bounds.1.is_none_or(|high| key < high)
                && self.key.is_none_or(|last| last < key);
            if !inside || !is_record(key, slot) {
                return Err(format!("key {key} with slot {slot} is not in its place"));
            }
            (self.key, self.keys) = (Some(key), self.keys + 1);
        }
        Ok(())
    }
}
