//! modes.csv: every backend with its addresses drawn inside the timed loop and before it, in turn; and
//! whether both give the same cost net of the generator.

use std::path::Path;

use super::{BASELINE, RecordError, SampleRow, read_samples, series, table};
use crate::stats::{Change, change_of_nets};

/// Net costs within this fraction count as the same.
const ALIKE: f64 = 0.01;

/// A backend's net cost in both modes, on one layout.
#[derive(Clone, PartialEq, Debug)]
pub struct ModeCheck {
    /// Layout name.
    pub layout: String,
    /// Backend.
    pub backend: String,
    /// Lookups in a batch.
    pub lookups: u64,
    /// Typical net cost of mode `inline`, in nanoseconds a lookup.
    pub inline_ns: f64,
    /// The same of mode `trace`.
    pub trace_ns: f64,
    /// Net cost of `inline` against that of `trace`, as a fraction.
    pub change: Change,
}

impl ModeCheck {
    /// Whether the two modes tell the same: any difference is within 1 %. `None` where that cannot be
    /// told: the interval is wider, or there is none.
    pub fn agrees(&self) -> Option<bool> {
        let (low, high) = (self.change.low?, self.change.high?);
        if low > -ALIKE && high < ALIKE {
            return Some(true);
        }
        (low > 0.0 || high < 0.0).then_some(false)
    }
}

/// Reads modes.csv whole; nothing where there is no such file.
///
/// # Errors
/// As [`read_samples`].
pub fn read_modes(path: &Path) -> Result<Vec<SampleRow>, RecordError> {
    match read_samples(path) {
        Err(RecordError::Missing { .. }) => Ok(Vec::new()),
        outcome => outcome,
    }
}

/// Replaces modes.csv, whole or not at all.
///
/// # Errors
/// [`RecordError::Io`] where it cannot be written.
pub fn write_modes(path: &Path, rows: &[SampleRow]) -> Result<(), RecordError> {
    table::write(path, rows)
}

/// Every backend that was measured in both modes, layout by layout.
pub fn mode_checks(rows: &[SampleRow]) -> Vec<ModeCheck> {
    let groups = series::group(rows);
    let mut checks = Vec::new();
    for inline in groups.iter().filter(|group| group.first.mode == "inline") {
        let same = |group: &&series::Group<'_>| {
            group.first.mode == "trace"
                && (&group.first.layout, group.first.lookups)
                    == (&inline.first.layout, inline.first.lookups)
        };
        let Some(trace) = groups.iter().find(same) else { continue };
        let backends = inline.series.iter().filter(|series| series.backend != BASELINE);
        checks.extend(backends.filter_map(|series| check(series.backend, inline, trace)));
    }
    checks
}

fn check(
    backend: &str,
    inline: &series::Group<'_>,
    trace: &series::Group<'_>,
) -> Option<ModeCheck> {
    let [x, xb, y, yb] = series::paired([
        inline.of(backend)?,
        inline.baseline()?,
        trace.of(backend)?,
        trace.baseline()?,
    ]);
    let (nets, change) = change_of_nets([&x, &xb], [&y, &yb])?;
    let lookups = inline.first.lookups;
    Some(ModeCheck {
        layout: inline.first.layout.clone(),
        backend: backend.to_owned(),
        lookups,
        inline_ns: nets[0] / lookups as f64,
        trace_ns: nets[1] / lookups as f64,
        change,
    })
}

#[cfg(test)]
mod tests {
    use super::mode_checks;
    use crate::record::{BASELINE, SampleRow, fixtures::sample};

    fn rows(trace_ns: u64) -> Vec<SampleRow> {
        let mut rows = Vec::new();
        for round in 0..30 {
            let wobble = u64::from(round * 7 % 5);
            for (mode, backend, ns) in [
                ("inline", BASELINE, 1_000),
                ("inline", "array", 11_000 + wobble),
                ("trace", BASELINE, 500 + wobble),
                ("trace", "array", 500 + trace_ns + wobble),
            ] {
                rows.push(SampleRow {
                    mode: mode.to_owned(),
                    ..sample("layout", round, backend, ns)
                });
            }
        }
        rows
    }

    #[test]
    fn modes_that_agree_and_modes_that_do_not() {
        let same = mode_checks(&rows(10_000));
        assert_eq!(
            (same.len(), same[0].backend.as_str(), same[0].agrees()),
            (1, "array", Some(true))
        );
        let other = &mode_checks(&rows(9_000))[0];
        assert_eq!(other.agrees(), Some(false));
        assert!((other.change.point - 0.111).abs() < 0.01, "{other:?}");
        assert!((other.inline_ns - 10.0).abs() < 0.01 && (other.trace_ns - 9.0).abs() < 0.01);
        assert!(mode_checks(&rows(9_000)[..2]).is_empty(), "one mode alone");
    }
}
