//! The four ways in which the static array has always been searched (`VM_PSTRAT_*`).

use crate::addr::Pfn;
use crate::segment::Segment;

/// An order of the records and the search that goes with it. Chosen at compile time, as in a
/// kernel, so that the search is inlined into whatever loop calls it.
pub trait Strategy: 'static {
    /// Whether records lie in the order of their frames.
    const SORTED: bool;

    /// Whether a record's place depends on its size, so that a cut can move it.
    const BY_SIZE: bool = false;

    /// Where among `records` a new one belongs.
    fn position(records: &[Segment], new: &Segment) -> usize;

    /// Which of `records` holds `pfn`.
    fn find(records: &[Segment], pfn: Pfn) -> Option<usize>;
}

/// Sorted by frame, binary search (`VM_PSTRAT_BSEARCH`): what the paper measured.
#[derive(Debug)]
pub enum Bsearch {}

impl Strategy for Bsearch {
    const SORTED: bool = true;

    fn position(records: &[Segment], new: &Segment) -> usize {
        records.partition_point(|record| record.start() < new.start())
    }

    /// The kernel's search rather than the standard library's: it keeps a start and a length,
    /// compares whole records through a branch, and stops as soon as the probed record holds the
    /// frame. A branchless search is another backend.
    #[inline]
    fn find(records: &[Segment], pfn: Pfn) -> Option<usize> {
        let mut start = 0;
        let mut len = records.len();
        while len != 0 {
            let probe = start + len / 2;
            let record = &records[probe];
            if pfn >= record.start() {
                if pfn < record.end() {
                    return Some(probe);
                }
                start = probe + 1;
                len -= 1;
            }
            len /= 2;
        }
        None
    }
}

/// In the order of loading, linear search (`VM_PSTRAT_RANDOM`).
#[derive(Debug)]
pub enum Linear {}

impl Strategy for Linear {
    const SORTED: bool = false;

    fn position(records: &[Segment], _new: &Segment) -> usize {
        records.len()
    }

    #[inline]
    fn find(records: &[Segment], pfn: Pfn) -> Option<usize> {
        records.iter().position(|record| record.contains(pfn))
    }
}

/// Largest first, linear search (`VM_PSTRAT_BIGFIRST`): most frames are in few segments.
#[derive(Debug)]
pub enum BigFirst {}

impl Strategy for BigFirst {
    const SORTED: bool = false;
    const BY_SIZE: bool = true;

    fn position(records: &[Segment], new: &Segment) -> usize {
        records.partition_point(|record| record.frames() >= new.frames())
    }

    #[inline]
    fn find(records: &[Segment], pfn: Pfn) -> Option<usize> {
        records.iter().position(|record| record.contains(pfn))
    }
}

/// One segment, one range check: what a kernel with `VM_PHYSSEG_MAX == 1` compiles to.
#[derive(Debug)]
pub enum Contig {}

impl Strategy for Contig {
    const SORTED: bool = true;

    fn position(records: &[Segment], _new: &Segment) -> usize {
        records.len()
    }

    #[inline]
    fn find(records: &[Segment], pfn: Pfn) -> Option<usize> {
        match records.first() {
            Some(record) if record.contains(pfn) => Some(0),
            _ => None,
        }
    }
}
