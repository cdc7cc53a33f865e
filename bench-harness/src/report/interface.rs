//! What plugins cost net of their interface: their time less that of `abi:null`, whose calls do nothing.
//!
//! A plugin is called through pointers and hands its answers over in memory; a built-in backend is inlined into the
//! loop. Held against each other as they are, the difference of the two ways of calling is part of the change.
//! Here it is taken off, round by round, as the generator's time is off the others'. On an out-of-order core a call and
//! the search behind it overlap, so that this is an estimate, as net times are.

use super::numbers::{NONE, change_cells, count, significant};
use super::table::{Room, Table, bracketed, heads};
use super::text::clean;
use super::view::{Batch, Group, View};
use crate::record::{BASELINE, Status, unit_named};
use crate::stats::{Unit, change_of_nets_by};

/// Answers without a search, through the interface.
const NULL: &str = "abi:null";
/// The same, called for every lookup.
const NULL_SINGLE: &str = "abi:null@single";

/// The control that shows what calling `backend` costs; `None` for what is not called as a plugin, and for the
/// controls themselves.
fn null_of(backend: &str) -> Option<&'static str> {
    let is_called = backend.starts_with("plugin:") || backend.starts_with("abi:");
    if !is_called || [NULL, NULL_SINGLE].contains(&backend) {
        return None;
    }
    // In whichever order the ends of its name come.
    Some(if backend.split('@').any(|end| end == "single") { NULL_SINGLE } else { NULL })
}

/// A table for each layout and question where a plugin and its control were measured: of all numbers of lookups
/// for a page, of the largest for a terminal.
pub(super) fn tables(view: &View<'_>, room: Room) -> Vec<Table> {
    let Some(reference) = view.backends.first() else { return Vec::new() };
    let mut tables: Vec<Table> =
        view.groups.iter().filter_map(|group| of_group(group, reference, room)).collect();
    // What the columns mean is said once, below the last.
    if let Some((_, others)) = tables.split_last_mut() {
        for table in others {
            table.notes.clear();
        }
    }
    tables
}

fn of_group(group: &Group<'_>, reference: &str, room: Room) -> Option<Table> {
    let batches: Vec<&Batch<'_>> = match room {
        Room::Page => group.batches.iter().collect(),
        Room::Terminal => group.largest().into_iter().collect(),
    };
    let rows: Vec<Vec<String>> =
        batches.into_iter().flat_map(|batch| of_batch(batch, reference, room)).collect();
    let against = clean(reference);
    let columns = match room {
        Room::Page => {
            let (of_reference, change) =
                (format!("{against} (ns)"), format!("own against {against} (%) [low, high]"));
            heads(&["lookups", "backend", "calls (ns)", "own (ns)", &of_reference, &change])
        }
        Room::Terminal => heads(&[
            "lookups",
            "backend",
            "calls\nns",
            "own\nns",
            "ref.\nns",
            "change\n%",
            "low\n%",
            "high\n%",
        ]),
    };
    (!rows.is_empty()).then(|| Table {
        title: format!(
            "Plugins net of their calls, against {against}, {} ({})",
            clean(group.layout),
            group.setting
        ),
        heads: columns,
        names: 2,
        rows,
        notes: vec![format!(
            "calls: time of abi:null, whose functions find everything at once, less the baseline's. own: the \
             plugin's time less that of abi:null. {against}: its time less the baseline's{}. All are means of \
             midmeans over groups of rounds, or over processes where those are the evidence; the change is own against {against}; means of other tables \
             differ where rounds were disturbed. Calls and searches overlap: an estimate.{}",
            if null_of(reference).is_some() { ", that of abi:null" } else { "" },
            match room {
                Room::Page => "",
                Room::Terminal => " The largest number of lookups; the page has all.",
            }
        )],
    })
}

fn of_batch(batch: &Batch<'_>, reference: &str, room: Room) -> Vec<Vec<String>> {
    // Whoever failed on the way was not measured to the end, and is compared with nobody.
    let measured = batch.rows.iter().filter(|row| row.status == Status::Ok);
    let names = measured.map(|row| row.backend.as_str());
    let called = names.filter_map(|name| Some((name, null_of(name)?)));
    called.filter_map(|(name, null)| row(batch, name, null, reference, room)).collect()
}

fn row(
    batch: &Batch<'_>,
    backend: &str,
    null: &str,
    reference: &str,
    room: Room,
) -> Option<Vec<String>> {
    let shown = |seconds: Option<f64>| {
        seconds.map_or_else(|| NONE.to_owned(), |seconds| significant(batch.ns(seconds), 3))
    };
    let taken_off = null_of(reference).unwrap_or(BASELINE);
    let (times, processes) = batch.paired_all([backend, null, reference, taken_off, BASELINE]);
    let [own, idle, other, less, baseline] = &times;
    // All by the same estimator over the same rounds, so that the columns belong together.
    let by_process =
        batch.comparisons.first().is_some_and(|row| unit_named(&row.unit) == Unit::Processes);
    let processes = by_process.then_some(processes.as_slice());
    let (calls, _) = change_of_nets_by([idle, baseline], [other, less], processes)?;
    let nets = change_of_nets_by([own, idle], [other, less], processes);
    let (own, of_reference) =
        nets.map_or((None, None), |([own, other], _)| (Some(own), Some(other)));
    let change = nets.filter(|_| backend != reference).map(|(_, change)| change);
    let percent = |part: Option<f64>| part.map(|part| part * 100.0);
    let change = change_cells(
        percent(change.map(|change| change.point)),
        percent(change.and_then(|change| change.low)),
        percent(change.and_then(|change| change.high)),
    );
    let mut line = vec![count(batch.lookups), clean(backend)];
    line.extend([shown(Some(calls[0])), shown(own), shown(of_reference)]);
    match room {
        Room::Page => line.push(bracketed(change)),
        Room::Terminal => line.extend(change),
    }
    Some(line)
}

/// How the time of a plugin, less that of its control, differs from the reference's in percent, with its bounds; `None`
/// for what is not called as a plugin.
pub(super) fn own_change(
    batch: &Batch<'_>,
    backend: &str,
    reference: &str,
) -> Option<[Option<f64>; 3]> {
    let taken_off = null_of(reference).unwrap_or(BASELINE);
    let names = [backend, null_of(backend)?, reference, taken_off, BASELINE];
    let (times, processes) = batch.paired_all(names);
    let [own, idle, other, less, _] = &times;
    let by_process =
        batch.comparisons.first().is_some_and(|row| unit_named(&row.unit) == Unit::Processes);
    let processes = by_process.then_some(processes.as_slice());
    let (_, change) = change_of_nets_by([own, idle], [other, less], processes)?;
    let percent = |part: Option<f64>| part.map(|part| part * 100.0);
    Some([Some(change.point * 100.0), percent(change.low), percent(change.high)])
}

#[cfg(test)]
mod tests {
    use super::{NULL, NULL_SINGLE, null_of, tables};
    use crate::record::{Run, Status};
    use crate::report::synthetic::{Cost, Maker};
    use crate::report::table::Room;
    use crate::report::view::View;

    /// 10 ns for the array, 3 for the null, 12 for a plugin, 2 for the baseline, which varies a little.
    fn run() -> Run {
        let costs = [
            Cost("array", 10.0, 0.0),
            Cost("plugin:a", 12.0, 0.0),
            Cost("plugin:b", 30.0, 0.0),
            Cost(NULL, 3.0, 0.0),
        ];
        let mut maker = Maker::new();
        maker.batch("frag-1mb", 1_000_000, 10, 2.0, &costs);
        maker.run
    }

    fn rows(run: &Run) -> Vec<Vec<String>> {
        tables(&View::new(run), Room::Terminal).into_iter().flat_map(|table| table.rows).collect()
    }

    #[test]
    fn what_calls_cost_is_taken_off_the_plugin_and_the_baseline_off_the_reference() {
        let mut run = run();
        let [a, b] = &rows(&run)[..] else { panic!("two plugins") };
        assert_eq!(a[1..5], ["plugin:a", "1.00", "9.00", "8.00"]);
        let number = |cell: &String| cell.parse::<f64>().expect("a number");
        assert!((number(&a[5]) - 12.5).abs() < 0.3, "9 for 8: {a:?}");
        assert!((number(&b[5]) - 237.5).abs() < 3.0, "27 for 8: {b:?}");

        // Of several processes with one round each as of as many rounds; of one process there is no interval.
        for row in &mut run.comparison {
            row.unit = "process".to_owned();
        }
        let [a, _] = &rows(&run)[..] else { panic!("two plugins") };
        assert!((number(&a[5]) - 12.5).abs() < 0.3);
        assert_eq!(a[6..8], ["–", "–"], "one process");
    }

    #[test]
    fn a_plugin_that_failed_is_compared_with_nobody() {
        let mut run = run();
        for row in &mut run.summary {
            if row.backend == "plugin:b" {
                row.status = Status::Failed("crashed".to_owned());
            }
        }
        let rows = rows(&run);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0][1], "plugin:a");
    }

    #[test]
    fn the_control_of_a_backend_is_called_as_it_is() {
        for (backend, null) in [
            ("plugin:./a.so", Some(NULL)),
            ("plugin:./a.so@final", Some(NULL)),
            ("plugin:./a.so@single@final", Some(NULL_SINGLE)),
            ("plugin:./a.so@final@single", Some(NULL_SINGLE)),
            ("abi:array", Some(NULL)),
            ("abi:array@single", Some(NULL_SINGLE)),
            ("abi:null", None),
            ("abi:null@single", None),
            ("array", None),
            ("array@final", None),
        ] {
            assert_eq!(null_of(backend), null, "{backend}");
        }
    }
}
