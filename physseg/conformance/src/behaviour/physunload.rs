//! Stealing frames at boot: what a port does that needs memory before there is an allocator.

use physseg::{Error, FreeList, Handle, Paddr, PageSize, SegmentTable};

use super::support::{A, B, Subject, empty, load_besides, nowhere, pfn, picture, range, ranges};

const LIST: FreeList = FreeList::Default;

fn paddr_of(frame: u64) -> Paddr {
    pfn(frame).to_paddr(PageSize::FOUR_KIB).unwrap()
}

/// A table with `[0, 256)` of which `[avail_start, avail_end)` is available.
fn with_avail<S: Subject>(
    avail_start: u64,
    avail_end: u64,
) -> (SegmentTable<S>, Handle<S::Handle>) {
    let mut table = empty::<S>();
    let (start, end) = (A.start(), A.end());
    let handle = table.physload(start, end, pfn(avail_start), pfn(avail_end), LIST).unwrap();
    (table, handle)
}

pub(crate) fn takes_frames_from_the_start<S: Subject>() {
    let (mut table, a) = with_avail::<S>(0, 128);
    for frame in 0..8 {
        assert_eq!(table.physunload(a, LIST), Ok(Some(paddr_of(frame))));
    }
    assert_eq!(ranges(&table), [range(8, 256)]);
    assert_eq!(table.avail_start(a), Some(pfn(8)));
    assert_eq!(table.avail_end(a), Some(pfn(128)));
    assert_eq!((table.find(pfn(7)), table.pages()), (None, 0));
}

pub(crate) fn takes_frames_from_the_end<S: Subject>() {
    let (mut table, a) = with_avail::<S>(128, 256);
    for frame in (248..256).rev() {
        assert_eq!(table.physunload(a, LIST), Ok(Some(paddr_of(frame))));
    }
    assert_eq!(ranges(&table), [range(0, 248)]);
    assert_eq!(table.avail_start(a), Some(pfn(128)));
    assert_eq!(table.avail_end(a), Some(pfn(248)));
    assert_eq!(table.find(pfn(248)), None);
}

pub(crate) fn takes_none_when_avail_touches_neither_end<S: Subject>() {
    let (mut table, a) = with_avail::<S>(8, 248);
    let before = picture(&table);
    assert_eq!(table.physunload(a, LIST), Ok(None));
    assert_eq!(picture(&table), before);
}

/// Drains B, of which all is available, beside A. Where there is no A, the last frame stays.
fn drain<S: Subject>(
    force: bool,
    avail: [u64; 2],
    order: impl DoubleEndedIterator<Item = u64> + Clone,
) {
    let mut table = empty::<S>();
    let [avail_start, avail_end] = avail.map(pfn);
    let (start, end) = (B.start(), B.end());
    table.physload(start, end, avail_start, avail_end, LIST).unwrap();
    let two = load_besides(&mut table, A).is_some();
    let last = order.clone().next_back().unwrap();
    for frame in order {
        let b = table.last();
        let taken = if force { table.physunload_force(b, LIST) } else { table.physunload(b, LIST) };
        if frame == last && !two {
            assert_eq!(taken, Err(Error::LastSegment));
            assert_eq!(ranges(&table), [range(last, last + 1)]);
            return;
        }
        assert_eq!(taken, Ok(Some(paddr_of(frame))));
    }
    assert_eq!(ranges(&table), [A], "the drained segment is gone");
    assert_eq!((table.find(pfn(last)), table.pages()), (None, 0));
}

pub(crate) fn draining_from_the_start_deletes_the_segment<S: Subject>() {
    drain::<S>(false, [256, 512], 256..512);
}

/// The last available frame, taken from the end. What was never available stays, and with it the
/// segment: the original goes on to steal that too. A segment that holds nothing else goes.
pub(crate) fn draining_from_the_end_deletes_the_segment<S: Subject>() {
    let mut table = empty::<S>();
    let [start, avail_start, end] = [0, 1, 2].map(pfn);
    table.physload(start, end, avail_start, end, LIST).unwrap();
    let two = load_besides(&mut table, B).is_some();
    let first = table.first();
    assert_eq!(table.physunload(first, LIST), Ok(Some(paddr_of(1))));
    assert_eq!(ranges(&table)[0], range(0, 1));
    let first = table.first();
    assert_eq!(table.physunload(first, LIST), Ok(None));
    assert_eq!(table.find(pfn(0)), Some((first, 0)));

    let (mut table, _) = with_avail::<S>(128, 256);
    let _ = load_besides(&mut table, B);
    table.unplug(pfn(0), 128).unwrap();
    for frame in 128..255 {
        let first = table.first();
        assert_eq!(table.physunload(first, LIST), Ok(Some(paddr_of(frame))));
    }
    let (first, taken) = (table.first(), Some(paddr_of(255)));
    if two {
        assert_eq!(table.physunload(first, LIST), Ok(taken));
        assert_eq!(ranges(&table), [B]);
    } else {
        assert_eq!(table.physunload(first, LIST), Err(Error::LastSegment));
        assert_eq!(ranges(&table), [range(255, 256)]);
    }
}

pub(crate) fn takes_none_for_another_free_list<S: Subject>() {
    let (mut table, a) = with_avail::<S>(0, 256);
    let before = picture(&table);
    let other = FreeList::First16M;
    assert_eq!(table.physunload(a, other), Ok(None));
    assert_eq!(table.physunload_force(a, other), Ok(None));
    for handle in nowhere() {
        assert_eq!(table.physunload(handle, LIST), Err(Error::InvalidHandle));
        assert_eq!(table.physunload_force(handle, LIST), Err(Error::InvalidHandle));
    }
    assert_eq!(picture(&table), before);
}

pub(crate) fn forced_takes_all_frames_of_a_segment<S: Subject>() {
    drain::<S>(true, [256, 512], 256..512);
}

/// By force the first available frame goes wherever it lies, and the segment begins after it.
pub(crate) fn forced_takes_from_the_middle<S: Subject>() {
    let (mut table, a) = with_avail::<S>(100, 110);
    for frame in 100..110 {
        assert_eq!(table.physunload_force(a, LIST), Ok(Some(paddr_of(frame))));
        assert_eq!(ranges(&table), [range(frame + 1, 256)]);
    }
    assert_eq!(table.physunload_force(a, LIST), Ok(None));
    assert_eq!(ranges(&table), [range(110, 256)]);
}

pub(crate) fn forced_takes_none_when_nothing_is_available<S: Subject>() {
    for at in [0, 128, 256] {
        let (mut table, a) = with_avail::<S>(at, at);
        let before = picture(&table);
        assert_eq!(table.physunload_force(a, LIST), Ok(None));
        assert_eq!(table.physunload(a, LIST), Ok(None));
        assert_eq!(picture(&table), before);
    }
}
