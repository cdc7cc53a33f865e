//! Physical memory segments behind one table, with interchangeable data structures.
//!
//! A kernel keeps its RAM as *segments*: runs of page frames with a page descriptor for each frame.
//! The question asked all the time is "which segment holds this frame, and where is its page
//! descriptor?" ([`SegmentTable::phys_to_page`], the kernel's `PHYS_TO_VM_PAGE`). The table
//! follows the API of NetBSD's `uvm_hotplug(9)`; which data structure answers is its type parameter,
//! a [`backend::Backend`].
//!
//! The crate is `no_std` with `alloc`, has no dependencies, and does not know that it is measured.

#![no_std]

extern crate alloc;

mod addr;
pub mod backend;
mod error;
pub mod extent;
mod handle;
mod page;
mod segment;
pub mod slab;
mod table;

pub use addr::{FrameRange, PADDR_BITS, Paddr, PageSize, Pfn};
pub use error::Error;
pub use handle::Handle;
pub use page::PageId;
pub use segment::{FreeList, Segment};
pub use table::{SegmentTable, Segments};
