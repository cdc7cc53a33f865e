//! One backend's runs in a lane: the points in the order of measurement, and what they sum up to.
//!
//! Shared by the figure of all runs and the figure of layouts. Points keep their order from left to
//! right, so that drift over a run can be seen; a heap of points at random would hide it.

use std::collections::BTreeSet;

use super::super::numbers::finite;
use super::super::view::{Batch, Group, mean};
use super::canvas::{Canvas, Drawn};
use super::data::{Cell, Key, Rows};
use super::frame::{units, whisker};
use super::panel::Panel;
use super::style::{INK, Look};
use crate::record::SummaryRow;

/// What one lane shows. Times are seconds a batch.
pub(super) struct Lane<'a> {
    pub look: Look,
    pub row: &'a SummaryRow,
    /// Runs that are drawn, each with its place in the order of measurement; see [`thinned`].
    pub points: Vec<(usize, f64)>,
    /// Runs that were measured.
    pub measured: usize,
}

impl<'a> Lane<'a> {
    /// The lane of a row with no more than `most` points.
    pub(super) fn new(batch: &Batch<'_>, row: &'a SummaryRow, look: Look, most: usize) -> Self {
        let samples = if mean(row).is_some() { batch.samples(&row.backend) } else { &[] };
        Self { look, row, points: thinned(samples, most), measured: samples.len() }
    }

    /// Every figure that the scale has to hold.
    pub(super) fn values(&self) -> Vec<f64> {
        let Some(mean) = mean(self.row) else {
            return Vec::new();
        };
        let margin = finite(self.row.margin95_t_s).unwrap_or(0.0);
        let mut values = vec![mean, mean - margin, mean + margin];
        values.extend(finite(self.row.min_s));
        values.extend(finite(self.row.max_s));
        values.extend(self.points.iter().map(|(_, seconds)| seconds));
        values
    }

    /// Draws it between two places across; `unit` is how many of the scale's units make a second.
    pub(super) fn draw(&self, canvas: &Canvas<'_>, panel: &Panel, at: Spot) -> Drawn {
        let Some(mean) = mean(self.row) else {
            return Ok(());
        };
        let y = |seconds: f64| panel.y(seconds * at.unit);
        let Spot { left, right, .. } = at;
        let centre = i32::midpoint(left, right);
        if let Some(margin) = finite(self.row.margin95_t_s) {
            let (top, bottom) = (y(mean + margin), y(mean - margin));
            // A band thinner than a hair would vanish.
            canvas.block((left, top - 1), (right, bottom + 1), self.look.colour, 0.25)?;
        }
        let room = f64::from(right - left - 2 * at.radius);
        for (index, (_, seconds)) in self.points.iter().enumerate() {
            let along = (index as f64 + 0.5) / self.points.len() as f64;
            let x = left + at.radius + units(along * room);
            canvas.mark((x, y(*seconds)), self.look, at.radius, 0.45)?;
        }
        if at.wide {
            for edge in [self.row.min_s, self.row.max_s].into_iter().filter_map(finite) {
                for x in [left, right] {
                    let tail = if x == left { 26 } else { -26 };
                    canvas.line(&[(x, y(edge)), (x + tail, y(edge))], INK, 4)?;
                }
            }
            canvas.line(&[(left, y(mean)), (right, y(mean))], INK, 4)
        } else {
            if let (Some(min), Some(max)) = (finite(self.row.min_s), finite(self.row.max_s)) {
                whisker(canvas, centre, y(max), y(min), INK)?;
            }
            let black = Look { colour: INK, ..self.look };
            canvas.mark((centre, y(mean)), black, 13, 1.0)?;
            canvas.mark((centre, y(mean)), self.look, 9, 1.0)
        }
    }
}

/// Columns of the data of a lane, behind the key.
pub(super) const COLUMNS: [&str; 6] =
    ["status", "what", "process", "round", "time_s", "ns_per_lookup"];

impl Lane<'_> {
    /// Its numbers: the mean and its interval, the extremes, and the runs that are drawn.
    pub(super) fn enter(&self, rows: &mut Rows, group: &Group<'_>, batch: &Batch<'_>) {
        let Group { layout, setting, .. } = *group;
        let key = Key { layout, setting, lookups: batch.lookups, backend: &self.row.backend };
        let status = Cell::from(self.row.status.to_string().as_str());
        let mut line = |what: &str, process: Cell, round: Cell, seconds: Option<f64>| {
            let ns = seconds.map(|seconds| batch.ns(seconds));
            let cells = [status.clone(), what.into(), process, round, seconds.into(), ns.into()];
            rows.push(key, cells);
        };
        let Some(mean) = mean(self.row) else {
            return line("", Cell::Missing, Cell::Missing, None);
        };
        let margin = finite(self.row.margin95_t_s);
        let sums = [
            ("mean", Some(mean)),
            ("low_95", margin.map(|margin| mean - margin)),
            ("high_95", margin.map(|margin| mean + margin)),
            ("min", finite(self.row.min_s)),
            ("max", finite(self.row.max_s)),
        ];
        for (what, value) in sums.into_iter().filter(|(_, value)| value.is_some()) {
            line(what, Cell::Missing, Cell::Missing, value);
        }
        let rounds = batch.rounds(&self.row.backend);
        for (index, seconds) in &self.points {
            let (process, round) = rounds.get(*index).copied().unzip();
            let [process, round] = [process, round].map(|number| number.map(u64::from).into());
            line("run", process, round, Some(*seconds));
        }
    }
}

/// Where and how a lane is drawn.
#[derive(Clone, Copy)]
pub(super) struct Spot {
    pub left: i32,
    pub right: i32,
    /// Radius of a run's mark.
    pub radius: i32,
    /// With marks at the edges for minimum and maximum and the mean as a line; else with a bar and a large mark.
    pub wide: bool,
    /// How many of the scale's units make a second.
    pub unit: f64,
}

/// At most `most` of the samples, evenly spread over the order of measurement, the smallest and the
/// largest always among them; each with its index.
pub(super) fn thinned(samples: &[f64], most: usize) -> Vec<(usize, f64)> {
    if samples.len() <= most {
        return samples.iter().copied().enumerate().collect();
    }
    let extreme = |pick: fn(f64, f64) -> bool| {
        (1..samples.len()).fold(0, |best, i| if pick(samples[i], samples[best]) { i } else { best })
    };
    let stride = samples.len().div_ceil(most.max(1));
    let mut kept: Vec<usize> = (0..samples.len()).step_by(stride).collect();
    kept.extend([extreme(|a, b| a < b), extreme(|a, b| a > b)]);
    kept.sort_unstable();
    kept.dedup();
    kept.into_iter().map(|index| (index, samples[index])).collect()
}

/// How many runs the lanes have, for the caption.
pub(super) fn runs_each<'l>(lanes: impl IntoIterator<Item = &'l Lane<'l>>) -> String {
    let measured = lanes.into_iter().filter(|lane| mean(lane.row).is_some());
    let runs: BTreeSet<u64> = measured.map(|lane| lane.row.runs).collect();
    match (runs.first(), runs.last()) {
        (Some(least), Some(most)) if least == most => format!("n = {most} runs each"),
        (Some(least), Some(most)) => format!("n = {least} to {most} runs"),
        _ => "no runs".to_owned(),
    }
}

/// What the caption says about points left out, if any were.
pub(super) fn thinning_note(lanes: &[Lane<'_>]) -> String {
    let drawn: usize = lanes.iter().map(|lane| lane.points.len()).sum();
    let measured: usize = lanes.iter().map(|lane| lane.measured).sum();
    if drawn == measured {
        String::new()
    } else {
        format!(" {drawn} of {measured} runs are drawn, evenly spread and always the extremes.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_the_extremes_and_the_order() {
        let mut samples: Vec<f64> = (0..1000).map(f64::from).collect();
        samples[333] = -1.0;
        samples[777] = 5000.0;
        let kept = thinned(&samples, 100);
        assert!(kept.len() <= 102);
        assert!(kept.contains(&(333, -1.0)) && kept.contains(&(777, 5000.0)));
        assert_eq!(kept[0], (0, 0.0));
        assert_eq!(thinned(&[1.0, 2.0], 100), [(0, 1.0), (1, 2.0)]);
    }
}
