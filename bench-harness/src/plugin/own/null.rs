//! `abi:null`: finds every frame, there or not, with its own number as the page.
//!
//! The same as examples/null of the C side; what is measured is the way there and back.
#![allow(unsafe_code)] // functions as C declares them, whose pointers are the caller's promise

use std::ffi::{c_int, c_void};
use std::ptr::NonNull;

use crate::plugin::abi::{self, Answer};
use crate::plugin::library::Functions;

pub(super) const FUNCTIONS: Functions = Functions {
    create,
    destroy,
    physload,
    page_init: with_page,
    boot_done: None,
    plug: Some(with_page),
    unplug: Some(physload),
    find: Some(find),
    find_batch: Some(find_batch),
    segments: nothing,
    bytes: Some(nothing),
};

/// There is nothing to point to: any pointer that is not null will do.
unsafe extern "C" fn create(_page_size: u64, _capacity: u64) -> *mut c_void {
    NonNull::<u64>::dangling().as_ptr().cast()
}

unsafe extern "C" fn destroy(_this: *mut c_void) {}

unsafe extern "C" fn physload(_this: *mut c_void, start: u64, end: u64) -> c_int {
    if start < end { abi::OK } else { abi::EINVAL }
}

unsafe extern "C" fn with_page(_this: *mut c_void, start: u64, end: u64, _first: u64) -> c_int {
    if start < end { abi::OK } else { abi::EINVAL }
}

unsafe extern "C" fn find(_this: *const c_void, pfn: u64) -> Answer {
    Answer { segment_start: 0, page: pfn }
}

unsafe extern "C" fn find_batch(
    _this: *const c_void,
    pfns: *const u64,
    answers: *mut Answer,
    count: usize,
) {
    for at in 0..count {
        // SAFETY: the interface promises `count` elements behind either pointer, and that they do not overlap.
        unsafe { answers.add(at).write(Answer { segment_start: 0, page: pfns.add(at).read() }) };
    }
}

unsafe extern "C" fn nothing(_this: *const c_void) -> u64 {
    0
}
