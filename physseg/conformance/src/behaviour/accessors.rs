//! What is asked of one segment: its bounds, its words, its pages, and finding it by a frame.

use physseg::{Error, FreeList, Handle, PageSize};

use super::support::{
    A, B, C, D, Subject, booted, empty, load, load_besides, nowhere, pfn, picture, ranges,
};

pub(crate) fn start_is_the_first_frame<S: Subject>() {
    let mut table = empty::<S>();
    let a = load(&mut table, A);
    assert_eq!(table.start(a), Some(pfn(0)));
    let Some(b) = load_besides(&mut table, B) else {
        return;
    };
    assert_eq!(table.start(b), Some(pfn(256)));
    assert_eq!((table.len(), table.pages()), (2, 0));
}

pub(crate) fn end_is_the_frame_after_the_last<S: Subject>() {
    let mut table = empty::<S>();
    let a = load(&mut table, A);
    assert_eq!(table.end(a), Some(pfn(256)));
    let Some(b) = load_besides(&mut table, B) else {
        return;
    };
    assert_eq!(table.end(b), Some(pfn(512)));
}

/// Loads `[0, 256)` and `[256, 512)`, of which only a part is available.
fn partly_available<S: Subject>() -> (physseg::SegmentTable<S>, [Handle<S::Handle>; 2]) {
    let mut table = empty::<S>();
    let mut load = |range: [u64; 4]| {
        let [start, end, avail_start, avail_end] = range.map(pfn);
        table.physload(start, end, avail_start, avail_end, FreeList::Default)
    };
    let a = load([0, 256, 16, 200]).unwrap();
    let b = match load([256, 512, 256, 511]) {
        Ok(b) => b,
        Err(refusal) => {
            assert_eq!(S::BOOT_ROOM, 1);
            assert_eq!(refusal, Error::NoRoom { capacity: 1 });
            Handle::Invalid
        }
    };
    (table, [a, b])
}

pub(crate) fn avail_start_is_the_first_available_frame<S: Subject>() {
    let (table, [a, b]) = partly_available::<S>();
    assert_eq!(table.avail_start(a), Some(pfn(16)));
    assert_eq!(table.avail_start(b), (S::BOOT_ROOM > 1).then_some(pfn(256)));
}

pub(crate) fn avail_end_is_the_frame_after_the_last_available<S: Subject>() {
    let (table, [a, b]) = partly_available::<S>();
    assert_eq!(table.avail_end(a), Some(pfn(200)));
    assert_eq!(table.avail_end(b), (S::BOOT_ROOM > 1).then_some(pfn(511)));
}

pub(crate) fn start_of_an_invalid_handle_is_none<S: Subject>() {
    let table = booted::<S>(&[A]);
    assert_eq!(nowhere().map(|handle| table.start(handle)), [None; 3]);
}

pub(crate) fn end_of_an_invalid_handle_is_none<S: Subject>() {
    let table = booted::<S>(&[A]);
    assert_eq!(nowhere().map(|handle| table.end(handle)), [None; 3]);
}

pub(crate) fn avail_start_of_an_invalid_handle_is_none<S: Subject>() {
    let table = booted::<S>(&[A]);
    assert_eq!(nowhere().map(|handle| table.avail_start(handle)), [None; 3]);
}

pub(crate) fn avail_end_of_an_invalid_handle_is_none<S: Subject>() {
    let table = booted::<S>(&[A]);
    assert_eq!(nowhere().map(|handle| table.avail_end(handle)), [None; 3]);
}

pub(crate) fn free_list_is_the_one_loaded_with<S: Subject>() {
    for list in (0..FreeList::COUNT).map(|number| FreeList::from_number(number).unwrap()) {
        let mut table = empty::<S>();
        let (start, end) = (A.start(), A.end());
        let a = table.physload(start, end, start, end, list).unwrap();
        assert_eq!(table.free_list(a), Ok(list));
        for handle in nowhere() {
            assert_eq!(table.free_list(handle), Err(Error::InvalidHandle));
        }
    }
    // The original refuses a list that does not exist; here there is no value for it.
    assert_eq!(FreeList::from_number(FreeList::COUNT), None);
}

pub(crate) fn start_hint_is_zero_at_first<S: Subject>() {
    let mut table = empty::<S>();
    let a = load(&mut table, A);
    assert_eq!(table.start_hint(a), Ok(0));
    for handle in nowhere() {
        assert_eq!(table.start_hint(handle), Err(Error::InvalidHandle));
    }
}

pub(crate) fn start_hint_stays_as_set<S: Subject>() {
    let mut table = empty::<S>();
    let a = load(&mut table, A);
    table.set_start_hint(a, 128).unwrap();
    assert_eq!(table.start_hint(a), Ok(128));
    table.page_init().unwrap();
    let a = table.first();
    assert_eq!(table.start_hint(a), Ok(128));
    table.set_start_hint(a, 255).unwrap();
    let beyond = Error::BeyondSegment { segment: A, frame: 256 };
    assert_eq!(table.set_start_hint(a, 256), Err(beyond));
    assert_eq!(table.start_hint(a), Ok(255));
}

pub(crate) fn start_hint_of_an_invalid_handle_cannot_be_set<S: Subject>() {
    let mut table = booted::<S>(&[A]);
    let before = picture(&table);
    for handle in nowhere() {
        assert_eq!(table.set_start_hint(handle, 0), Err(Error::InvalidHandle));
    }
    assert_eq!(picture(&table), before);
}

pub(crate) fn get_page_counts_from_the_segments_start<S: Subject>() {
    let mut table = empty::<S>();
    let a = load(&mut table, A);
    assert_eq!(table.get_page(a, 0), Err(Error::NoPages));
    table.page_init().unwrap();
    for frame in [0, 5, 113, 255] {
        let page = table.get_page(a, frame).unwrap();
        let paddr = pfn(frame).to_paddr(PageSize::FOUR_KIB).unwrap();
        assert_eq!(table.phys_to_page(paddr), Some(page));
        let first = table.get_page(a, 0).unwrap();
        assert_eq!(page.index() - first.index(), frame);
    }
    let beyond = Error::BeyondSegment { segment: A, frame: 256 };
    assert_eq!(table.get_page(a, 256), Err(beyond));
    for handle in nowhere() {
        assert_eq!(table.get_page(handle, 0), Err(Error::InvalidHandle));
    }
}

pub(crate) fn pmap_data_is_there_and_stays<S: Subject>() {
    let mut table = empty::<S>();
    let a = load(&mut table, A);
    assert_eq!(table.pmap_data(a), Ok(0));
    *table.pmap_data_mut(a).unwrap() = 0xfeed;
    if load_besides(&mut table, B).is_some() {
        let b = table.last();
        assert_eq!(table.pmap_data(b), Ok(0));
        *table.pmap_data_mut(b).unwrap() = 0xbead;
    }
    table.page_init().unwrap();
    assert_eq!(table.pmap_data(table.first()), Ok(0xfeed));
    for handle in nowhere() {
        assert_eq!(table.pmap_data(handle), Err(Error::InvalidHandle));
        assert_eq!(table.pmap_data_mut(handle), Err(Error::InvalidHandle));
    }
}

pub(crate) fn find_gives_segment_and_offset<S: Subject>() {
    let mut table = empty::<S>();
    let a = load(&mut table, A);
    assert_eq!(table.find(pfn(2)), Some((a, 2)));
    assert_eq!(table.find(pfn(253)), Some((a, 253)));
    let Some(b) = load_besides(&mut table, B) else {
        return;
    };
    assert_eq!(table.find(pfn(255)), Some((a, 255)));
    assert_eq!(table.find(pfn(256)), Some((b, 0)));
    assert_eq!(table.find(pfn(509)), Some((b, 253)));
}

pub(crate) fn find_of_a_missing_frame_is_none<S: Subject>() {
    let mut table = empty::<S>();
    assert_eq!(table.find(pfn(0)), None);
    load(&mut table, B);
    let _ = load_besides(&mut table, D);
    table.page_init().unwrap();
    let outside = [A.start(), A.last(), C.start(), D.end(), pfn(u64::MAX)];
    for missing in outside {
        assert_eq!(table.find(missing), None, "{missing}");
        assert_eq!(table.find_page(missing), None, "{missing}");
    }
    assert_eq!(ranges(&table)[0], B);
}
