//! The identity of a page descriptor, apart from the descriptor's memory.
//!
//! A kernel answers `PHYS_TO_VM_PAGE` with a pointer to a `struct vm_page`. For measuring the
//! search only *which* descriptor matters, so the answer here is an index into one namespace. A map
//! of 1 TiB then does not need the 34 GB that its descriptors would occupy; where the memory itself
//! is wanted, [`Slabs`](crate::slab::Slabs) materialises it.

use core::fmt;
use core::num::NonZeroU64;

/// Which page descriptor: an index into the namespace that [`Slabs`](crate::slab::Slabs) hands out.
///
/// It is stored as index + 1, so that `Option<PageId>` is one machine word in which 0 means "no
/// page": a lookup can return it, and a caller can count and sum answers, without a branch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(transparent)]
pub struct PageId(NonZeroU64);

impl PageId {
    /// The descriptor with this index; `None` for `u64::MAX`, which the encoding cannot hold.
    #[inline]
    pub const fn new(index: u64) -> Option<Self> {
        match NonZeroU64::new(index.wrapping_add(1)) {
            Some(raw) => Some(Self(raw)),
            None => None,
        }
    }

    /// The descriptor whose [`raw`](Self::raw) word is `raw`; `None` for 0.
    #[inline]
    pub const fn from_raw(raw: u64) -> Option<Self> {
        match NonZeroU64::new(raw) {
            Some(raw) => Some(Self(raw)),
            None => None,
        }
    }

    /// The index in the namespace.
    #[inline]
    pub const fn index(self) -> u64 {
        self.0.get() - 1
    }

    /// The word as stored: index + 1, never 0.
    #[inline]
    pub const fn raw(self) -> u64 {
        self.0.get()
    }

    /// The descriptor `pages` further on (the kernel's `pgs + pages`), or `None` past the end of
    /// the namespace.
    #[inline]
    pub const fn checked_add(self, pages: u64) -> Option<Self> {
        match self.0.get().checked_add(pages) {
            Some(raw) => Self::from_raw(raw),
            None => None,
        }
    }

    /// As [`checked_add`](Self::checked_add) where the sum is known to be another descriptor of the
    /// same segment. (A sum that left the number line would saturate.)
    #[inline]
    #[must_use]
    pub const fn offset(self, pages: u64) -> Self {
        Self(self.0.saturating_add(pages))
    }
}

impl fmt::Debug for PageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PageId({})", self.index())
    }
}

impl fmt::Display for PageId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "page {}", self.index())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_optional_page_is_one_word_and_none_is_zero() {
        assert_eq!(size_of::<Option<PageId>>(), 8);
        assert_eq!(PageId::from_raw(0), None);
        assert_eq!(PageId::new(0).unwrap().raw(), 1);
        assert_eq!(PageId::new(u64::MAX), None);
    }

    #[test]
    fn offsets_name_the_following_descriptors() {
        let first = PageId::new(41).unwrap();
        assert_eq!(first.offset(1).index(), 42);
        assert_eq!(first.checked_add(1), Some(first.offset(1)));
        assert_eq!(first.checked_add(u64::MAX), None);
    }
}
