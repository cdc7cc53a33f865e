//! How a caller names a segment: a backend's own handle, or one of three ways of naming none.
//!
//! The original returns special values past either end of a walk, and takes them back without harm
//! where a walk can meet them. An enum says the same and cannot be mistaken for a segment.

/// A segment, or why there is none.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Handle<H> {
    /// A segment, as the backend names it. Whether it is still there is asked by
    /// [`SegmentTable::valid`](crate::SegmentTable::valid).
    Segment(H),
    /// Names no segment (`UVM_PHYSSEG_TYPE_INVALID`).
    Invalid,
    /// Before the first segment, or the first of an empty table (`..._INVALID_EMPTY`).
    Empty,
    /// After the last segment (`..._INVALID_OVERFLOW`).
    Overflow,
}

impl<H: Copy> Handle<H> {
    /// The backend's handle, if this names a segment.
    pub fn segment(self) -> Option<H> {
        match self {
            Self::Segment(handle) => Some(handle),
            Self::Invalid | Self::Empty | Self::Overflow => None,
        }
    }

    /// Whether this names a segment (which may have gone since).
    pub fn is_segment(self) -> bool {
        self.segment().is_some()
    }
}
