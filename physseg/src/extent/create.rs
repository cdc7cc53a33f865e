//! Making an extent: empty or filled, with or without storage of its own.

use alloc::boxed::Box;

use super::rank::RankMap;
use super::{Extent, ExtentError, Flags, HEAP, Storage, no_descriptor, no_memory, reserve};

impl Extent {
    /// An extent over `start..=end`, all of it free, in which adjacent regions coalesce.
    ///
    /// # Errors
    /// [`ExtentError::Empty`] if `end` lies before `start`; [`ExtentError::NoMemory`] if fixed
    /// storage cannot be had.
    pub fn create(
        name: &'static str,
        start: u64,
        end: u64,
        storage: Storage,
    ) -> Result<Self, ExtentError> {
        Self::create_with(name, start, end, storage, Flags::NOWAIT)
    }

    /// As [`create`](Self::create), with flags: [`Flags::NOCOALESCE`] and [`Flags::FILLED`] say
    /// how the extent is made, [`Flags::WAITOK`] what is answered where there is no memory.
    ///
    /// # Errors
    /// As `create`; also [`ExtentError::NoDescriptor`] for a filled extent whose fixed storage
    /// holds no region, and [`ExtentError::WouldBlock`] for no memory with `WAITOK`.
    pub fn create_with(
        name: &'static str,
        start: u64,
        end: u64,
        storage: Storage,
        flags: Flags,
    ) -> Result<Self, ExtentError> {
        let weight = end.checked_sub(start).ok_or(ExtentError::Empty)?;
        let filled = flags.contains(Flags::FILLED);
        let coalesces = !flags.contains(Flags::NOCOALESCE);
        if filled && storage == Storage::Fixed(0) {
            return Err(no_descriptor(0, flags));
        }
        let (mut free, mut separate) = match storage {
            Storage::Heap => (RankMap::new(), RankMap::new()),
            // Never more regions than units, and one free run more than regions.
            Storage::Fixed(regions) => {
                let units = usize::try_from(weight).unwrap_or(usize::MAX);
                let regions = regions.min(units.saturating_add(1));
                let runs = regions.saturating_add(1);
                let separate = if coalesces { 0 } else { regions };
                (room(runs, weight, flags)?, room(separate, weight, flags)?)
            }
        };
        if !filled {
            reserve(&mut free, weight, flags)?;
            free.insert(start, weight);
        } else if !coalesces {
            reserve(&mut separate, weight, flags)?;
            separate.insert(start, weight);
        }
        Ok(Self {
            name,
            start,
            end,
            free_units: if filled { 0 } else { weight.wrapping_add(1) },
            regions: u32::from(filled),
            max_regions: match storage {
                Storage::Heap => HEAP,
                Storage::Fixed(regions) => u32::try_from(regions).unwrap_or(HEAP).min(HEAP - 1),
            },
            free,
            separate: (!coalesces).then(|| Box::new(separate)),
        })
    }
}

/// An empty map with memory for `entries` runs, where the distance from the first unit to the last
/// is `span`.
fn room(entries: usize, span: u64, flags: Flags) -> Result<RankMap, ExtentError> {
    RankMap::with_room(entries, span.saturating_add(1)).map_err(|_| no_memory(flags))
}
