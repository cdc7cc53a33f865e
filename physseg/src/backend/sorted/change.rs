//! Adding and taking away records: in place, or in a new array that takes the place of the old one.

use alloc::vec::Vec;

use super::room::make_room;
use super::{Index, Sorted};
use crate::backend::Refusal;
use crate::segment::Segment;

impl<I: Index> Sorted<I> {
    /// Puts `segment` at `at`, where there will be `most` records at most before boot ends.
    pub(super) fn put(
        &mut self,
        at: usize,
        segment: Segment,
        most: Option<usize>,
    ) -> Result<(), Refusal> {
        let wanted = self.records.len() + 1;
        if !(I::COPIES && self.booted()) {
            make_room(&mut self.records, wanted, most)?;
            self.records.insert(at, segment);
            return Ok(());
        }
        let mut copy = copy_for(wanted)?;
        let (below, above) = self.records.split_at(at);
        copy.extend_from_slice(below);
        copy.push(segment);
        copy.extend_from_slice(above);
        self.records = copy;
        Ok(())
    }

    /// Takes the record at `at` out. That cannot fail: without memory for a copy, it is not copied.
    pub(super) fn take(&mut self, at: usize) -> Segment {
        if I::COPIES
            && self.booted()
            && let Ok(mut copy) = copy_for(self.records.len() - 1)
        {
            let segment = self.records[at];
            copy.extend_from_slice(&self.records[..at]);
            copy.extend_from_slice(&self.records[at + 1..]);
            self.records = copy;
            return segment;
        }
        self.records.remove(at)
    }
}

/// An empty array with room for exactly `records` records.
fn copy_for(records: usize) -> Result<Vec<Segment>, Refusal> {
    let mut copy = Vec::new();
    make_room(&mut copy, records, Some(records))?;
    Ok(copy)
}
