//! What a scenario's comparisons came to: counted, nothing measured anew.

use crate::record::SelftestRow;
use crate::stats::{Share, share};

/// Intervals that lie wholly beyond this from the truth, in percentage points, are far off.
pub(super) const FAR_PCT: f64 = 0.5;

/// The counts of one scenario.
pub(in crate::report) struct Rates<'a> {
    pub name: &'a str,
    pub rows: Vec<&'a SelftestRow>,
    /// The change that was put in, in percent, where it is known.
    pub truth: Option<f64>,
    pub slower: Option<Share>,
    pub faster: Option<Share>,
    /// Intervals that hold the truth.
    pub covered: Option<Share>,
    /// Intervals wholly beyond [`FAR_PCT`] of it.
    pub far: Option<Share>,
    /// Verdicts that are not turned round when the sides are.
    pub not_turned: Option<Share>,
    pub warned: Option<Share>,
    /// Medians over the comparisons.
    pub half_width_pct: Option<f64>,
    pub seconds: f64,
    pub rounds: f64,
}

/// The scenarios in order of first appearance.
pub(in crate::report) fn of(rows: &[SelftestRow]) -> Vec<Rates<'_>> {
    let mut names: Vec<&str> = Vec::new();
    for row in rows {
        if !names.contains(&row.scenario.as_str()) {
            names.push(&row.scenario);
        }
    }
    let of = |name| rows.iter().filter(|row| row.scenario == name).collect();
    names.into_iter().map(|name| Rates::new(name, of(name))).collect()
}

impl<'a> Rates<'a> {
    fn new(name: &'a str, rows: Vec<&'a SelftestRow>) -> Self {
        let count = |what: &dyn Fn(&SelftestRow) -> bool, of: &dyn Fn(&SelftestRow) -> bool| {
            let among = rows.iter().filter(|row| of(row));
            let (count, all) =
                among.fold((0, 0), |(count, all), row| (count + u64::from(what(row)), all + 1));
            share(count, all)
        };
        let word = |row: &SelftestRow, word: &str| row.verdict.as_deref() == Some(word);
        let judged = |row: &SelftestRow| row.verdict.is_some();
        let bounded = |row: &SelftestRow| row.true_change_pct.is_some() && row.low_pct.is_some();
        let distance = |row: &SelftestRow| {
            let truth = row.true_change_pct.unwrap_or(0.0);
            let (low, high) = (row.low_pct.unwrap_or(truth), row.high_pct.unwrap_or(truth));
            (low - truth).max(truth - high)
        };
        let middle = |of: &dyn Fn(&SelftestRow) -> Option<f64>| {
            let mut values: Vec<f64> = rows.iter().filter_map(|row| of(row)).collect();
            values.sort_unstable_by(f64::total_cmp);
            values.get(values.len() / 2).copied()
        };
        Self {
            name,
            truth: rows.first().and_then(|row| row.true_change_pct),
            slower: count(&|row| word(row, "slower"), &judged),
            faster: count(&|row| word(row, "faster"), &judged),
            covered: count(&|row| distance(row) <= 0.0, &bounded),
            far: count(&|row| distance(row) > FAR_PCT, &bounded),
            not_turned: count(
                &|row| turned(row.verdict.as_deref()) != row.verdict_exchanged.as_deref(),
                &judged,
            ),
            warned: count(&|row| row.warned > 0, &|_| true),
            half_width_pct: middle(&|row| Some((row.high_pct? - row.low_pct?) / 2.0)),
            seconds: middle(&|row| Some(row.seconds)).unwrap_or(0.0),
            rounds: middle(&|row| Some(row.rounds as f64)).unwrap_or(0.0),
            rows,
        }
    }

    /// Verdicts that named a change which is there, in its direction; where there is none, that named
    /// one.
    pub(in crate::report) fn found(&self) -> Option<Share> {
        match self.truth? {
            truth if truth > 0.0 => self.slower,
            truth if truth < 0.0 => self.faster,
            _ => {
                let (slower, faster) = (self.slower?, self.faster?);
                share(slower.count + faster.count, slower.of)
            }
        }
    }
}

/// The verdict with the sides exchanged.
pub(super) fn turned(verdict: Option<&str>) -> Option<&str> {
    match verdict {
        Some("slower") => Some("faster"),
        Some("faster") => Some("slower"),
        same => same,
    }
}
