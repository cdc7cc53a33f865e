//! From entries in bytes to segments in page frames: sorted, without overlaps, whole pages only.

use physseg::{FrameRange, PADDR_BITS, PageSize, Pfn};

use super::found::{Bytes, Entry};

/// The first address that no page table could reach.
const ADDRESS_LIMIT: u64 = 1 << PADDR_BITS;

/// What became of a map's entries.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::layout) struct Normalised {
    /// Sorted; segments that touch are apart on purpose.
    pub(in crate::layout) segments: Vec<FrameRange>,
    /// Usable entries that no page table could reach.
    pub(in crate::layout) beyond: u64,
    /// Usable ranges without a whole page.
    pub(in crate::layout) crumbs: u64,
    /// Bytes that one entry calls usable and another does not; they are left out.
    pub(in crate::layout) contested: u64,
    /// Usable entries that overlap another.
    pub(in crate::layout) overlaps: u64,
}

/// A usable range.
#[derive(Clone, Copy)]
struct Usable {
    bytes: Bytes,
    node: Option<u32>,
}

/// The segments of `entries`. Ranges that touch are made one unless their nodes differ, or
/// `keeps_apart` and the boundary is that of a page: a boundary inside a page would cost the page.
pub(in crate::layout) fn normalise(
    entries: &[Entry],
    page_size: PageSize,
    keeps_apart: bool,
) -> Normalised {
    let mut done = Normalised::default();
    let mut usable = Vec::new();
    let mut other = Vec::new();
    for entry in entries.iter().filter(|entry| entry.bytes.length() > 0) {
        if !entry.usable {
            other.push(entry.bytes);
        } else if entry.bytes.end > ADDRESS_LIMIT {
            done.beyond += 1;
        } else {
            usable.push(Usable { bytes: entry.bytes, node: entry.node });
        }
    }
    let ranges = apart(usable, page_size, keeps_apart, &mut done.overlaps);
    let ranges = without(&ranges, other, &mut done.contested);
    for range in ranges {
        match whole_frames(range.bytes, page_size) {
            Some(frames) => done.segments.push(frames),
            None => done.crumbs += 1,
        }
    }
    done
}

/// Sorted, without overlaps among themselves; of what overlaps and is on different nodes, the range
/// that begins first keeps what both claim.
fn apart(
    mut ranges: Vec<Usable>,
    page_size: PageSize,
    keeps_apart: bool,
    overlaps: &mut u64,
) -> Vec<Usable> {
    ranges.sort_unstable_by_key(|range| (range.bytes.start, range.bytes.end, range.node));
    let mut apart: Vec<Usable> = Vec::with_capacity(ranges.len());
    for mut range in ranges {
        let Some(before) = apart.last_mut() else {
            apart.push(range);
            continue;
        };
        let (start, end) = (range.bytes.start, before.bytes.end);
        let on_purpose = start == end && keeps_apart && start.is_multiple_of(page_size.bytes());
        if start > end || on_purpose || (start == end && range.node != before.node) {
            apart.push(range);
            continue;
        }
        *overlaps += u64::from(start < end);
        if range.node == before.node {
            before.bytes.end = end.max(range.bytes.end);
        } else if range.bytes.end > end {
            range.bytes.start = end;
            apart.push(range);
        }
    }
    apart
}

/// `ranges` without what lies in one of `other`.
fn without(ranges: &[Usable], mut other: Vec<Bytes>, contested: &mut u64) -> Vec<Usable> {
    other.sort_unstable_by_key(|bytes| bytes.start);
    // Disjoint and sorted, so that both lists are walked once.
    let mut blocks: Vec<Bytes> = Vec::with_capacity(other.len());
    for bytes in other {
        match blocks.last_mut() {
            Some(last) if bytes.start <= last.end => last.end = last.end.max(bytes.end),
            _ => blocks.push(bytes),
        }
    }
    let mut left = Vec::with_capacity(ranges.len());
    let mut first = 0;
    for &range in ranges {
        let mut start = range.bytes.start;
        let end = range.bytes.end;
        while blocks.get(first).is_some_and(|block| block.end <= start) {
            first += 1;
        }
        for block in blocks[first..].iter().take_while(|block| block.start < end) {
            if block.start > start {
                left.push(Usable { bytes: Bytes { start, end: block.start }, ..range });
            }
            *contested += block.end.min(end) - block.start.max(start);
            start = block.end.min(end);
        }
        if start < end {
            left.push(Usable { bytes: Bytes { start, end }, ..range });
        }
    }
    left
}

/// The frames that lie wholly inside: the start is rounded up, the end down.
fn whole_frames(bytes: Bytes, page_size: PageSize) -> Option<FrameRange> {
    let start = bytes.start.div_ceil(page_size.bytes());
    let end = bytes.end >> page_size.shift();
    FrameRange::new(Pfn::new(start), Pfn::new(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::expand::frames;

    fn entry(start: u64, end: u64, usable: bool, node: Option<u32>) -> Entry {
        Entry { bytes: Bytes { start, end }, usable, node }
    }

    fn segments(entries: &[Entry], keeps_apart: bool) -> Vec<FrameRange> {
        normalise(entries, PageSize::FOUR_KIB, keeps_apart).segments
    }

    #[test]
    fn ranges_are_sorted_and_rounded_inwards() {
        let entries = [
            entry(0x10_0000, 0x20_0800, true, None),
            entry(0x800, 0x9_fc00, true, None),
            entry(0x9_fc00, 0x9_fd00, false, None),
            entry(0x30_0800, 0x30_1800, true, None),
        ];
        let done = normalise(&entries, PageSize::FOUR_KIB, true);
        assert_eq!(done.segments, [frames(0x1, 0x9f), frames(0x100, 0x200)]);
        assert_eq!((done.crumbs, done.contested, done.overlaps), (1, 0, 0));
    }

    #[test]
    fn what_touches_is_one_unless_somebody_wanted_it_apart() {
        let two = [entry(0, 0x2000, true, None), entry(0x2000, 0x4000, true, None)];
        assert_eq!(segments(&two, true), [frames(0, 2), frames(2, 4)]);
        assert_eq!(segments(&two, false), [frames(0, 4)]);
        // A boundary inside a page is nobody's wish, and the page would be lost.
        let inside = [entry(0, 0x1800, true, None), entry(0x1800, 0x4000, true, None)];
        assert_eq!(segments(&inside, true), [frames(0, 4)]);
        let nodes = [entry(0, 0x2000, true, Some(0)), entry(0x2000, 0x4000, true, Some(1))];
        assert_eq!(segments(&nodes, false), [frames(0, 2), frames(2, 4)]);
    }

    #[test]
    fn of_an_overlap_the_less_usable_type_counts() {
        let entries = [
            entry(0x0, 0x10_000, true, None),
            entry(0x4000, 0x5000, false, None),
            entry(0x4800, 0x6000, false, None),
            entry(0xf000, 0x20_000, false, None),
            entry(0x1f000, 0x30_000, true, None),
        ];
        let done = normalise(&entries, PageSize::FOUR_KIB, true);
        assert_eq!(done.segments, [frames(0, 4), frames(6, 0xf), frames(0x20, 0x30)]);
        assert_eq!(done.contested, 0x2000 + 0x1000 + 0x1000);
    }

    #[test]
    fn usable_ranges_that_overlap_are_one_on_a_node_and_cut_between_nodes() {
        let same = [entry(0, 0x4000, true, None), entry(0x2000, 0x6000, true, None)];
        assert_eq!(segments(&same, true), [frames(0, 6)]);
        let nodes = [
            entry(0, 0x4000, true, Some(0)),
            entry(0x2000, 0x6000, true, Some(1)),
            entry(0x3000, 0x3800, true, Some(2)),
        ];
        let done = normalise(&nodes, PageSize::FOUR_KIB, true);
        assert_eq!(done.segments, [frames(0, 4), frames(4, 6)]);
        assert_eq!(done.overlaps, 2);
    }

    #[test]
    fn addresses_have_up_to_52_bits() {
        let limit = 1 << 52;
        let entries = [
            entry(limit - 0x1000, limit, true, None),
            entry(limit, limit + 0x1000, true, None),
            entry(u64::MAX - 1, u64::MAX, true, None),
            entry(0, 0, true, None),
        ];
        let done = normalise(&entries, PageSize::FOUR_KIB, true);
        assert_eq!(done.segments, [frames((1 << 40) - 1, 1 << 40)]);
        assert_eq!(done.beyond, 2);
    }

    #[test]
    fn a_larger_page_leaves_less() {
        let pages = PageSize::new(65_536).unwrap();
        let entries =
            [entry(0x1000, 0x9_f000, true, None), entry(0x10_0000, 0x10_ffff, true, None)];
        let done = normalise(&entries, pages, true);
        assert_eq!((done.segments, done.crumbs), (vec![frames(1, 9)], 1));
    }
}
