//! What plugins cost net of their interface: their time less that of `abi:null`, whose calls do nothing.
//!
//! A plugin is called through pointers and hands its answers over in memory; a built-in backend is inlined into the
//! loop. Held against each other as they are, the difference of the two ways of calling is part of the change.
//! Here it is taken off, round by round, as the generator's time is off the others'. On an out-of-order core a call and
//! the search behind it overlap, so that this is an estimate, as net times are.

use super::numbers::{NONE, change_cells, count, finite, significant};
use super::table::{Room, Table, bracketed, heads};
use super::text::clean;
use super::view::{Batch, Group, View};
use crate::record::BASELINE;
use crate::stats::change_of_nets;

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
    view.groups.iter().filter_map(|group| of_group(group, reference, room)).collect()
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
            let change = format!("own against {against} (%) [low, high]");
            heads(&["lookups", "backend", "net (ns)", "calls (ns)", "own (ns)", &change])
        }
        Room::Terminal => heads(&[
            "lookups",
            "backend",
            "net\nns",
            "calls\nns",
            "own\nns",
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
        notes: vec![
            "net: time a lookup less the baseline's. calls: the same of abi:null, whose functions find \
             everything at once. own: time less that of abi:null, round by round; its change is \
             against the net time of the reference. Calls and searches overlap: an estimate."
                .to_owned(),
        ],
    })
}

fn of_batch(batch: &Batch<'_>, reference: &str, room: Room) -> Vec<Vec<String>> {
    let names = batch.rows.iter().map(|row| row.backend.as_str());
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
    let net = |name: &str| finite(batch.row(name)?.net_ns_per_lookup);
    let shown = |ns: Option<f64>| ns.map_or_else(|| NONE.to_owned(), |ns| significant(ns, 3));
    let idle_ns = net(null)?;
    let taken_off = null_of(reference).unwrap_or(BASELINE);
    let times = batch.paired_all([backend, null, reference, taken_off]);
    let [own, idle, other, baseline] = &times;
    let nets = change_of_nets([own, idle], [other, baseline]);
    let own = nets.map(|([own, _], _)| batch.ns(own));
    let change = nets.filter(|_| backend != reference).map(|(_, change)| change);
    let percent = |part: Option<f64>| part.map(|part| part * 100.0);
    let change = change_cells(
        percent(change.map(|change| change.point)),
        percent(change.and_then(|change| change.low)),
        percent(change.and_then(|change| change.high)),
    );
    let mut line = vec![count(batch.lookups), clean(backend)];
    line.extend([shown(net(backend)), shown(Some(idle_ns)), shown(own)]);
    match room {
        Room::Page => line.push(bracketed(change)),
        Room::Terminal => line.extend(change),
    }
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::{NULL, NULL_SINGLE, null_of};

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
