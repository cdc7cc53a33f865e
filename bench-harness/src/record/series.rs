//! Samples sorted by what they are samples of, and paired by round.
//!
//! Everything keeps the order of the file, so that the same samples give the same rows. Only
//! `record` uses it.

use std::collections::HashMap;

use super::{BASELINE, SampleRow, SummaryRow};

/// What tells one configuration from another, borrowed: layout, workload, mode, target, generator,
/// lookups.
pub(super) type Key<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str, u64);

/// What two samples share if they are of the same round: run, process, round.
pub(super) type RoundKey<'a> = (&'a str, u32, u32);

/// All samples of one configuration, by backend in order of first appearance.
pub(super) struct Group<'a> {
    /// Any sample of it; its configuration is that of all.
    pub(super) first: &'a SampleRow,
    pub(super) series: Vec<Series<'a>>,
}

/// All samples of one backend in one configuration.
pub(super) struct Series<'a> {
    pub(super) backend: &'a str,
    pub(super) samples: Vec<&'a SampleRow>,
}

impl<'a> Group<'a> {
    /// The backend's samples, if there are any.
    pub(super) fn of(&self, backend: &str) -> Option<&Series<'a>> {
        self.series.iter().find(|series| series.backend == backend)
    }

    /// The generator's, if there are any.
    pub(super) fn baseline(&self) -> Option<&Series<'a>> {
        self.of(BASELINE)
    }
}

impl<'a> Series<'a> {
    /// Times in nanoseconds. Exact up to 2^53 ns, 104 days; kept in nanoseconds, because seconds
    /// would round away what a variance is made of.
    pub(super) fn elapsed_ns(&self) -> Vec<f64> {
        self.samples.iter().map(|sample| sample.elapsed_ns as f64).collect()
    }

    fn by_round(&self) -> HashMap<RoundKey<'a>, f64> {
        self.samples.iter().map(|sample| (round_key(sample), sample.elapsed_ns as f64)).collect()
    }
}

/// Times in nanoseconds of the rounds that all the given series have, one vector a series, each in
/// the order of the first.
pub(super) fn paired<const N: usize>(series: [&Series<'_>; N]) -> [Vec<f64>; N] {
    let by_round = series.map(Series::by_round);
    let mut paired = [const { Vec::new() }; N];
    for sample in series.first().map_or(&[][..], |first| &first.samples) {
        let times = by_round.each_ref().map(|rounds| rounds.get(&round_key(sample)).copied());
        if times.iter().all(Option::is_some) {
            for (values, time) in paired.iter_mut().zip(times) {
                values.extend(time);
            }
        }
    }
    paired
}

/// Times in nanoseconds of the rounds that hold what is compared, and who measured them.
pub(super) struct PairedRounds {
    /// The backend's, the reference's, the generator's (empty where it is not in every one of the
    /// rounds).
    pub(super) values: [Vec<f64>; 3],
    /// The process of each round, in order of first appearance.
    pub(super) processes: Vec<u32>,
}

/// The rounds that `series` and `against` both have, in the order in which they were measured,
/// processes one after the other.
pub(super) fn paired_rounds(
    series: &Series<'_>,
    against: &Series<'_>,
    baseline: Option<&Series<'_>>,
) -> PairedRounds {
    let (reference, generator) = (against.by_round(), baseline.map(Series::by_round));
    let mut rounds: Vec<(&SampleRow, f64, Option<f64>)> = series
        .samples
        .iter()
        .filter_map(|sample| {
            let key = round_key(sample);
            let alone = generator.as_ref().and_then(|rounds| rounds.get(&key).copied());
            Some((*sample, *reference.get(&key)?, alone))
        })
        .collect();
    // Stable: within a process the order of the file is that of measurement.
    rounds.sort_by_key(|(sample, ..)| sample.process);
    let generator: Option<Vec<f64>> = rounds.iter().map(|&(.., alone)| alone).collect();
    PairedRounds {
        values: [
            rounds.iter().map(|(sample, ..)| sample.elapsed_ns as f64).collect(),
            rounds.iter().map(|&(_, reference, _)| reference).collect(),
            generator.unwrap_or_default(),
        ],
        processes: rounds.iter().map(|(sample, ..)| sample.process).collect(),
    }
}

/// Sorts samples into configurations in order of first appearance.
pub(super) fn group(samples: &[SampleRow]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut index_of: HashMap<Key<'_>, usize> = HashMap::new();
    for sample in samples {
        let index = *index_of.entry(sample_key(sample)).or_insert_with(|| {
            groups.push(Group { first: sample, series: Vec::new() });
            groups.len() - 1
        });
        let series = &mut groups[index].series;
        match series.iter_mut().find(|series| series.backend == sample.backend) {
            Some(series) => series.samples.push(sample),
            None => series.push(Series { backend: &sample.backend, samples: vec![sample] }),
        }
    }
    groups
}

/// The round of a sample, within its configuration.
pub(super) fn round_key(row: &SampleRow) -> RoundKey<'_> {
    (&row.run_id, row.process, row.round)
}

/// The configuration of a sample.
pub(super) fn sample_key(row: &SampleRow) -> Key<'_> {
    (&row.layout, &row.workload, &row.mode, &row.target, &row.rng, row.lookups)
}

/// The configuration of a row of the summary.
pub(super) fn summary_key(row: &SummaryRow) -> Key<'_> {
    (&row.layout, &row.workload, &row.mode, &row.target, &row.rng, row.lookups)
}
