//! The ordered walk: first, last, next, previous, and what a handle is worth.

use physseg::Handle;

use super::support::{
    A, B, C, D, Subject, booted, empty, holder, load, load_besides, nowhere, pfn, picture, plug,
    ranges, unplug,
};

/// Loads A, then (where there is room) B and C, so that handles follow the frames on any backend.
fn three<S: Subject>() -> (physseg::SegmentTable<S>, Vec<Handle<S::Handle>>) {
    let mut table = empty::<S>();
    let mut handles = vec![load(&mut table, A)];
    handles.extend(load_besides(&mut table, B));
    handles.extend(load_besides(&mut table, C));
    (table, handles)
}

pub(crate) fn next_goes_up_and_ends_in_overflow<S: Subject>() {
    let (table, handles) = three::<S>();
    for pair in handles.windows(2) {
        assert_eq!(table.next(pair[0]), pair[1]);
    }
    assert_eq!(table.next(handles[handles.len() - 1]), Handle::Overflow);
    assert_eq!(handles.len(), S::BOOT_ROOM.min(3));
}

pub(crate) fn prev_goes_down_and_ends_in_empty<S: Subject>() {
    let (table, handles) = three::<S>();
    for pair in handles.windows(2) {
        assert_eq!(table.prev(pair[1]), pair[0]);
    }
    assert_eq!(table.prev(handles[0]), Handle::Empty);
}

pub(crate) fn next_of_an_invalid_handle_is_invalid<S: Subject>() {
    let (table, _) = three::<S>();
    for handle in nowhere() {
        assert_eq!(table.next(handle), Handle::Invalid);
    }
}

pub(crate) fn prev_of_an_invalid_handle_is_invalid<S: Subject>() {
    let (table, _) = three::<S>();
    for handle in nowhere() {
        assert_eq!(table.prev(handle), Handle::Invalid);
    }
}

pub(crate) fn first_is_the_lowest_whatever_the_order_of_loading<S: Subject>() {
    let mut table = empty::<S>();
    let b = load(&mut table, B);
    assert_eq!(table.first(), b);
    let Some(a) = load_besides(&mut table, A) else {
        return;
    };
    assert_eq!(table.first(), a);
    assert_eq!(table.start(table.first()), Some(pfn(0)));
    load(&mut table, C);
    assert_eq!(table.start(table.first()), Some(pfn(0)));
    assert_eq!(ranges(&table), [A, B, C]);
}

pub(crate) fn last_is_the_highest_whatever_the_order_of_loading<S: Subject>() {
    let mut table = empty::<S>();
    load(&mut table, B);
    assert_eq!(table.end(table.last()), Some(pfn(512)));
    let Some(c) = load_besides(&mut table, C) else {
        return;
    };
    assert_eq!(table.last(), c);
    load(&mut table, A);
    assert_eq!(table.start(table.last()), Some(pfn(512)));
    let backwards: Vec<_> = table.segments().rev().map(|(_, seg)| seg.range()).collect();
    assert_eq!(backwards, [C, B, A]);
}

pub(crate) fn a_present_segment_is_valid_before_and_after_boot<S: Subject>() {
    let (mut table, handles) = three::<S>();
    assert!(handles.iter().all(|&handle| table.valid(handle)));
    assert!(table.segments().all(|(_, seg)| seg.pages().is_none()));
    table.page_init().unwrap();
    assert!(handles.iter().all(|&handle| table.valid(handle)));
    assert!(table.segments().all(|(_, seg)| seg.pages().is_some()));
}

pub(crate) fn handles_that_name_nothing_are_not_valid<S: Subject>() {
    let mut table = empty::<S>();
    assert!(!nowhere().into_iter().any(|handle| table.valid(handle)));
    load(&mut table, A);
    assert!(!nowhere().into_iter().any(|handle| table.valid(handle)));
    table.page_init().unwrap();
    assert!(!nowhere().into_iter().any(|handle| table.valid(handle)));
}

pub(crate) fn highest_frame_is_inside_the_last_segment<S: Subject>() {
    let mut table = empty::<S>();
    load(&mut table, B);
    assert_eq!(table.highest_frame(), Some(pfn(511)));
    if load_besides(&mut table, D).is_none() {
        return;
    }
    assert_eq!(table.highest_frame(), Some(pfn(1023)));
    load(&mut table, A);
    assert_eq!(table.highest_frame(), Some(pfn(1023)));
}

/// Loading high, then low. The tree's first handle still names the upper segment, so that its
/// predecessor is the new one. The sorted array's now names the lower one, which has no
/// predecessor. Unsorted arrays append, so that this alone does not shift theirs.
pub(crate) fn an_old_handle_after_loading_below_it<S: Subject>() {
    let mut table = empty::<S>();
    let old = load(&mut table, B);
    assert_eq!(table.prev(old), Handle::Empty);
    let Some(new) = load_besides(&mut table, A) else {
        return;
    };
    if S::LOADING_LOWER_SHIFTS {
        assert!(!S::CAPABILITIES.stable_handles);
        assert_eq!(old, new);
        assert_eq!(table.start(old), Some(pfn(0)));
        assert_eq!(table.prev(old), Handle::Empty);
    } else {
        assert_eq!(table.prev(old), new);
        assert_eq!(table.start(table.prev(old)), Some(pfn(0)));
        assert_eq!(table.end(table.prev(old)), Some(pfn(256)));
        assert_eq!(table.start(old), Some(pfn(256)));
    }
}

/// When a lower segment goes, every array shifts: the handle of the upper one names nothing or
/// another. The tree's stays, and the handle of the segment that went names nothing for good.
pub(crate) fn an_old_handle_after_a_lower_segment_went<S: Subject>() {
    let mut table = empty::<S>();
    let a = load(&mut table, A);
    let Some(b) = load_besides(&mut table, B) else {
        return;
    };
    let c = load(&mut table, C);
    unplug(&mut table, A).unwrap();
    if S::CAPABILITIES.stable_handles {
        assert_eq!(table.start(b), Some(pfn(256)));
        assert_eq!(table.start(c), Some(pfn(512)));
        assert!(!table.valid(a) && table.segment(a).is_none());
        assert_eq!(table.next(a), Handle::Invalid);
        load(&mut table, A);
        assert!(!table.valid(a), "a new segment under an old handle");
    } else {
        assert_eq!(table.start(a), Some(pfn(256)));
        assert_eq!(table.start(b), Some(pfn(512)));
        assert!(!table.valid(c));
    }
}

/// Cutting a segment short leaves its handle as it is; where size decides about the place of a
/// record (BIGFIRST), only finding it again does.
pub(crate) fn a_handle_after_cutting_its_segment<S: Subject>() {
    let mut table = booted::<S>(&[A, B, C]);
    let a = holder(&table, 0);
    unplug(&mut table, super::support::range(0, 16)).unwrap();
    assert_eq!(table.start(holder(&table, 16)), Some(pfn(16)));
    if S::CAPABILITIES.stable_handles {
        assert_eq!(holder(&table, 16), a);
        let before = picture(&table);
        unplug(&mut table, super::support::range(100, 110)).unwrap();
        assert_eq!(holder(&table, 99), a, "the head keeps the handle");
        assert_ne!(holder(&table, 110), a);
        plug(&mut table, super::support::range(100, 110)).unwrap();
        assert_ne!(picture(&table), before, "three segments, not one");
        assert_eq!(table.end(a), Some(pfn(100)));
    }
}
