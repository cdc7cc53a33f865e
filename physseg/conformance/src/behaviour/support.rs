//! What every case starts from: the four ranges of the original suite, an empty table on the
//! backend under test, and the few steps that nearly all cases share.
//!
//! The backends of `physseg` are made subjects here: its own tests are another crate, in which neither
//! the trait nor the type would be at home. A backend from elsewhere does it where it lives.

use std::fmt::Debug;

use physseg::backend::sorted::{Index, Sorted};
use physseg::backend::{
    Array, BTree, Backend, BigFirst, Bsearch, Contig, Dense, Direct, LastHit, Linear, RbTree,
    Section, Strategy,
};
use physseg::{Error, FrameRange, FreeList, Handle, PageSize, Pfn, SegmentTable};

/// Frames of the four segments that the cases use.
pub(crate) const A: FrameRange = range(0, 256);
pub(crate) const B: FrameRange = range(256, 512);
pub(crate) const C: FrameRange = range(512, 768);
pub(crate) const D: FrameRange = range(768, 1024);

/// How many segments fit at boot (`VM_PHYSSEG_MAX`), except where one is all that there may be.
/// What [`Subject::fresh`] makes should have this much room, if it has any choice.
pub const ROOM: usize = 32;

/// A backend on which the suite can be run.
pub trait Subject: Backend + Debug {
    /// How many segments it takes at boot.
    const BOOT_ROOM: usize;

    /// Where the array keeps its records in the order of their frames, handles shift as that order
    /// says; else they only shift when a record goes or changes size.
    const LOADING_LOWER_SHIFTS: bool = false;

    /// One without segments.
    fn fresh() -> Self;
}

/// The array's strategies, with what the cases have to know about them.
pub(crate) trait ArrayKind: Strategy + Debug {
    const CAPACITY: usize = ROOM;
    const SORTED_BY_FRAME: bool = false;
}

impl ArrayKind for Bsearch {
    const SORTED_BY_FRAME: bool = true;
}
impl ArrayKind for Linear {}
impl ArrayKind for BigFirst {}
impl ArrayKind for Contig {
    const CAPACITY: usize = 1;
}

impl<K: ArrayKind> Subject for Array<K> {
    const BOOT_ROOM: usize = K::CAPACITY;
    const LOADING_LOWER_SHIFTS: bool = K::SORTED_BY_FRAME;

    fn fresh() -> Self {
        Self::new(Some(K::CAPACITY))
    }
}

impl Subject for RbTree {
    const BOOT_ROOM: usize = ROOM;

    fn fresh() -> Self {
        Self::with_boot_capacity(ROOM)
    }
}

impl<I: Index> Subject for Sorted<I> {
    const BOOT_ROOM: usize = ROOM;
    const LOADING_LOWER_SHIFTS: bool = true;

    fn fresh() -> Self {
        Self::with_boot_capacity(ROOM)
    }
}

impl Subject for Section {
    const BOOT_ROOM: usize = ROOM;

    fn fresh() -> Self {
        Self::with_boot_capacity(ROOM)
    }
}

impl Subject for BTree {
    const BOOT_ROOM: usize = ROOM;

    fn fresh() -> Self {
        Self::with_boot_capacity(ROOM)
    }
}

impl Subject for Direct {
    const BOOT_ROOM: usize = ROOM;

    fn fresh() -> Self {
        Self::with_boot_capacity(ROOM)
    }
}

impl Subject for Dense {
    const BOOT_ROOM: usize = Self::CAPACITY;

    fn fresh() -> Self {
        Self::new()
    }
}

impl<S: Subject> Subject for LastHit<S> {
    const BOOT_ROOM: usize = S::BOOT_ROOM;
    const LOADING_LOWER_SHIFTS: bool = S::LOADING_LOWER_SHIFTS;

    fn fresh() -> Self {
        Self::new(S::fresh())
    }
}

/// `[start, end)`, for constants that are known to hold a frame.
pub(crate) const fn range(start: u64, end: u64) -> FrameRange {
    match FrameRange::new(Pfn::new(start), Pfn::new(end)) {
        Some(range) => range,
        None => panic!("an empty range"),
    }
}

pub(crate) const fn pfn(number: u64) -> Pfn {
    Pfn::new(number)
}

/// An empty table at the beginning of boot.
pub(crate) fn empty<S: Subject>() -> SegmentTable<S> {
    let mut table = SegmentTable::init(S::fresh());
    table.set_page_size(PageSize::FOUR_KIB).unwrap();
    table
}

/// Loads a segment, all of it available.
pub(crate) fn try_load<S: Backend>(
    table: &mut SegmentTable<S>,
    range: FrameRange,
) -> Result<Handle<S::Handle>, Error> {
    let (start, end) = (range.start(), range.end());
    table.physload(start, end, start, end, FreeList::Default)
}

/// As [`try_load`] where there is nothing to refuse.
pub(crate) fn load<S: Backend>(
    table: &mut SegmentTable<S>,
    range: FrameRange,
) -> Handle<S::Handle> {
    try_load(table, range).unwrap()
}

/// Loads a segment besides the one that is there. A backend for one segment refuses, the table is
/// as it was, and the answer is `None`: the rest of the case is about two segments.
pub(crate) fn load_besides<S: Subject>(
    table: &mut SegmentTable<S>,
    range: FrameRange,
) -> Option<Handle<S::Handle>> {
    if S::BOOT_ROOM > 1 {
        return Some(load(table, range));
    }
    let before = picture(table);
    assert_eq!(try_load(table, range), Err(Error::NoRoom { capacity: 1 }));
    assert_eq!(picture(table), before);
    None
}

/// A table with these segments (only the first of them on a backend for one), after boot.
pub(crate) fn booted<S: Subject>(ranges: &[FrameRange]) -> SegmentTable<S> {
    let mut table = empty::<S>();
    for &range in ranges.iter().take(S::BOOT_ROOM) {
        load(&mut table, range);
    }
    table.page_init().unwrap();
    table
}

/// Adds the frames of `range`.
pub(crate) fn plug<S: Backend>(
    table: &mut SegmentTable<S>,
    range: FrameRange,
) -> Result<Handle<S::Handle>, Error> {
    table.plug(range.start(), range.frames())
}

/// Takes the frames of `range` away.
pub(crate) fn unplug<S: Backend>(
    table: &mut SegmentTable<S>,
    range: FrameRange,
) -> Result<(), Error> {
    table.unplug(range.start(), range.frames())
}

/// The handle of the segment that holds a frame.
pub(crate) fn holder<S: Backend>(table: &SegmentTable<S>, frame: u64) -> Handle<S::Handle> {
    table.find(pfn(frame)).expect("no segment holds it").0
}

/// The ranges of all segments, in the order of the walk.
pub(crate) fn ranges<S: Backend>(table: &SegmentTable<S>) -> Vec<FrameRange> {
    table.segments().map(|(_, seg)| seg.range()).collect()
}

/// Everything that a refused operation must leave as it was: the records with their descriptors
/// and words, the number of pages, and what each slab has given out.
pub(crate) fn picture<S: Backend>(table: &SegmentTable<S>) -> String {
    table.backend().check().unwrap();
    let records: Vec<_> = table.segments().map(|(handle, segment)| (handle, *segment)).collect();
    format!("{records:?} {} {}", table.pages(), descriptors(table))
}

/// The handles that name no segment.
pub(crate) fn nowhere<H>() -> [Handle<H>; 3] {
    [Handle::Invalid, Handle::Empty, Handle::Overflow]
}

/// What every slab in use has given out, and to how many segments.
pub(crate) fn descriptors<S: Backend>(table: &SegmentTable<S>) -> String {
    let slabs = table.slabs();
    let mut in_use: Vec<_> = table
        .segments()
        .map(|(_, segment)| segment.slab())
        .filter(|&slab| slabs.users(slab).is_some())
        .collect();
    in_use.sort_unstable();
    in_use.dedup();
    let described: Vec<_> = in_use
        .into_iter()
        .map(|slab| {
            let (users, range) = (slabs.users(slab), slabs.range(slab));
            let extent = slabs.extent(slab);
            let taken: Vec<_> = extent.into_iter().flat_map(|e| e.regions()).collect();
            format!("{slab}: users {users:?}, {range:?}, {taken:?}")
        })
        .collect();
    format!("{} slabs {}", slabs.slabs(), described.join("; "))
}
