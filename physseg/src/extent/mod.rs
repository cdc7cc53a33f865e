//! extent(9): which parts of a number range are allocated.
//!
//! An extent manages an enumerable space from its start to its end, *both included*, so that it can
//! span all of a 64-bit number line: addresses, ports or, here, the names of page descriptors. The
//! kernel uses it after boot for the descriptors that unplugged segments leave behind;
//! [`slab`](crate::slab) does the same. Anybody may use it on its own.
//!
//! The original keeps the allocated regions in a sorted list and walks it, O(regions) a call. Here
//! the *free* runs are kept, in a map ordered by address and by length. Where regions coalesce they
//! are what the free runs leave, so that an allocated whole costs no memory at all.
//!
//! # Cost
//! n is the number of free runs (plus that of regions in an extent that does not coalesce).
//!
//! | call | time |
//! |---|---|
//! | `alloc_region`, `free` | O(log n) |
//! | `alloc`, no alignment or boundary | O(log n), first fit and best fit |
//! | `alloc_subregion`, first fit | O(log n), likewise |
//! | `alloc_subregion`, best fit | O(d log n), d = different lengths among the free runs that are long enough |
//! | with alignment or boundary | O(k log n), respectively O((k + d) log n), k = runs tried |
//! | size, largest free run, number of units | O(1) |
//!
//! d is at most about the square root of twice the free units, for different lengths add up. A run
//! is tried in vain only if it is long enough and still has no place that is aligned and keeps
//! clear of the lines; whatever lengths the other runs have costs nothing. Room for a descriptor
//! comes in chunks that grow with the extent: amortised O(1).
//!
//! # What differs from the original
//! - Nobody sleeps: see [`Flags`].
//! - A descriptor is needed for one region more, not for every call: an allocation that coalesces
//!   succeeds when all descriptors are in use.
//! - Boundary and alignment are honoured by every place that is returned, and a place is found
//!   whenever there is one.

mod allocate;
mod create;
mod error;
mod fit;
mod flags;
mod free;
pub(crate) mod rank;
mod regions;

use alloc::boxed::Box;

pub use error::ExtentError;
pub use flags::Flags;
pub use regions::{Region, Regions};

use fit::Request;
use rank::{Entry, RankMap};

/// Where region descriptors come from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Storage {
    /// From the heap, one at a time.
    #[default]
    Heap,
    /// From storage for this many regions, set aside on creation: no call needs memory later.
    Fixed(usize),
}

/// A number range, and which parts of it are allocated.
#[derive(Debug)]
pub struct Extent {
    name: &'static str,
    start: u64,
    end: u64,
    /// Free units, modulo 2^64: 0 is either none or all of the whole number line.
    free_units: u64,
    /// Allocated regions, coalesced where this extent coalesces.
    regions: u32,
    /// How many regions fixed storage can describe; [`HEAP`] without fixed storage.
    max_regions: u32,
    /// First unit of a maximal free run -> its length less one.
    free: RankMap,
    /// The same for allocated regions where they do not coalesce. Otherwise they are what `free`
    /// leaves, and there is nothing to keep.
    separate: Option<Box<RankMap>>,
}

/// No limit on the number of regions but that of the maps.
const HEAP: u32 = u32::MAX;

impl Extent {
    /// Ends the extent, with whatever is still allocated in it.
    pub fn destroy(self) {
        drop(self);
    }

    /// The name, for messages.
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// First unit.
    pub const fn start(&self) -> u64 {
        self.start
    }

    /// Last unit: the end is inclusive.
    pub const fn end(&self) -> u64 {
        self.end
    }

    /// How many units are free: 0 to 2^64.
    pub fn free_units(&self) -> u128 {
        if self.free_units == 0 && !self.free.is_empty() {
            return 1 << 64;
        }
        self.free_units.into()
    }

    /// How many units the longest free run has: 0 to 2^64.
    pub fn largest_free(&self) -> u128 {
        self.free.heaviest().map_or(0, |weight| u128::from(weight) + 1)
    }

    /// Whether nothing is allocated.
    pub const fn is_unused(&self) -> bool {
        self.regions == 0
    }

    /// How many regions are allocated: the descriptors in use.
    pub const fn region_count(&self) -> usize {
        self.regions as usize
    }

    /// The allocated regions in ascending order.
    pub fn regions(&self) -> Regions<'_> {
        Regions::new(self)
    }

    /// Where descriptors come from.
    pub const fn storage(&self) -> Storage {
        match self.max_regions {
            HEAP => Storage::Heap,
            regions => Storage::Fixed(regions as usize),
        }
    }

    /// Whether adjacent regions become one.
    pub const fn coalesces(&self) -> bool {
        self.separate.is_none()
    }

    /// The last unit of `size` units from `start`, if they lie inside the extent.
    fn last_of(&self, start: u64, size: u64) -> Result<u64, ExtentError> {
        let span = size.checked_sub(1).ok_or(ExtentError::Empty)?;
        match start.checked_add(span) {
            Some(last) if self.start <= start && last <= self.end => Ok(last),
            _ => Err(ExtentError::OutOfRange { start, units: size }),
        }
    }

    /// Whether `regions` regions may be described.
    fn allow_regions(&self, regions: u32, flags: Flags) -> Result<(), ExtentError> {
        let more = regions > self.regions;
        if more && regions > self.max_regions && !flags.contains(Flags::MALLOCOK) {
            return Err(no_descriptor(self.max_regions, flags));
        }
        Ok(())
    }

    /// Gives memory back that heap storage does not need.
    pub(crate) fn tidy(&mut self) {
        if self.storage() == Storage::Heap {
            self.free.release_if_empty();
        }
    }
}

fn no_descriptor(max_regions: u32, flags: Flags) -> ExtentError {
    if flags.contains(Flags::WAITOK) {
        return ExtentError::WouldBlock;
    }
    ExtentError::NoDescriptor { max_regions: max_regions as usize }
}

fn no_memory(flags: Flags) -> ExtentError {
    if flags.contains(Flags::WAITOK) {
        return ExtentError::WouldBlock;
    }
    ExtentError::NoMemory
}

/// Room for one more run in `map`, where the distance from the first unit to the last is `span`.
fn reserve(map: &mut RankMap, span: u64, flags: Flags) -> Result<(), ExtentError> {
    map.reserve_within(span.saturating_add(1)).map_err(|_| no_memory(flags))
}

#[cfg(test)]
mod tests;
