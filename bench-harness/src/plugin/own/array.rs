//! `abi:array`: the built-in array, loaded at boot, behind the functions of the interface.
//!
//! A boot-only table, as the array was upstream. It gives out page identities itself; the harness, whose table of
//! the same layout boots in the same way, tells it the same ones, and that they are the same is checked.
#![allow(unsafe_code)] // functions as C declares them, whose pointers are the caller's promise

use std::ffi::{c_int, c_void};

use physseg::backend::{Array, Backend, Bsearch};
use physseg::{Error, FreeList, PageId, PageSize, Pfn, SegmentTable};

use crate::plugin::abi::{self, Answer};
use crate::plugin::library::Functions;

type Table = SegmentTable<Array<Bsearch>>;

pub(super) const FUNCTIONS: Functions = Functions {
    create,
    destroy,
    physload,
    page_init,
    boot_done: None,
    plug: None,
    unplug: None,
    find: Some(find),
    find_batch: Some(find_batch),
    segments,
    bytes: Some(bytes),
};

unsafe extern "C" fn create(page_size: u64, capacity: u64) -> *mut c_void {
    let capacity = usize::try_from(capacity).ok().filter(|&capacity| capacity > 0);
    let mut table: Table = SegmentTable::init(Array::new(capacity));
    match PageSize::new(page_size).map(|size| table.set_page_size(size)) {
        Some(Ok(())) => Box::into_raw(Box::new(table)).cast(),
        _ => std::ptr::null_mut(),
    }
}

unsafe extern "C" fn destroy(this: *mut c_void) {
    // SAFETY: it is what `create` made, and is not used again.
    drop(unsafe { Box::from_raw(this.cast::<Table>()) });
}

unsafe extern "C" fn physload(this: *mut c_void, start: u64, end: u64) -> c_int {
    // SAFETY: it is what `create` made, and no other call runs.
    let table = unsafe { &mut *this.cast::<Table>() };
    let (start, end) = (Pfn::new(start), Pfn::new(end));
    code(table.physload(start, end, start, end, FreeList::Default).map(drop))
}

/// The first one boots the table; that gives all segments their pages.
unsafe extern "C" fn page_init(this: *mut c_void, start: u64, end: u64, first: u64) -> c_int {
    // SAFETY: as in `physload`.
    let table = unsafe { &mut *this.cast::<Table>() };
    if !table.booted()
        && let Err(error) = table.page_init()
    {
        return code(Err(error));
    }
    let backend = table.backend();
    let segment = backend.find(Pfn::new(start)).and_then(|(handle, _)| backend.get(handle));
    let is_it = segment.is_some_and(|segment| {
        (segment.start().get(), segment.end().get()) == (start, end)
            && segment.pages().map(PageId::raw) == Some(first)
    });
    if is_it { abi::OK } else { abi::EINVAL }
}

unsafe extern "C" fn find(this: *const c_void, pfn: u64) -> Answer {
    // SAFETY: it is what `create` made, and nothing changes it meanwhile.
    lookup(unsafe { &*this.cast::<Table>() }.backend(), pfn)
}

unsafe extern "C" fn find_batch(
    this: *const c_void,
    pfns: *const u64,
    answers: *mut Answer,
    count: usize,
) {
    // SAFETY: as in `find`.
    let backend = unsafe { &*this.cast::<Table>() }.backend();
    for at in 0..count {
        // SAFETY: the interface promises `count` elements behind either pointer, and that they do not overlap.
        unsafe { answers.add(at).write(lookup(backend, pfns.add(at).read())) };
    }
}

#[inline(always)]
#[allow(clippy::inline_always)] // the body of the timed loop
fn lookup(backend: &Array<Bsearch>, pfn: u64) -> Answer {
    let pfn = Pfn::new(pfn);
    let found = backend.find(pfn).and_then(|(handle, _)| backend.get(handle));
    found.map_or(Answer::MISS, |segment| Answer {
        segment_start: segment.start().get(),
        page: segment.page_of(pfn).map_or(abi::MISS, PageId::raw),
    })
}

unsafe extern "C" fn segments(this: *const c_void) -> u64 {
    // SAFETY: as in `find`.
    unsafe { &*this.cast::<Table>() }.len() as u64
}

unsafe extern "C" fn bytes(this: *const c_void) -> u64 {
    // SAFETY: as in `find`.
    unsafe { &*this.cast::<Table>() }.backend().bytes() as u64
}

fn code(outcome: Result<(), Error>) -> c_int {
    match outcome {
        Ok(()) => abi::OK,
        Err(Error::NoMemory { .. } | Error::NoRoom { .. }) => abi::ENOMEM,
        Err(_) => abi::EINVAL,
    }
}
