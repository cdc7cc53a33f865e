//! The interface as `physseg_backend.h` has it, field by field; nothing here is called or read.
//!
//! The header is the contract and this its mirror: the sizes and offsets below are asserted when this
//! is compiled, so that a field out of place is no surprise at run time. Pointers are those of the
//! target, 64 or 32 bits wide. `library` reads these, `table` calls them.

use std::ffi::{c_char, c_int, c_void};
use std::fmt;
use std::mem::offset_of;

/// The version of the interface that this program speaks (`PHYSSEG_ABI_VERSION`).
pub(super) const ABI_VERSION: u32 = 1;

/// The name of the one function that a library exports, for the loader.
pub(super) const ENTRY: &std::ffi::CStr = c"physseg_backend_v1";

/// `PHYSSEG_OK`.
pub(super) const OK: c_int = 0;
/// `PHYSSEG_ENOMEM`.
pub(super) const ENOMEM: c_int = -1;
/// `PHYSSEG_EUNSUPPORTED`.
pub(super) const EUNSUPPORTED: c_int = -2;
/// `PHYSSEG_EINVAL`.
pub(super) const EINVAL: c_int = -3;

/// `PHYSSEG_MISS`: the page of a frame that is in no segment.
pub(super) const MISS: u64 = u64::MAX;

/// `PHYSSEG_FLAG_LINEAR_UPDATES`.
pub(super) const FLAG_LINEAR_UPDATES: u32 = 1;
/// `PHYSSEG_FLAG_NULL`.
pub(super) const FLAG_NULL: u32 = 2;

/// What a lookup found (`struct physseg_answer`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(C)]
pub struct Answer {
    /// First frame of the segment that holds the frame asked for; of no interest in a miss.
    pub segment_start: u64,
    /// Identity of the frame's page, or all ones where there is none.
    pub page: u64,
}

impl Answer {
    /// Nothing found.
    pub const MISS: Self = Self { segment_start: 0, page: MISS };

    /// Whether nothing was found.
    #[inline]
    pub fn is_miss(self) -> bool {
        self.page == MISS
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_miss() {
            return f.write_str("a miss");
        }
        write!(f, "segment_start {:#x}, page {:#x}", self.segment_start, self.page)
    }
}

pub(super) type Entry = unsafe extern "C" fn() -> *const Backend;
pub(super) type Create = unsafe extern "C" fn(u64, u64) -> *mut c_void;
pub(super) type Destroy = unsafe extern "C" fn(*mut c_void);
pub(super) type Physload = unsafe extern "C" fn(*mut c_void, u64, u64) -> c_int;
pub(super) type PageInit = unsafe extern "C" fn(*mut c_void, u64, u64, u64) -> c_int;
pub(super) type BootDone = unsafe extern "C" fn(*mut c_void) -> c_int;
pub(super) type Plug = unsafe extern "C" fn(*mut c_void, u64, u64, u64) -> c_int;
pub(super) type Unplug = unsafe extern "C" fn(*mut c_void, u64, u64) -> c_int;
pub(super) type Find = unsafe extern "C" fn(*const c_void, u64) -> Answer;
pub(super) type FindBatch = unsafe extern "C" fn(*const c_void, *const u64, *mut Answer, usize);
pub(super) type Count = unsafe extern "C" fn(*const c_void) -> u64;

/// The first 16 bytes, which every version of the interface has.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(super) struct Head {
    pub(super) abi_version: u32,
    pub(super) struct_size: u32,
    pub(super) flags: u32,
    pub(super) reserved: u32,
}

/// `struct physseg_backend`. Any function may be missing in what a library hands over; which ones must
/// not be `library` says.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub(super) struct Backend {
    pub(super) head: Head,
    pub(super) name: *const c_char,
    pub(super) version: *const c_char,
    pub(super) create: Option<Create>,
    pub(super) destroy: Option<Destroy>,
    pub(super) physload: Option<Physload>,
    pub(super) page_init: Option<PageInit>,
    pub(super) boot_done: Option<BootDone>,
    pub(super) plug: Option<Plug>,
    pub(super) unplug: Option<Unplug>,
    pub(super) find: Option<Find>,
    pub(super) find_batch: Option<FindBatch>,
    pub(super) segments: Option<Count>,
    pub(super) bytes: Option<Count>,
}

const POINTER: usize = size_of::<usize>();

const _: () = {
    assert!(size_of::<Answer>() == 16 && align_of::<Answer>() == align_of::<u64>());
    assert!(offset_of!(Answer, segment_start) == 0 && offset_of!(Answer, page) == 8);
    assert!(size_of::<Head>() == 16 && align_of::<Head>() == 4);
    assert!(offset_of!(Head, abi_version) == 0 && offset_of!(Head, struct_size) == 4);
    assert!(offset_of!(Head, flags) == 8 && offset_of!(Head, reserved) == 12);
    assert!(size_of::<Backend>() == 16 + 13 * POINTER);
    assert!(size_of::<Option<Find>>() == POINTER);
    let offsets = [
        offset_of!(Backend, name),
        offset_of!(Backend, version),
        offset_of!(Backend, create),
        offset_of!(Backend, destroy),
        offset_of!(Backend, physload),
        offset_of!(Backend, page_init),
        offset_of!(Backend, boot_done),
        offset_of!(Backend, plug),
        offset_of!(Backend, unplug),
        offset_of!(Backend, find),
        offset_of!(Backend, find_batch),
        offset_of!(Backend, segments),
        offset_of!(Backend, bytes),
    ];
    let mut field = 0;
    while field < offsets.len() {
        assert!(offsets[field] == 16 + field * POINTER);
        field += 1;
    }
};
