//! Addresses as types: page frame numbers, physical addresses, page sizes and frame ranges.
//!
//! The kernel mixes all of these in one integer type; here a frame number cannot be taken for an
//! address by mistake, and no operator wraps in silence. Whoever wants the bare number says
//! [`Pfn::get`], whoever calculates says what should happen at the end of the number line.

use core::fmt;

/// Physical addresses have at most this many bits (x86-64 and arm64 with LPA).
pub const PADDR_BITS: u32 = 52;

/// A page frame number: a physical address divided by the page size.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(transparent)]
pub struct Pfn(u64);

impl Pfn {
    /// The frame at physical address 0.
    pub const ZERO: Self = Self(0);

    /// The frame with number `number`. Any number is allowed; a table refuses what lies beyond
    /// the address space of its page size.
    #[inline]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The bare frame number.
    #[inline]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The frame `frames` further up, or `None` past the end of the number line.
    #[inline]
    pub const fn checked_add(self, frames: u64) -> Option<Self> {
        match self.0.checked_add(frames) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// The frame `frames` further down, or `None` below frame 0.
    #[inline]
    pub const fn checked_sub(self, frames: u64) -> Option<Self> {
        match self.0.checked_sub(frames) {
            Some(number) => Some(Self(number)),
            None => None,
        }
    }

    /// How many frames lie between `earlier` and this one, or `None` if `earlier` is the later.
    #[inline]
    pub const fn frames_since(self, earlier: Self) -> Option<u64> {
        self.0.checked_sub(earlier.0)
    }

    /// The physical address of the frame's first byte, or `None` beyond 64 bits.
    #[inline]
    pub const fn to_paddr(self, page_size: PageSize) -> Option<Paddr> {
        let shift = page_size.shift();
        if self.0 > (u64::MAX >> shift) {
            return None;
        }
        Some(Paddr(self.0 << shift))
    }
}

impl fmt::Debug for Pfn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pfn({:#x})", self.0)
    }
}

impl fmt::Display for Pfn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

/// A physical address, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(transparent)]
pub struct Paddr(u64);

impl Paddr {
    /// The address `bytes` above 0.
    #[inline]
    pub const fn new(bytes: u64) -> Self {
        Self(bytes)
    }

    /// The bare address in bytes.
    #[inline]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The frame that holds this address (the kernel's `atop`).
    #[inline]
    pub const fn to_pfn(self, page_size: PageSize) -> Pfn {
        Pfn(self.0 >> page_size.shift())
    }
}

impl fmt::Debug for Paddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Paddr({:#x})", self.0)
    }
}

impl fmt::Display for Paddr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#x}", self.0)
    }
}

/// A page size: a power of two from 512 bytes (VAX) to 1 GiB, kept as its logarithm.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PageSize(u8);

impl PageSize {
    /// 4 KiB, the page of x86 and of most arm64 systems.
    pub const FOUR_KIB: Self = Self(12);

    /// A page of `bytes` bytes, or `None` unless that is a power of two from 512 bytes to 1 GiB.
    pub const fn new(bytes: u64) -> Option<Self> {
        let shift = bytes.trailing_zeros();
        if bytes.is_power_of_two() && shift >= 9 && shift <= 30 {
            #[allow(clippy::cast_possible_truncation)] // at most 30
            return Some(Self(shift as u8));
        }
        None
    }

    /// The size in bytes.
    #[inline]
    pub const fn bytes(self) -> u64 {
        1 << self.0
    }

    /// The base-2 logarithm of the size in bytes.
    #[inline]
    pub const fn shift(self) -> u32 {
        self.0 as u32
    }

    /// The first frame number that no address of [`PADDR_BITS`] bits reaches.
    #[inline]
    pub const fn frame_limit(self) -> Pfn {
        Pfn(1 << (PADDR_BITS - self.shift()))
    }
}

/// A half-open range of page frames, `start <= frame < end`, never empty.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FrameRange {
    start: Pfn,
    end: Pfn,
}

impl FrameRange {
    /// The frames from `start` up to and without `end`; `None` when that holds no frame.
    #[inline]
    pub const fn new(start: Pfn, end: Pfn) -> Option<Self> {
        if start.0 < end.0 { Some(Self { start, end }) } else { None }
    }

    /// `frames` frames from `start`; `None` when that is none or leaves the number line.
    #[inline]
    pub const fn with_len(start: Pfn, frames: u64) -> Option<Self> {
        match start.checked_add(frames) {
            Some(end) => Self::new(start, end),
            None => None,
        }
    }

    /// The first frame.
    #[inline]
    pub const fn start(self) -> Pfn {
        self.start
    }

    /// The frame after the last.
    #[inline]
    pub const fn end(self) -> Pfn {
        self.end
    }

    /// The last frame.
    #[inline]
    pub const fn last(self) -> Pfn {
        Pfn(self.end.0 - 1)
    }

    /// How many frames; at least one.
    #[inline]
    pub const fn frames(self) -> u64 {
        self.end.0 - self.start.0
    }

    /// Whether `pfn` lies inside.
    #[inline]
    pub const fn contains(self, pfn: Pfn) -> bool {
        self.start.0 <= pfn.0 && pfn.0 < self.end.0
    }

    /// Whether all of `inner` lies inside.
    #[inline]
    pub const fn covers(self, inner: Self) -> bool {
        self.start.0 <= inner.start.0 && inner.end.0 <= self.end.0
    }

    /// Whether the two share a frame.
    #[inline]
    pub const fn overlaps(self, other: Self) -> bool {
        self.start.0 < other.end.0 && other.start.0 < self.end.0
    }

    /// The part of `self` inside `other`, if any.
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::new(self.start.max(other.start), self.end.min(other.end))
    }
}

impl fmt::Debug for FrameRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}, {})", self.start, self.end)
    }
}

impl fmt::Display for FrameRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}, {})", self.start, self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_stops_at_the_ends_of_the_number_line() {
        assert_eq!(Pfn::new(u64::MAX).checked_add(1), None);
        assert_eq!(Pfn::ZERO.checked_sub(1), None);
        assert_eq!(Pfn::new(1 << 52).to_paddr(PageSize::FOUR_KIB), None);
        assert_eq!(FrameRange::with_len(Pfn::new(u64::MAX), 1), None);
    }

    #[test]
    fn page_sizes_are_powers_of_two_within_reason() {
        assert_eq!(PageSize::new(4096), Some(PageSize::FOUR_KIB));
        for bad in [0, 1, 256, 4095, 1 << 31] {
            assert_eq!(PageSize::new(bad), None, "{bad}");
        }
        assert_eq!(PageSize::FOUR_KIB.frame_limit(), Pfn::new(1 << 40));
    }

    #[test]
    fn frame_and_address_convert_both_ways() {
        let pfn = Pfn::new(0x101);
        let paddr = pfn.to_paddr(PageSize::FOUR_KIB).unwrap();
        assert_eq!(paddr.get(), 0x10_1000);
        assert_eq!(Paddr::new(0x10_1fff).to_pfn(PageSize::FOUR_KIB), pfn);
    }

    #[test]
    fn ranges_are_half_open_and_never_empty() {
        let range = |start, end| FrameRange::new(Pfn::new(start), Pfn::new(end));
        assert_eq!(range(8, 8), None);
        assert_eq!(range(9, 8), None);
        let (a, b) = (range(0, 8).unwrap(), range(8, 16).unwrap());
        assert!(!a.overlaps(b) && !a.contains(Pfn::new(8)) && a.last() == Pfn::new(7));
        assert_eq!(a.intersection(b), None);
    }
}
