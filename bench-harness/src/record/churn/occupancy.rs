//! What a table holds and takes: the figures of a run of `churn` that do not follow from times.

use serde::{Deserialize, Serialize};

use super::ChurnSummaryRow;
use crate::record::PAGE_DESCRIPTOR_BYTES;

/// What a table holds and takes at one moment.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Occupancy {
    /// Segments.
    pub segments: u64,
    /// Frames in them.
    pub frames: u64,
    /// Bytes of the structure, where they are known.
    pub bytes_total: Option<u64>,
    /// Of these, what answers a page lookup.
    pub bytes_index: Option<u64>,
}

impl Occupancy {
    fn total_per_segment(self) -> Option<f64> {
        Some(self.bytes_total? as f64 / self.segments as f64).filter(|_| self.segments > 0)
    }

    fn index_per_frame(self) -> Option<f64> {
        Some(self.bytes_index? as f64 / self.frames as f64).filter(|_| self.frames > 0)
    }

    fn index_share_pct(self) -> Option<f64> {
        Some(100.0 * self.index_per_frame()? / PAGE_DESCRIPTOR_BYTES as f64)
    }
}

impl ChurnSummaryRow {
    /// Notes what the table took where the phase began and ended.
    pub fn occupied(&mut self, [before, after]: [Occupancy; 2]) {
        self.segments_before = Some(before.segments);
        self.frames_before = Some(before.frames);
        self.bytes_total_before = before.bytes_total;
        self.bytes_index_before = before.bytes_index;
        self.bytes_per_segment_before = before.total_per_segment();
        self.index_bytes_per_frame_before = before.index_per_frame();
        self.index_share_pct_before = before.index_share_pct();
        self.segments_after = Some(after.segments);
        self.frames_after = Some(after.frames);
        self.bytes_total_after = after.bytes_total;
        self.bytes_index_after = after.bytes_index;
        self.bytes_per_segment_after = after.total_per_segment();
        self.index_bytes_per_frame_after = after.index_per_frame();
        self.index_share_pct_after = after.index_share_pct();
    }

    /// What was noted, if it was; bytes may be unknown.
    fn occupancy(&self) -> Option<[Occupancy; 2]> {
        let before = Occupancy {
            segments: self.segments_before?,
            frames: self.frames_before?,
            bytes_total: self.bytes_total_before,
            bytes_index: self.bytes_index_before,
        };
        let after = Occupancy {
            segments: self.segments_after?,
            frames: self.frames_after?,
            bytes_total: self.bytes_total_after,
            bytes_index: self.bytes_index_after,
        };
        Some([before, after])
    }

    /// What the row says of itself and nothing that is computed: who, whether it can, against whom, and
    /// what its tables occupy.
    pub(super) fn without_figures(&self) -> Self {
        let key = [self.layout.as_str(), self.scenario.as_str(), self.backend.as_str()];
        let reference = self.reference.as_deref();
        let mut row = Self::declared(key, self.status.clone(), reference, self.equivalence_pct);
        if let Some(occupancy) = self.occupancy() {
            row.occupied(occupancy);
        }
        row
    }
}
