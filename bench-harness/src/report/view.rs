//! A run sorted for reading: layouts, then questions, then numbers of lookups, then backends, each in a
//! fixed order.
//!
//! Records come in the order in which they were measured or written; reports need the same order
//! every time, and each sample found without a search. Everything in `report` draws from this.

use std::collections::{BTreeMap, BTreeSet};

use super::asked;
use super::names::{Stems, natural};
use super::numbers::finite;
use super::published::LAYOUT;
use super::setting::Setting;
use crate::record::{BASELINE, ComparisonRow, Run, SummaryRow};

/// A layout under one setting, its batches from the smallest to the largest.
pub(super) struct Group<'a> {
    pub layout: &'a str,
    pub setting: Setting<'a>,
    /// What its files are named after.
    pub stem: String,
    pub batches: Vec<Batch<'a>>,
}

/// One number of lookups: all that was measured with it.
pub(super) struct Batch<'a> {
    pub lookups: u64,
    /// In the run's order of backends, the baseline last.
    pub rows: Vec<&'a SummaryRow>,
    /// In the run's order of backends.
    pub comparisons: Vec<&'a ComparisonRow>,
    /// By backend, the baseline among them.
    samples: BTreeMap<&'a str, Timed>,
}

/// What one backend was timed at, in the order of measurement.
#[derive(Default)]
struct Timed {
    /// Seconds a batch.
    seconds: Vec<f64>,
    /// Process and round of each.
    rounds: Vec<(u32, u32)>,
    /// Place of each in its round.
    positions: Vec<u32>,
}

/// One timed batch, and when it was its turn.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timing {
    pub process: u32,
    pub round: u32,
    /// Place in the round, from 0.
    pub position: u32,
    /// Seconds a batch.
    pub seconds: f64,
}

/// The rounds that two backends share, in the order of measurement.
pub(super) struct Paired {
    /// Seconds a batch of the one, and of the other.
    pub values: Vec<f64>,
    pub reference: Vec<f64>,
    /// The process of each round.
    pub processes: Vec<u32>,
}

/// A run, sorted.
pub(super) struct View<'a> {
    pub run: &'a Run,
    /// The paper's layout, then the others in natural order.
    pub groups: Vec<Group<'a>>,
    /// Backends without the baseline: what others are compared to first, then as recorded.
    pub backends: Vec<&'a str>,
    /// How lookups were made and timed: the main question first, then as it was asked for.
    pub settings: Vec<Setting<'a>>,
}

impl<'a> View<'a> {
    /// Sorts `run`.
    pub(super) fn new(run: &'a Run) -> Self {
        let (backends, settings) = (backends_of(run), asked::settings(run));
        let mut sorted: BTreeMap<(&str, Setting<'_>), BTreeMap<u64, Batch<'_>>> = BTreeMap::new();
        for row in &run.summary {
            let batches = sorted.entry((&row.layout, Setting::from(row))).or_default();
            batches.entry(row.lookups).or_insert_with(|| Batch::new(row.lookups)).rows.push(row);
        }
        for row in &run.comparison {
            let key = (row.layout.as_str(), Setting::from(row));
            if let Some(batch) = sorted.get_mut(&key).and_then(|b| b.get_mut(&row.lookups)) {
                batch.comparisons.push(row);
            }
        }
        collect_samples(run, &mut sorted);
        let place = |name: &str| backends.iter().position(|b| *b == name).unwrap_or(usize::MAX);
        let mut groups: Vec<Group<'_>> = sorted
            .into_iter()
            .map(|((layout, setting), batches)| {
                let mut batches: Vec<_> = batches.into_values().collect();
                for batch in &mut batches {
                    batch.rows.sort_by_key(|row| place(&row.backend));
                    batch.comparisons.sort_by_key(|row| place(&row.backend));
                }
                Group { layout, setting, stem: String::new(), batches }
            })
            .collect();
        // The paper's first experiment comes first, as in the paper.
        groups.sort_by(|a, b| {
            let paper_first = (a.layout != LAYOUT).cmp(&(b.layout != LAYOUT));
            let layouts = paper_first.then_with(|| natural(a.layout, b.layout));
            layouts.then_with(|| rank(&settings, a.setting).cmp(&rank(&settings, b.setting)))
        });
        name_files(&mut groups);
        Self { run, groups, backends, settings }
    }

    /// The place of a setting among all.
    pub(super) fn rank(&self, setting: Setting<'_>) -> usize {
        rank(&self.settings, setting)
    }
}

impl<'a> Batch<'a> {
    fn new(lookups: u64) -> Self {
        Self { lookups, rows: Vec::new(), comparisons: Vec::new(), samples: BTreeMap::new() }
    }

    /// Seconds a batch of one backend, in the order of measurement.
    pub(super) fn samples(&self, backend: &str) -> &[f64] {
        self.samples.get(backend).map_or(&[], |timed| timed.seconds.as_slice())
    }

    /// The batches of one backend with their turns, in the order of measurement.
    pub(super) fn timings(&self, backend: &str) -> impl Iterator<Item = Timing> {
        self.samples.get(backend).into_iter().flat_map(|timed| {
            let turns = timed.rounds.iter().zip(&timed.positions).zip(&timed.seconds);
            turns.map(|((&(process, round), &position), &seconds)| Timing {
                process,
                round,
                position,
                seconds,
            })
        })
    }

    /// Process and round of each of [`samples`](Self::samples).
    pub(super) fn rounds(&self, backend: &str) -> &[(u32, u32)] {
        self.samples.get(backend).map_or(&[], |timed| timed.rounds.as_slice())
    }

    /// How many were timed in each round, the baseline among them.
    pub(super) fn participants(&self) -> usize {
        self.samples.len()
    }

    /// The rounds that both backends have.
    pub(super) fn paired(&self, backend: &str, reference: &str) -> Paired {
        let mut paired =
            Paired { values: Vec::new(), reference: Vec::new(), processes: Vec::new() };
        let (Some(one), Some(other)) = (self.samples.get(backend), self.samples.get(reference))
        else {
            return paired;
        };
        let of_round: BTreeMap<(u32, u32), f64> =
            other.rounds.iter().copied().zip(other.seconds.iter().copied()).collect();
        for (round, seconds) in one.rounds.iter().zip(&one.seconds) {
            if let Some(other) = of_round.get(round) {
                paired.values.push(*seconds);
                paired.reference.push(*other);
                paired.processes.push(round.0);
            }
        }
        paired
    }

    /// Seconds a batch of the rounds that all of them have, one list each, and the process of each round.
    pub(super) fn paired_all<const N: usize>(&self, names: [&str; N]) -> ([Vec<f64>; N], Vec<u32>) {
        let all = names.map(|name| self.samples.get(name));
        let by_round = all.map(|timed| {
            let timed = timed.into_iter().flat_map(|timed| timed.rounds.iter().zip(&timed.seconds));
            timed.map(|(&round, &seconds)| (round, seconds)).collect::<BTreeMap<_, _>>()
        });
        let (mut paired, mut processes) = ([const { Vec::new() }; N], Vec::new());
        for round in all.first().copied().flatten().map_or(&[][..], |first| &first.rounds) {
            let times = by_round.each_ref().map(|rounds| rounds.get(round).copied());
            if times.iter().all(Option::is_some) {
                for (values, time) in paired.iter_mut().zip(times) {
                    values.extend(time);
                }
                processes.push(round.0);
            }
        }
        (paired, processes)
    }

    /// The row of one backend, or of the baseline.
    pub(super) fn row(&self, backend: &str) -> Option<&'a SummaryRow> {
        self.rows.iter().copied().find(|row| row.backend == backend)
    }

    /// Whether any backend, the baseline apart, has a mean.
    pub(super) fn measured(&self) -> bool {
        self.rows.iter().any(|row| row.backend != BASELINE && mean(row).is_some())
    }

    /// Nanoseconds a lookup for seconds a batch.
    pub(super) fn ns(&self, seconds: f64) -> f64 {
        seconds * 1e9 / self.lookups.max(1) as f64
    }
}

impl<'a> Group<'a> {
    /// The largest batch that has figures.
    pub(super) fn largest(&self) -> Option<&Batch<'a>> {
        self.batches.iter().rev().find(|batch| batch.measured())
    }
}

/// The mean of a row that was measured.
pub(super) fn mean(row: &SummaryRow) -> Option<f64> {
    row.mean_s.filter(|_| row.status.is_ok()).and_then(|mean| finite(Some(mean)))
}

fn rank(settings: &[Setting<'_>], setting: Setting<'_>) -> usize {
    settings.iter().position(|known| *known == setting).unwrap_or(usize::MAX)
}

fn backends_of(run: &Run) -> Vec<&str> {
    let mut seen = BTreeSet::from([BASELINE]);
    let references = run.comparison.iter().map(|row| row.reference.as_str());
    let others = run.summary.iter().map(|row| row.backend.as_str());
    references.chain(others).filter(|name| seen.insert(name)).collect()
}

fn collect_samples<'a>(
    run: &'a Run,
    sorted: &mut BTreeMap<(&'a str, Setting<'a>), BTreeMap<u64, Batch<'a>>>,
) {
    let mut order: Vec<_> = run.samples.iter().collect();
    order.sort_by_key(|row| (row.process, row.round)); // stable: equal ones stay as recorded
    for row in order {
        let setting = Setting::from(row);
        let batch = sorted
            .get_mut(&(row.layout.as_str(), setting))
            .and_then(|batches| batches.get_mut(&row.lookups));
        if let Some(batch) = batch {
            let timed = batch.samples.entry(&row.backend).or_default();
            timed.seconds.push(row.elapsed_ns as f64 / 1e9);
            timed.rounds.push((row.process, row.round));
            timed.positions.push(row.position);
        }
    }
}

fn name_files(groups: &mut [Group<'_>]) {
    let mut stems = Stems::default();
    let layouts: Vec<&str> = groups.iter().map(|group| group.layout).collect();
    for group in groups {
        // The setting is in the name only where the layout alone would be ambiguous.
        let alone = layouts.iter().filter(|layout| **layout == group.layout).count() == 1;
        let name = if alone {
            group.layout.to_owned()
        } else {
            format!("{}-{}", group.layout, group.setting.joined())
        };
        group.stem = stems.stem(&name);
    }
}
