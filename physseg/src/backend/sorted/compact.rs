//! An index that answers on its own: starts as keys, and 16 bytes for each segment.
//!
//! A page lookup is `bias + frame` once the segment is known, if the frame is below the segment's end.
//! Both words lie side by side, in an array of their own in the order of frames, so that four
//! segments share a cache line; the 72-byte record is not touched. Entry 0 stands below all segments
//! and ends before it begins: what lies under the lowest segment needs no test of its own. Hit or miss
//! is a conditional move, since half of all lookups may miss, and in no order that could be predicted.
//!
//! All frames are counted from the lowest segment on, so that 32 bits are enough for the keys of 16 TiB
//! (with 4 KiB pages), in half of the memory: a node of 16 is one cache line instead of two. Wider
//! spans have keys of 64 bits, with which a lookup among 8161 segments takes 1.1 (`Eytzinger`) to 1.8
//! times as long (`STree` with AVX2). An index that was wide once stays so: going back would need
//! memory where none may be asked for.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::hint::select_unpredictable;

use super::index::Index;
use super::key::{Key, Layout, Search};
use super::room::make_room;
use crate::addr::Pfn;
use crate::backend::Refusal;
use crate::page::PageId;
use crate::segment::Segment;

/// What is to be known of a segment when its place has been found.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(16))]
struct Entry {
    /// The frame after the last, from the base on; 0 where there is no descriptor.
    end: u64,
    /// The [`raw`](PageId::raw) word of the descriptor that the base would have.
    bias: u64,
}

/// Below all segments.
const BELOW: Entry = Entry { end: 0, bias: 0 };

/// Starts in the layout `L`, with ends and descriptors. See the module.
#[derive(Debug)]
pub struct Compact<L: Layout> {
    /// The frame that all others are counted from: not above any segment.
    base: u64,
    wide: bool,
    /// [`BELOW`], then one for each record, once boot has ended.
    entries: Vec<Entry>,
    /// One of the two is empty.
    narrow_keys: L::Of<u32>,
    wide_keys: L::Of<u64>,
}

impl<L: Layout> Default for Compact<L> {
    fn default() -> Self {
        Self::with(L::Of::default(), L::Of::default())
    }
}

impl<L: Layout> Compact<L> {
    /// One that uses these.
    pub(super) fn with(narrow_keys: L::Of<u32>, wide_keys: L::Of<u64>) -> Self {
        Self { base: 0, wide: false, entries: Vec::new(), narrow_keys, wide_keys }
    }

    pub(super) fn keys(&self) -> &L::Of<u32> {
        &self.narrow_keys
    }

    /// How many starts are not above the frame `from_base`; for a frame below the base (that is, a
    /// huge number) some number or other.
    #[inline(always)]
    #[allow(clippy::inline_always)] // it stands in two places, and a call costs a tenth of a lookup
    fn rank(&self, from_base: u64) -> usize {
        if self.wide {
            self.wide_keys.rank(u64::clamped(from_base))
        } else {
            self.narrow_keys.rank(u32::clamped(from_base))
        }
    }

    fn entry(&self, record: &Segment) -> Entry {
        match record.pages() {
            Some(first) => Entry {
                end: record.end().get() - self.base,
                bias: first.raw().wrapping_sub(record.start().get() - self.base),
            },
            None => BELOW,
        }
    }

    /// Whether `record` can be told from others with the base and the keys as they are. If not, it can
    /// with the lowest start as the base, as `reserve` saw to.
    fn reaches(&self, record: &Segment) -> bool {
        let from_base = record.start().frames_since(Pfn::new(self.base));
        from_base.is_some_and(|frames| self.wide || u32::fits(frames))
    }
}

/// The key of the record at a place, counted from `base`.
fn keys<K: Key>(records: &[Segment], base: u64) -> impl Fn(usize) -> K + '_ {
    move |at| K::clamped(records[at].start().get() - base)
}

impl<L: Layout> Index for Compact<L> {
    fn reserve(
        &mut self,
        records: &[Segment],
        new: &Segment,
        most: Option<usize>,
    ) -> Result<(), Refusal> {
        let count = records.len() + 1;
        let lowest = records.first().map_or(new, |first| first).start().min(new.start());
        // The last frame, not the last start: a segment that is cut from its front begins anywhere up
        // to there, and then no memory may be asked for.
        let highest = records.last().map_or(new, |last| last).range().last();
        let highest = highest.max(new.range().last());
        make_room(&mut self.entries, count + 1, most.map(|most| most.saturating_add(1)))?;
        if !self.wide && u32::fits(highest.get() - lowest.get()) {
            return self.narrow_keys.reserve(count, most);
        }
        self.wide_keys.reserve(count, most)?;
        if !self.wide {
            self.wide = true;
            self.narrow_keys.clear();
            if !self.entries.is_empty() {
                self.build(records);
            }
        }
        Ok(())
    }

    fn build(&mut self, records: &[Segment]) {
        self.base = records.first().map_or(0, |first| first.start().get());
        self.entries.clear();
        self.entries.push(BELOW);
        for record in records {
            self.entries.push(self.entry(record));
        }
        if self.wide {
            self.wide_keys.build(records.len(), keys(records, self.base));
        } else {
            self.narrow_keys.build(records.len(), keys(records, self.base));
        }
    }

    fn inserted(&mut self, records: &[Segment], at: usize) {
        if !self.reaches(&records[at]) {
            return self.build(records);
        }
        self.entries.insert(at + 1, self.entry(&records[at]));
        if self.wide {
            self.wide_keys.inserted(at, records.len(), keys(records, self.base));
        } else {
            self.narrow_keys.inserted(at, records.len(), keys(records, self.base));
        }
    }

    fn removed(&mut self, records: &[Segment], at: usize) {
        self.entries.remove(at + 1);
        if self.wide {
            self.wide_keys.removed(at, records.len(), keys(records, self.base));
        } else {
            self.narrow_keys.removed(at, records.len(), keys(records, self.base));
        }
    }

    fn replaced(&mut self, records: &[Segment], at: usize) {
        let record = &records[at];
        if !self.reaches(record) {
            return self.build(records);
        }
        self.entries[at + 1] = self.entry(record);
        let from_base = record.start().get() - self.base;
        if self.wide {
            self.wide_keys.set(at, u64::clamped(from_base));
        } else {
            self.narrow_keys.set(at, u32::clamped(from_base));
        }
    }

    #[inline]
    fn find(&self, records: &[Segment], pfn: Pfn) -> Option<usize> {
        let at = self.rank(pfn.get().wrapping_sub(self.base)).checked_sub(1)?;
        records.get(at)?.contains(pfn).then_some(at)
    }

    #[inline]
    fn find_page(&self, _: &[Segment], pfn: Pfn) -> Option<PageId> {
        let from_base = pfn.get().wrapping_sub(self.base);
        let entry = self.entries.get(self.rank(from_base))?;
        // A frame below the base is a number above every end.
        let hit = from_base < entry.end;
        PageId::from_raw(select_unpredictable(hit, entry.bias.wrapping_add(from_base), 0))
    }

    fn bytes(&self) -> usize {
        self.entries.capacity() * size_of::<Entry>()
            + self.narrow_keys.bytes()
            + self.wide_keys.bytes()
    }

    fn read_bytes(&self, _: usize) -> usize {
        self.bytes()
    }

    fn check(&self, records: &[Segment]) -> Result<(), String> {
        if self.entries.len() != records.len() + 1 {
            return Err(format!("{} entries of {} records", self.entries.len(), records.len()));
        }
        if self.wide && self.narrow_keys.bytes() > 0 {
            return Err("memory for keys of the other width".into());
        }
        for (at, record) in records.iter().enumerate() {
            let start = record.start().get() - self.base;
            let last = record.range().last().get() - self.base;
            let below = start.checked_sub(1).map_or(at, |frame| self.rank(frame));
            if (below, self.rank(start), self.rank(last)) != (at, at + 1, at + 1) {
                return Err(format!("{} is not number {at} to the index", record.range()));
            }
            let page = self.find_page(records, record.range().last());
            if page != record.page_of(record.range().last()) {
                return Err(format!("{page:?} at the end of {}", record.range()));
            }
        }
        Ok(())
    }
}
