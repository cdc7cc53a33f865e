//! What the figures of a run themselves warn about.

use crate::cmd::session::Warning;
use crate::record::{ChurnSummaryRow, EXTENT};

/// A phase is short when reading the clock is more than this part of it.
const TIMER_PART_MAX: f64 = 0.01;

/// Phases too short for the timer, one warning each.
pub(super) fn of_figures(summary: &[ChurnSummaryRow], timer_overhead_ns: f64) -> Vec<Warning> {
    let backends = summary.iter().filter(|row| row.backend != EXTENT);
    backends.filter_map(|row| short(row, timer_overhead_ns)).collect()
}

fn short(row: &ChurnSummaryRow, timer_overhead_ns: f64) -> Option<Warning> {
    let part = timer_overhead_ns / (row.phase_s? * 1e9);
    (part > TIMER_PART_MAX).then(|| Warning {
        kind: "short phase",
        badness: part,
        words: format!(
            "{}, {}, {}: reading the clock is about {:.0} % of so short a phase; a layout with more \
             segments has longer ones.",
            row.layout,
            row.scenario,
            row.backend,
            part * 100.0
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::of_figures;
    use crate::record::{ChurnSummaryRow, Status};

    #[test]
    fn only_short_phases_are_warned_about() {
        let mut row = ChurnSummaryRow::declared(["l", "replug", "b"], Status::Ok, None, 1.0);
        assert!(of_figures(std::slice::from_ref(&row), 40.0).is_empty(), "nothing measured");
        row.phase_s = Some(1e-6);
        let said = &of_figures(std::slice::from_ref(&row), 40.0)[0].words;
        assert!(said.starts_with("l, replug, b: reading the clock is about 4 %"), "{said}");
        row.phase_s = Some(1e-3);
        assert!(of_figures(&[row], 40.0).is_empty());
    }
}
