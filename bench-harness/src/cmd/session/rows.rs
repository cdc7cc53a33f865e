//! From what was measured, and who measures, to rows of the records.

use super::plan::Plan;
use crate::measure::{Bench, Sample, Target};
use crate::record::{BASELINE, Configuration, SampleRow, Status, SummaryRow};

/// The samples of one round of a run's process; `name` says who is who.
pub(super) fn of_round(
    (run_id, process): (&str, u32),
    configuration: &Configuration,
    seed: u64,
    round: u32,
    samples: &[Sample],
    name: impl Fn(&Sample) -> String,
) -> Vec<SampleRow> {
    samples
        .iter()
        .map(|sample| SampleRow {
            run_id: run_id.to_owned(),
            process,
            round,
            position: sample.position,
            layout: configuration.layout.clone(),
            workload: configuration.workload.clone(),
            mode: configuration.mode.clone(),
            target: configuration.target.clone(),
            rng: configuration.rng.clone(),
            lookups: configuration.lookups,
            backend: name(sample),
            seed,
            elapsed_ns: sample.timed.elapsed_ns,
            hits: sample.timed.answers.hits,
            checksum: sample.timed.answers.checksum,
        })
        .collect()
}

/// The rows of the summary for one batch, asked for `target`: every backend, in the plan's order, and
/// the baseline.
pub(super) fn taking_part(
    plan: &Plan,
    configuration: &Configuration,
    target: Target,
    bench: &Bench,
) -> Vec<SummaryRow> {
    let row = |entry: &&'static crate::registry::Entry| {
        let mut row = SummaryRow::unmeasured(configuration, entry.name);
        if let Some(reason) = bench.unsupported(entry.name, target) {
            row.status = match plan.barred(entry.name) {
                Some(barred) => Status::Failed(barred.why.clone()),
                None => Status::Unsupported(reason.to_owned()),
            };
        }
        let mut supported = bench.supported(target);
        if let Some((_, _, facts)) = supported.find(|(_, name, _)| *name == entry.name) {
            row.build = Some(facts.built_by.as_str().to_owned());
            row.build_s = Some(facts.build_s);
            row.enter_size(facts.bytes_total, facts.index_bytes, facts.segments, facts.frames);
        }
        row
    };
    let mut rows: Vec<SummaryRow> = plan.backends.iter().map(row).collect();
    if bench.supported(target).next().is_some() {
        rows.push(SummaryRow::unmeasured(configuration, BASELINE));
    }
    rows
}
