//! One row of summary.csv: what one backend costs in one configuration.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{
    Configuration, RecordError, files,
    table::{self, Kind, Row},
};

/// Whether a backend was measured, or why not.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Status {
    /// Measured.
    Ok,
    /// Could not do this layout; the reason in words, say `capacity 32 < 8161 segments`.
    Unsupported(String),
    /// Foreign code that failed before it was measured in full; how, in words, say `crashed (SIGSEGV: invalid
    /// memory access) in find on frag-1mb`. What was measured before that counts as samples, and is in no
    /// comparison.
    Failed(String),
}

impl Status {
    /// Whether what was to be measured was: samples are complete and can be compared.
    pub fn is_ok(&self) -> bool {
        *self == Self::Ok
    }

    /// Why not, if so.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Ok => None,
            Self::Unsupported(reason) | Self::Failed(reason) => Some(reason),
        }
    }

    /// What kind of reason that is, as the column has it before the colon.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unsupported(_) => "unsupported",
            Self::Failed(_) => "failed",
        }
    }
}

/// As the column has it.
impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.kind())?;
        self.reason().map_or(Ok(()), |reason| write!(f, ": {reason}"))
    }
}

/// One backend in one configuration. Times are seconds a batch unless the name says otherwise; a
/// figure that does not exist is `None`, an empty field.
///
/// The order of the fields is the order of the columns.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct SummaryRow {
    /// Layout name.
    pub layout: String,
    /// Workload.
    pub workload: String,
    /// Mode.
    pub mode: String,
    /// Target.
    pub target: String,
    /// Generator.
    pub rng: String,
    /// Lookups in one batch.
    pub lookups: u64,
    /// Backend.
    pub backend: String,
    /// `ok`, `unsupported: REASON` or `failed: REASON`.
    #[serde(with = "status_text")]
    pub status: Status,
    /// Batches measured.
    pub runs: u64,
    /// Mean.
    pub mean_s: Option<f64>,
    /// Minimum.
    pub min_s: Option<f64>,
    /// Maximum.
    pub max_s: Option<f64>,
    /// Median.
    pub median_s: Option<f64>,
    /// Population standard deviation, as the paper's.
    pub stddev_population_s: Option<f64>,
    /// Sample standard deviation; needs two runs.
    pub stddev_sample_s: Option<f64>,
    /// The paper's margin of error, 1.96 sigma / sqrt(n); needs two runs to mean anything.
    pub margin95_z_s: Option<f64>,
    /// Student's t margin; needs two runs.
    pub margin95_t_s: Option<f64>,
    /// Mean divided by lookups, in nanoseconds.
    pub ns_per_lookup: Option<f64>,
    /// Mean of the generator alone over the same rounds.
    pub baseline_mean_s: Option<f64>,
    /// Mean of the paired differences to the baseline; may be negative.
    pub net_mean_s: Option<f64>,
    /// Student's t margin of that.
    pub net_margin95_s: Option<f64>,
    /// Net mean divided by lookups, in nanoseconds.
    pub net_ns_per_lookup: Option<f64>,
    /// Share of lookups that found a page, 0 to 1.
    pub hit_rate: Option<f64>,
    /// `replay` or `final`.
    pub build: Option<String>,
    /// Time to build the table.
    pub build_s: Option<f64>,
    /// Bytes of the structure, page descriptors not counted.
    pub bytes_total: Option<u64>,
    /// The same divided by the number of segments.
    pub bytes_per_segment: Option<f64>,
    /// Batches beyond Tukey's outer fences (3 interquartile ranges): counted, kept.
    pub outliers: Option<u64>,
    /// First-order autocorrelation of the batches' times, -1 to 1.
    pub autocorrelation: Option<f64>,
    /// How many independent batches would say as much about the mean.
    pub effective_runs: Option<f64>,
    /// Median of the last third of the batches over that of the first, less 1.
    pub drift_pct: Option<f64>,
    /// Instructions a lookup, the loop's included; where the machine counts them.
    pub instructions_per_lookup: Option<f64>,
    /// Cycles a lookup, likewise.
    pub cycles_per_lookup: Option<f64>,
    /// Mispredicted branches a lookup, likewise.
    pub branch_misses_per_lookup: Option<f64>,
    /// Cache misses a lookup, likewise.
    pub cache_misses_per_lookup: Option<f64>,
    /// Segments in the table.
    pub segments: Option<u64>,
    /// Page frames present in it.
    pub frames: Option<u64>,
    /// How many of the bytes answer `page` lookups.
    pub index_bytes: Option<u64>,
    /// Bytes of the structure divided by the number of frames present.
    pub bytes_per_frame: Option<f64>,
    /// Those that answer `page` lookups, in percent of what the descriptors of the frames present
    /// take at [`PAGE_DESCRIPTOR_BYTES`] each.
    pub index_share_pct: Option<f64>,
}

/// What a page descriptor takes, by which the size of an index is judged: as much as the
/// descriptors of physseg's slabs do.
pub const PAGE_DESCRIPTOR_BYTES: u64 = 128;

impl SummaryRow {
    /// A row that says what is to be measured, without a figure yet.
    pub fn unmeasured(configuration: &Configuration, backend: &str) -> Self {
        let Configuration { layout, workload, mode, target, rng, lookups } = configuration.clone();
        Self {
            layout,
            workload,
            mode,
            target,
            rng,
            lookups,
            backend: backend.to_owned(),
            status: Status::Ok,
            runs: 0,
            mean_s: None,
            min_s: None,
            max_s: None,
            median_s: None,
            stddev_population_s: None,
            stddev_sample_s: None,
            margin95_z_s: None,
            margin95_t_s: None,
            ns_per_lookup: None,
            baseline_mean_s: None,
            net_mean_s: None,
            net_margin95_s: None,
            net_ns_per_lookup: None,
            hit_rate: None,
            build: None,
            build_s: None,
            bytes_total: None,
            bytes_per_segment: None,
            outliers: None,
            autocorrelation: None,
            effective_runs: None,
            drift_pct: None,
            instructions_per_lookup: None,
            cycles_per_lookup: None,
            branch_misses_per_lookup: None,
            cache_misses_per_lookup: None,
            segments: None,
            frames: None,
            index_bytes: None,
            bytes_per_frame: None,
            index_share_pct: None,
        }
    }

    /// Enters how large the table is: bytes of the structure, those of them that answer `page`
    /// lookups, and the segments and present frames that share them.
    pub fn enter_size(
        &mut self,
        bytes: impl Into<Option<u64>>,
        index_bytes: impl Into<Option<u64>>,
        segments: u64,
        frames: u64,
    ) {
        let (bytes, index_bytes) = (bytes.into(), index_bytes.into());
        let each = |bytes: Option<u64>, of: u64| {
            bytes.filter(|_| of > 0).map(|bytes| bytes as f64 / of as f64)
        };
        self.bytes_total = bytes;
        self.bytes_per_segment = each(bytes, segments);
        self.segments = Some(segments);
        self.frames = Some(frames);
        self.index_bytes = index_bytes;
        self.bytes_per_frame = each(bytes, frames);
        self.index_share_pct =
            each(index_bytes, frames).map(|each| 100.0 * each / PAGE_DESCRIPTOR_BYTES as f64);
    }

    /// What was measured, apart from the backend.
    pub fn configuration(&self) -> Configuration {
        Configuration {
            layout: self.layout.clone(),
            workload: self.workload.clone(),
            mode: self.mode.clone(),
            target: self.target.clone(),
            rng: self.rng.clone(),
            lookups: self.lookups,
        }
    }
}

impl Row for SummaryRow {
    const COLUMNS: &'static [(&'static str, Kind)] = &[
        ("layout", Kind::Text),
        ("workload", Kind::Text),
        ("mode", Kind::Text),
        ("target", Kind::Text),
        ("rng", Kind::Text),
        ("lookups", Kind::Whole),
        ("backend", Kind::Text),
        ("status", Kind::Status),
        ("runs", Kind::Whole),
        ("mean_s", Kind::NumberOrEmpty),
        ("min_s", Kind::NumberOrEmpty),
        ("max_s", Kind::NumberOrEmpty),
        ("median_s", Kind::NumberOrEmpty),
        ("stddev_population_s", Kind::NumberOrEmpty),
        ("stddev_sample_s", Kind::NumberOrEmpty),
        ("margin95_z_s", Kind::NumberOrEmpty),
        ("margin95_t_s", Kind::NumberOrEmpty),
        ("ns_per_lookup", Kind::NumberOrEmpty),
        ("baseline_mean_s", Kind::NumberOrEmpty),
        ("net_mean_s", Kind::NumberOrEmpty),
        ("net_margin95_s", Kind::NumberOrEmpty),
        ("net_ns_per_lookup", Kind::NumberOrEmpty),
        ("hit_rate", Kind::NumberOrEmpty),
        ("build", Kind::Text),
        ("build_s", Kind::NumberOrEmpty),
        ("bytes_total", Kind::WholeOrEmpty),
        ("bytes_per_segment", Kind::NumberOrEmpty),
        ("outliers", Kind::WholeOrEmpty),
        ("autocorrelation", Kind::NumberOrEmpty),
        ("effective_runs", Kind::NumberOrEmpty),
        ("drift_pct", Kind::NumberOrEmpty),
        ("instructions_per_lookup", Kind::NumberOrEmpty),
        ("cycles_per_lookup", Kind::NumberOrEmpty),
        ("branch_misses_per_lookup", Kind::NumberOrEmpty),
        ("cache_misses_per_lookup", Kind::NumberOrEmpty),
        ("segments", Kind::WholeOrEmpty),
        ("frames", Kind::WholeOrEmpty),
        ("index_bytes", Kind::WholeOrEmpty),
        ("bytes_per_frame", Kind::NumberOrEmpty),
        ("index_share_pct", Kind::NumberOrEmpty),
    ];

    /// All before `segments`.
    const SINCE_THE_FIRST: usize = 35;
}

/// Reads summary.csv whole.
///
/// # Errors
/// [`RecordError`] naming file, line and column of the first thing that is wrong.
pub fn read_summary(path: &Path) -> Result<Vec<SummaryRow>, RecordError> {
    let lines = table::decode(path, &files::read(path)?)?;
    Ok(lines.into_iter().map(|line| line.row).collect())
}

/// Replaces summary.csv, whole or not at all.
///
/// # Errors
/// [`RecordError::Io`] where it cannot be written, [`RecordError::Encode`] where a figure is not a
/// finite number.
pub fn write_summary(path: &Path, rows: &[SummaryRow]) -> Result<(), RecordError> {
    table::write(path, rows)
}

/// `ok`, `unsupported: REASON` and `failed: REASON` as text.
pub(super) mod status_text {
    use super::Status;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(in crate::record) fn serialize<S: Serializer>(
        status: &Status,
        out: S,
    ) -> Result<S::Ok, S::Error> {
        out.collect_str(status)
    }

    pub(in crate::record) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Status, D::Error> {
        let text = String::deserialize(from)?;
        if text == "ok" {
            return Ok(Status::Ok);
        }
        let status = match text.split_once(": ") {
            Some(("unsupported", reason)) => Status::Unsupported(reason.to_owned()),
            Some(("failed", reason)) => Status::Failed(reason.to_owned()),
            _ => {
                return Err(D::Error::custom(format!(
                    "status is `ok`, `unsupported: REASON` or `failed: REASON`, not `{text}`"
                )));
            }
        };
        Ok(status)
    }
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::{Status, status_text};

    #[derive(Serialize, Deserialize)]
    struct Column {
        #[serde(with = "status_text")]
        status: Status,
    }

    #[test]
    fn a_status_reads_back_as_it_was_written() {
        for (status, text) in [
            (Status::Ok, "ok"),
            (Status::Unsupported("a: b".to_owned()), "unsupported: a: b"),
            (Status::Failed("crashed (x) in find".to_owned()), "failed: crashed (x) in find"),
        ] {
            let json = serde_json::to_value(Column { status: status.clone() }).expect("plain");
            assert_eq!(json["status"], text);
            let back: Column = serde_json::from_value(json).expect("the same");
            assert_eq!(back.status, status);
        }
        for text in ["failed", "failed:x", "fine", "Ok", ""] {
            let column = serde_json::json!({ "status": text });
            assert!(serde_json::from_value::<Column>(column).is_err(), "{text}");
        }
    }
}
