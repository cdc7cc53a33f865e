//! One row of churn-summary.csv: what one backend takes for an operation of one scenario.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::record::{
    RecordError, Status, files,
    summary::status_text,
    table::{self, Kind, Row},
};

/// A backend, or [`EXTENT`](super::EXTENT), in one scenario on one layout. Low and high bound 95 %; a
/// figure that does not exist is `None`, an empty field.
///
/// The order of the fields is the order of the columns.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct ChurnSummaryRow {
    /// Layout name.
    pub layout: String,
    /// Scenario.
    pub scenario: String,
    /// Backend.
    pub backend: String,
    /// `ok`, `unsupported: REASON`, or `failed: REASON`; then `rounds` are those before it failed, and there are no
    /// figures.
    #[serde(with = "status_text")]
    pub status: Status,
    /// Rounds measured.
    pub rounds: u64,
    /// Operations in a phase; of `build` the segments.
    pub operations: Option<u64>,
    /// Typical time of an operation, in nanoseconds.
    pub ns_per_operation: Option<f64>,
    /// Its lower bound.
    pub low_ns: Option<f64>,
    /// Its upper bound.
    pub high_ns: Option<f64>,
    /// Typical time of a whole phase, in seconds.
    pub phase_s: Option<f64>,
    /// Typical time that the slabs alone take for an operation, in nanoseconds.
    pub extent_ns_per_operation: Option<f64>,
    /// Typical share of that in the backend's time, in percent.
    pub extent_share_pct: Option<f64>,
    /// Its lower bound.
    pub extent_low_pct: Option<f64>,
    /// Its upper bound.
    pub extent_high_pct: Option<f64>,
    /// What the backend is compared to; empty where nobody else can do the scenario.
    pub reference: Option<String>,
    /// Typical change of time against the reference, in percent, positive = slower; empty of the
    /// reference itself.
    pub change_pct: Option<f64>,
    /// Its lower bound.
    pub change_low_pct: Option<f64>,
    /// Its upper bound.
    pub change_high_pct: Option<f64>,
    /// `slower`, `faster`, `equivalent`, `inconclusive`; empty with fewer than two rounds.
    pub verdict: Option<String>,
    /// Two-sided p-value of "no change".
    pub p_value: Option<f64>,
    /// The same, corrected for the number of backends compared in the scenario (Holm).
    pub p_value_holm: Option<f64>,
    /// Changes within this count as the same.
    pub equivalence_pct: f64,
    /// Segments where the phase began, in the first round, as everything below.
    pub segments_before: Option<u64>,
    /// Frames in them.
    pub frames_before: Option<u64>,
    /// Bytes of the structure, page descriptors not counted.
    pub bytes_total_before: Option<u64>,
    /// Of these, what answers a page lookup.
    pub bytes_index_before: Option<u64>,
    /// Bytes of the structure a segment.
    pub bytes_per_segment_before: Option<f64>,
    /// Bytes of index a present frame.
    pub index_bytes_per_frame_before: Option<f64>,
    /// The index as a share of page descriptors of 128 bytes for the frames present.
    pub index_share_pct_before: Option<f64>,
    /// The same where the phase ended.
    pub segments_after: Option<u64>,
    /// Frames in them.
    pub frames_after: Option<u64>,
    /// Bytes of the structure.
    pub bytes_total_after: Option<u64>,
    /// Of these, what answers a page lookup.
    pub bytes_index_after: Option<u64>,
    /// Bytes of the structure a segment.
    pub bytes_per_segment_after: Option<f64>,
    /// Bytes of index a present frame.
    pub index_bytes_per_frame_after: Option<f64>,
    /// The index as a share of page descriptors.
    pub index_share_pct_after: Option<f64>,
}

impl ChurnSummaryRow {
    /// A row that says who takes part in what, without figures.
    pub fn declared(
        [layout, scenario, backend]: [&str; 3],
        status: Status,
        reference: Option<&str>,
        equivalence_pct: f64,
    ) -> Self {
        Self {
            layout: layout.to_owned(),
            scenario: scenario.to_owned(),
            backend: backend.to_owned(),
            status,
            rounds: 0,
            operations: None,
            ns_per_operation: None,
            low_ns: None,
            high_ns: None,
            phase_s: None,
            extent_ns_per_operation: None,
            extent_share_pct: None,
            extent_low_pct: None,
            extent_high_pct: None,
            reference: reference.map(str::to_owned),
            change_pct: None,
            change_low_pct: None,
            change_high_pct: None,
            verdict: None,
            p_value: None,
            p_value_holm: None,
            equivalence_pct,
            segments_before: None,
            frames_before: None,
            bytes_total_before: None,
            bytes_index_before: None,
            bytes_per_segment_before: None,
            index_bytes_per_frame_before: None,
            index_share_pct_before: None,
            segments_after: None,
            frames_after: None,
            bytes_total_after: None,
            bytes_index_after: None,
            bytes_per_segment_after: None,
            index_bytes_per_frame_after: None,
            index_share_pct_after: None,
        }
    }
}

impl Row for ChurnSummaryRow {
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("layout", Kind::Text),
        ("scenario", Kind::Text),
        ("backend", Kind::Text),
        ("status", Kind::Status),
        ("rounds", Kind::Whole),
        ("operations", Kind::WholeOrEmpty),
        ("ns_per_operation", Kind::NumberOrEmpty),
        ("low_ns", Kind::NumberOrEmpty),
        ("high_ns", Kind::NumberOrEmpty),
        ("phase_s", Kind::NumberOrEmpty),
        ("extent_ns_per_operation", Kind::NumberOrEmpty),
        ("extent_share_pct", Kind::NumberOrEmpty),
        ("extent_low_pct", Kind::NumberOrEmpty),
        ("extent_high_pct", Kind::NumberOrEmpty),
        ("reference", Kind::Text),
        ("change_pct", Kind::NumberOrEmpty),
        ("change_low_pct", Kind::NumberOrEmpty),
        ("change_high_pct", Kind::NumberOrEmpty),
        ("verdict", Kind::Text),
        ("p_value", Kind::NumberOrEmpty),
        ("p_value_holm", Kind::NumberOrEmpty),
        ("equivalence_pct", Kind::Number),
        ("segments_before", Kind::WholeOrEmpty),
        ("frames_before", Kind::WholeOrEmpty),
        ("bytes_total_before", Kind::WholeOrEmpty),
        ("bytes_index_before", Kind::WholeOrEmpty),
        ("bytes_per_segment_before", Kind::NumberOrEmpty),
        ("index_bytes_per_frame_before", Kind::NumberOrEmpty),
        ("index_share_pct_before", Kind::NumberOrEmpty),
        ("segments_after", Kind::WholeOrEmpty),
        ("frames_after", Kind::WholeOrEmpty),
        ("bytes_total_after", Kind::WholeOrEmpty),
        ("bytes_index_after", Kind::WholeOrEmpty),
        ("bytes_per_segment_after", Kind::NumberOrEmpty),
        ("index_bytes_per_frame_after", Kind::NumberOrEmpty),
        ("index_share_pct_after", Kind::NumberOrEmpty),
    ];
}

/// Reads churn-summary.csv whole.
///
/// # Errors
/// [`RecordError`] naming file, line and column of the first thing that is wrong.
pub fn read_churn_summary(path: &Path) -> Result<Vec<ChurnSummaryRow>, RecordError> {
    let lines = table::decode(path, &files::read(path)?)?;
    Ok(lines.into_iter().map(|line| line.row).collect())
}

/// Replaces churn-summary.csv, whole or not at all.
///
/// # Errors
/// [`RecordError::Io`] where it cannot be written, [`RecordError::Encode`] where a figure is not a
/// finite number.
pub fn write_churn_summary(path: &Path, rows: &[ChurnSummaryRow]) -> Result<(), RecordError> {
    table::write(path, rows)
}
