//! What is counted of a stream of addresses.

use std::collections::BTreeSet;

use physseg::{FrameRange, Pfn};

use crate::recording::reuse::Reuse;

/// Ranges of reuse distances, each four times as wide as the one before.
pub(super) const DISTANCES: &[(u64, u64)] = &[
    (0, 1),
    (1, 4),
    (4, 16),
    (16, 64),
    (64, 256),
    (256, 1 << 10),
    (1 << 10, 1 << 12),
    (1 << 12, 1 << 14),
    (1 << 14, 1 << 16),
    (1 << 16, 1 << 18),
    (1 << 18, 1 << 20),
    (1 << 20, u64::MAX),
];

/// Frames of 4 KiB in 2 MiB and in 1 GiB: what one large page and one huge page map.
const NEAR: u64 = 1 << 9;
const FAR: u64 = 1 << 18;

/// Counts of a stream.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Figures {
    pub(super) addresses: u64,
    /// Addresses that lie in a segment.
    pub(super) found: u64,
    /// How many segments they lie in.
    pub(super) segments: u64,
    /// Addresses that lie in the segment in which the one before lies.
    pub(super) same_segment: u64,
    /// From one address to the next: the same frame, the next one, the one before it, near, less near, far.
    pub(super) strides: [u64; 6],
    pub(super) reuse: Reuse,
}

impl Figures {
    /// Of `pfns`, on `segments` if they are known.
    pub(super) fn of(
        pfns: impl ExactSizeIterator<Item = Pfn> + Clone,
        segments: Option<&[FrameRange]>,
    ) -> Self {
        let segments = segments.unwrap_or_default();
        let mut figures = Self {
            addresses: pfns.len() as u64,
            found: 0,
            segments: 0,
            same_segment: 0,
            strides: [0; 6],
            reuse: Reuse::of(pfns.clone()),
        };
        let mut touched = BTreeSet::new();
        let mut before: Option<(Pfn, Option<usize>)> = None;
        for pfn in pfns {
            let above = segments.partition_point(|segment| segment.start() <= pfn);
            let segment = above.checked_sub(1).filter(|&index| segments[index].contains(pfn));
            figures.found += u64::from(segment.is_some());
            if let Some((last, last_segment)) = before {
                figures.same_segment += u64::from(segment.is_some() && segment == last_segment);
                figures.strides[stride(last, pfn)] += 1;
            }
            touched.extend(segment);
            before = Some((pfn, segment));
        }
        figures.segments = touched.len() as u64;
        figures
    }
}

fn stride(from: Pfn, to: Pfn) -> usize {
    let (from, to) = (from.get(), to.get());
    match from.abs_diff(to) {
        0 => 0,
        1 if to > from => 1,
        1 => 2,
        near if near < NEAR => 3,
        far if far < FAR => 4,
        _ => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_and_segments_are_counted() {
        let frames = |start, end| FrameRange::new(Pfn::new(start), Pfn::new(end)).expect("frames");
        let segments = [frames(8, 16), frames(16, 32), frames(1 << 20, 1 << 21)];
        let pfns = [8, 9, 8, 8, 15, 16, 40, 41, 1 << 20, (1 << 20) + 600].map(Pfn::new);
        let figures = Figures::of(pfns.into_iter(), Some(&segments));
        assert_eq!((figures.addresses, figures.found, figures.segments), (10, 8, 3));
        assert_eq!(figures.same_segment, 5);
        assert_eq!(figures.strides, [1, 3, 1, 2, 1, 1]);
        assert_eq!(figures.reuse.firsts, 8);
    }
}
