//! Every sample of a run as data of the page, for its chart.
//!
//! They stand in the page once, as JSON that the script reads: per number of lookups the rounds, and per backend a time
//! and a place in the round for each. A name in it cannot end the script element: askama's filter writes `<`, `>`, `&`
//! and `'` as escapes.

use std::collections::BTreeMap;

use askama::Template;
use serde::Serialize;

use super::words;
use crate::record::BASELINE;
use crate::report::figure::{Mark, baseline_mark, mark};
use crate::report::numbers::count;
use crate::report::text::clean;
use crate::report::view::{Batch, Group, Timing, View};

/// More samples than these are thinned by whole rounds: a browser has to hold them, and a page has to be mailed.
const MOST: usize = 200_000;

/// The part of the page with the samples.
#[derive(Template)]
#[template(path = "samples.html")]
pub(super) struct Explorer {
    choices: Vec<Choice>,
    series: Vec<Entry>,
    /// Of how many rounds one is there, where that is not every round, and how many samples there are in all.
    thinned: Option<(usize, String)>,
    data: Data,
}

/// A number of lookups of a group, in the order of the data.
struct Choice {
    words: String,
    /// Shown at first: the largest of the first group.
    first: bool,
}

/// A backend in the legend.
struct Entry {
    name: String,
    mark: Mark,
    is_baseline: bool,
}

/// What the script reads.
#[derive(Serialize)]
struct Data {
    names: Vec<String>,
    /// Whether rounds are left out, so that how much was timed before cannot be told.
    thinned: bool,
    batches: Vec<Samples>,
}

/// One number of lookups of a group.
#[derive(Serialize)]
struct Samples {
    of: String,
    lookups: u64,
    /// Process and round number of each round, in the order of measurement.
    processes: Vec<u32>,
    rounds: Vec<u32>,
    series: Vec<Series>,
}

/// The samples of one backend.
#[derive(Serialize)]
struct Series {
    name: usize,
    /// Which rounds it was timed in, by their index; missing where it is all.
    #[serde(skip_serializing_if = "Option::is_none")]
    rounds: Option<Vec<usize>>,
    /// Nanoseconds a batch.
    ns: Vec<u64>,
    /// Place in the round, from 0.
    places: Vec<u32>,
}

impl Explorer {
    /// The samples of a run; none where there are none.
    pub(super) fn of(view: &View<'_>) -> Option<Self> {
        Self::at_most(view, MOST)
    }

    fn at_most(view: &View<'_>, most: usize) -> Option<Self> {
        let names: Vec<&str> = view.backends.iter().copied().chain([BASELINE]).collect();
        let all = view.run.samples.len();
        let each = all.div_ceil(most).max(1);
        let mut data = Data {
            names: names.iter().map(|name| clean(name)).collect(),
            thinned: each > 1,
            batches: Vec::new(),
        };
        let mut choices: Vec<Choice> = Vec::new();
        let mut first = None;
        for group in &view.groups {
            for batch in &group.batches {
                let Some(samples) = samples(group, batch, &names, each) else { continue };
                let words = format!("{}, {} lookups", samples.of, count(batch.lookups));
                choices.push(Choice { words, first: false });
                data.batches.push(samples);
            }
            first = first.or(choices.len().checked_sub(1));
        }
        choices.get_mut(first?)?.first = true;
        let entry = |name: &&str| Entry {
            name: clean(name),
            mark: if *name == BASELINE { baseline_mark() } else { mark(name, &view.backends) },
            is_baseline: *name == BASELINE,
        };
        let series = names.iter().map(entry).collect();
        let thinned = (each > 1).then(|| (each, all.to_string()));
        Some(Self { choices, series, thinned, data })
    }
}

/// One number of lookups, one round of so many; `None` without a sample.
fn samples(group: &Group<'_>, batch: &Batch<'_>, names: &[&str], each: usize) -> Option<Samples> {
    let timings: Vec<Vec<Timing>> =
        names.iter().map(|name| batch.timings(name).collect()).collect();
    let mut index: BTreeMap<(u32, u32), usize> =
        timings.iter().flatten().map(|timing| ((timing.process, timing.round), 0)).collect();
    // The first of every so many is kept, and numbered anew.
    let mut at = 0;
    index.retain(|_, _| {
        at += 1;
        (at - 1) % each == 0
    });
    for (place, index) in index.values_mut().enumerate() {
        *index = place;
    }
    let series = |(name, timings): (usize, &Vec<Timing>)| {
        let kept = timings
            .iter()
            .filter_map(|timing| Some((*index.get(&(timing.process, timing.round))?, timing)));
        let kept: Vec<(usize, &Timing)> = kept.collect();
        let rounds: Vec<usize> = kept.iter().map(|(round, _)| *round).collect();
        let whole = rounds.iter().copied().eq(0..index.len());
        // Recorded as whole nanoseconds; rounding gives them back.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let ns = |seconds: f64| (seconds * 1e9).round() as u64;
        (!kept.is_empty()).then(|| Series {
            name,
            rounds: (!whole).then_some(rounds),
            ns: kept.iter().map(|(_, timing)| ns(timing.seconds)).collect(),
            places: kept.iter().map(|(_, timing)| timing.position).collect(),
        })
    };
    let series: Vec<Series> = timings.iter().enumerate().filter_map(series).collect();
    (!series.is_empty()).then(|| Samples {
        of: words::group(group),
        lookups: batch.lookups,
        processes: index.keys().map(|(process, _)| *process).collect(),
        rounds: index.keys().map(|(_, round)| *round).collect(),
        series,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::synthetic::{Cost, Maker};

    #[test]
    fn every_sample_is_there_with_its_round_and_place() {
        let mut maker = Maker::new();
        maker.batch("a", 1000, 4, 1.5, &[Cost("array", 7.0, 0.1), Cost("rbtree", 9.0, 0.1)]);
        // A backend that failed in a round, and a second process.
        maker.run.samples.retain(|row| row.round != 2 || row.backend != "rbtree");
        maker.run.samples.iter_mut().filter(|row| row.round == 3).for_each(|row| row.process = 1);
        let run = maker.run;
        let explorer = Explorer::of(&View::new(&run)).unwrap();
        assert!(explorer.thinned.is_none());
        let [samples] = explorer.data.batches.as_slice() else { panic!("one batch") };
        assert_eq!(samples.processes, [0, 0, 0, 1]);
        assert_eq!(samples.rounds, [0, 1, 2, 3]);
        let [array, tree, baseline] = samples.series.as_slice() else { panic!("three") };
        assert_eq!((&array.rounds, &tree.rounds), (&None, &Some(vec![0, 1, 3])));
        assert_eq!((array.places[0], tree.places[0], baseline.places[0]), (0, 1, 2));
        let recorded = run.samples.iter().filter(|row| row.backend == "array");
        assert_eq!(array.ns, recorded.map(|row| row.elapsed_ns).collect::<Vec<_>>());
    }

    #[test]
    fn too_many_are_thinned_by_whole_rounds_and_it_is_said() {
        let mut maker = Maker::new();
        maker.batch("a", 1000, 10, 1.5, &[Cost("array", 7.0, 0.1), Cost("rbtree", 9.0, 0.1)]);
        let explorer = Explorer::at_most(&View::new(&maker.run), 10).unwrap();
        assert_eq!(explorer.data.batches[0].rounds, [0, 3, 6, 9]);
        assert!(explorer.data.batches[0].series.iter().all(|series| series.ns.len() == 4));
        assert_eq!(explorer.thinned, Some((3, "30".to_owned())));
        let html = explorer.render().unwrap();
        assert!(html.contains("one round of 3") && html.contains("\"thinned\":true"));
        let whole = Explorer::of(&View::new(&maker.run)).unwrap().render().unwrap();
        assert!(whole.contains("\"thinned\":false"));
    }
}
