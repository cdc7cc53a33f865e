//! Looking at an extent: its allocated regions in order, and the printed form.

use core::fmt;

use super::Extent;

/// A run of units, both ends included: the last unit of a number line has no end after it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Region {
    /// First unit.
    pub start: u64,
    /// Last unit.
    pub last: u64,
}

impl Region {
    /// How many units: 1 to 2^64.
    pub const fn units(self) -> u128 {
        (self.last - self.start) as u128 + 1
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x} - {:#x}", self.start, self.last)
    }
}

/// The allocated regions of an extent in ascending order, from [`Extent::regions`]. O(log n) each.
#[derive(Clone, Debug)]
pub struct Regions<'a> {
    extent: &'a Extent,
    /// Where to go on; `None` past the end.
    next: Option<u64>,
}

impl<'a> Regions<'a> {
    pub(super) fn new(extent: &'a Extent) -> Self {
        Self { extent, next: Some(extent.start()) }
    }

    /// What lies between the free runs, from `from` on: regions that coalesce are exactly that.
    fn gap(&self, from: u64) -> Option<Region> {
        let (before, mut after) = self.extent.free.neighbours(from);
        let mut start = from;
        if let Some(run) = before
            && run.key + run.weight >= from
        {
            start = (run.key + run.weight).checked_add(1)?;
            after = self.extent.free.neighbours(start).1;
        }
        let last = match after {
            Some(run) => run.key - 1,
            None => self.extent.end(),
        };
        (start <= last).then_some(Region { start, last })
    }
}

impl Iterator for Regions<'_> {
    type Item = Region;

    fn next(&mut self) -> Option<Region> {
        let from = self.next?;
        let region = match &self.extent.separate {
            None => self.gap(from),
            Some(separate) => separate
                .first_heavy(from, 0)
                .map(|entry| Region { start: entry.key, last: entry.key + entry.weight }),
        };
        self.next = region.and_then(|region| region.last.checked_add(1));
        region
    }
}

/// What extent(9) prints: a line on the extent, and a line for each allocated region.
impl fmt::Display for Extent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = Region { start: self.start(), last: self.end() };
        write!(
            f,
            "extent {:?} ({whole}), {} of {} units free",
            self.name(),
            self.free_units(),
            whole.units()
        )?;
        self.regions().try_for_each(|region| write!(f, "\n    {region}"))
    }
}
