//! Placeholder.

/// Placeholder.
#[derive(Debug)]
pub struct SegmentTable;
