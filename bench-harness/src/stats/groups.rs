//! Rounds cut into groups, so that what is fed to a t test is independent enough for it.
//!
//! Neighbouring rounds resemble each other: a neighbour wakes up, the clock steps down. The means of
//! long enough runs of consecutive rounds do not, or far less (*batch means*, R. W. Conway 1963; how long
//! is long enough: B. Schmeiser 1982, who finds that few, long groups, 10 to 30, are as good as more). A
//! group is also where wild values are averaged away robustly.
//!
//! Only `stats` uses this.

use std::ops::Range;

use super::location::midmean;

/// Fewer rounds than this are not grouped.
const UNGROUPED_BELOW: usize = 20;
/// What a group should have at least, before there are more groups of them. A midmean of twenty
/// leaves out five at either end, and so survives a burst of five wild rounds; one of ten, only two.
/// On recorded comparisons of a backend with itself on a busy virtual machine, twenty instead of ten made the
/// median interval narrower by a quarter (100 and 200 rounds) and 7 % (300 rounds).
const ROUNDS_A_GROUP: usize = 20;
/// Larger groups come before more of them: neighbours at rho = 0.5 need groups of ten or more to look
/// independent, and groups of fewer than four cannot leave anything out.
const GROUPS_MIN: usize = 5;
const GROUPS_MAX: usize = 20;
/// Below this many groups they are not merged further: Student's quantile would grow faster than
/// the resemblance shrinks.
const MERGED_MIN: usize = 5;
/// A midmean of so many values leaves one out at either end.
const LEAVES_OUT_FROM: usize = 4;
/// So many groups, where none leaves anything out by itself, are themselves averaged without a part of
/// them at either end. A fifth is what is customary (R. R. Wilcox 2012): under normal noise the interval of
/// ten rounds becomes wider by a sixth, and with one batch in twenty preempted beside noise of 2 % 19 times narrower. Of
/// seven or fewer, Student's quantile for what is left would cost more (a quarter at six).
const TRIMMED_FROM: usize = 8;
const TRIMMED_PART: usize = 5;
/// One-sided 5 % of the normal distribution.
const CLEARLY: f64 = 1.645;

/// How rounds in the order of measurement were put together: the units of the test.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Groups(pub(super) Vec<Range<usize>>);

impl Groups {
    /// One group a process: each is a draw of its own of where code and data come to lie, and that is
    /// the larger part of the error. `processes` holds the process of each round.
    pub(super) fn of_processes(processes: &[u32]) -> Self {
        let mut start = 0;
        let runs = processes.chunk_by(|a, b| a == b).map(|run| {
            let range = start..start + run.len();
            start = range.end;
            range
        });
        Self(runs.collect())
    }

    /// Groups of consecutive rounds of one process.
    ///
    /// Under 20 rounds each is its own group (and some are [left out](Self::left_out)); otherwise there is one
    /// for twenty rounds, at least 5 and at most 20, of whole cycles of the order where there are as many cycles. Then, as long as
    /// neighbouring groups clearly resemble each other (lag-1 autocorrelation of their middles
    /// above 1.645 / sqrt(groups)), they are merged two by two, down to 5 at the least.
    pub(super) fn of_rounds(values: &[f64], cycle: usize) -> Self {
        let rounds = values.len();
        let mut groups = if rounds < UNGROUPED_BELOW {
            Self((0..rounds).map(|round| round..round + 1).collect())
        } else {
            Self::cut(rounds, (rounds / ROUNDS_A_GROUP).clamp(GROUPS_MIN, GROUPS_MAX), cycle)
        };
        while groups.0.len() >= 2 * MERGED_MIN {
            let Some(middles) = groups.middles(values) else { break };
            let clearly = CLEARLY / (middles.len() as f64).sqrt();
            if lag1(&middles).is_none_or(|resemblance| resemblance <= clearly) {
                break;
            }
            groups = groups.merged();
        }
        groups
    }

    /// `count` groups, of whole cycles if there are enough.
    fn cut(rounds: usize, count: usize, cycle: usize) -> Self {
        let cycle = if rounds / cycle.max(1) >= count { cycle.max(1) } else { 1 };
        let cycles = rounds / cycle;
        let edge = |group: usize| {
            if group == count { rounds } else { group * cycles / count * cycle }
        };
        Self((0..count).map(|group| edge(group)..edge(group + 1)).collect())
    }

    /// Two by two; a last one left over joins its neighbours.
    fn merged(&self) -> Self {
        let mut merged: Vec<Range<usize>> =
            self.0.chunks_exact(2).map(|pair| pair[0].start..pair[1].end).collect();
        if let (Some(last), Some(end)) = (merged.last_mut(), self.0.last()) {
            last.end = end.end;
        }
        Self(merged)
    }

    /// How many groups to leave out at either end when their middles are averaged.
    ///
    /// A fifth (rounded down) of eight or more, where none has the four rounds that it takes to leave out
    /// a wild one by itself; otherwise none.
    pub(super) fn left_out(&self) -> usize {
        let groups = self.0.len();
        let by_itself = self.0.iter().any(|group| group.len() >= LEAVES_OUT_FROM);
        if by_itself || groups < TRIMMED_FROM { 0 } else { groups / TRIMMED_PART }
    }

    /// The middle of each group of `values`.
    pub(super) fn middles(&self, values: &[f64]) -> Option<Vec<f64>> {
        self.0.iter().map(|group| midmean(values.get(group.clone())?)).collect()
    }

    /// The sum of each group of `values`.
    pub(super) fn sums(&self, values: &[f64]) -> Option<Vec<f64>> {
        self.0.iter().map(|group| Some(values.get(group.clone())?.iter().sum())).collect()
    }
}

/// How much each value resembles the one before: first-order autocorrelation, -1 to 1. `None` with
/// fewer than three values or no spread.
pub(super) fn lag1(values: &[f64]) -> Option<f64> {
    if values.len() < 3 {
        return None;
    }
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let products: f64 = values.windows(2).map(|pair| (pair[0] - mean) * (pair[1] - mean)).sum();
    let resemblance = products / squares;
    resemblance.is_finite().then_some(resemblance)
}

#[cfg(test)]
mod tests {
    use super::{Groups, lag1};

    /// Alternates, so that no group resembles the next.
    fn alternating(rounds: usize) -> Vec<f64> {
        (0..rounds).map(|round| if round % 2 == 0 { 1.0 } else { -1.0 }).collect()
    }

    #[test]
    fn every_round_is_in_one_group_and_groups_are_whole_cycles() {
        for rounds in [1, 2, 19, 20, 29, 30, 31, 59, 60, 61, 199, 200, 777, 5_000] {
            let groups = Groups::of_rounds(&alternating(rounds), 6).0;
            assert_eq!((groups[0].start, groups[groups.len() - 1].end), (0, rounds));
            assert!(groups.windows(2).all(|pair| pair[0].end == pair[1].start));
            assert!(groups.iter().all(|group| !group.is_empty()), "{rounds}: {groups:?}");
            if rounds >= 30 {
                assert!(groups.iter().all(|group| group.start % 6 == 0), "{rounds}: {groups:?}");
            }
        }
        assert_eq!(Groups::of_rounds(&alternating(19), 6).0.len(), 19);
        assert_eq!(Groups::of_rounds(&alternating(20), 6).0.len(), 5);
        assert_eq!(Groups::of_rounds(&alternating(200), 6).0.len(), 10);
        assert_eq!(Groups::of_rounds(&alternating(400), 6).0.len(), 20);
    }

    #[test]
    fn groups_that_resemble_each_other_are_merged() {
        // A slow wave: 400 rounds up and down twice.
        let wave: Vec<f64> = (0..400).map(|round| (f64::from(round) / 32.0).sin()).collect();
        let groups = Groups::of_rounds(&wave, 6).0;
        assert!((5..=10).contains(&groups.len()), "{}", groups.len());
        assert_eq!(groups[groups.len() - 1].end, 400);
    }

    #[test]
    fn processes_are_groups() {
        let groups = Groups::of_processes(&[0, 0, 1, 2, 2, 2]).0;
        assert_eq!(groups, [0..2, 2..3, 3..6]);
    }

    #[test]
    fn a_fifth_is_left_out_where_no_group_leaves_out_anything_by_itself() {
        let left_out = |rounds| Groups::of_rounds(&alternating(rounds), 6).left_out();
        let counts = [1, 2, 7, 8, 9, 10, 14, 15, 19, 20, 60, 400].map(left_out);
        assert_eq!(counts, [0, 0, 0, 1, 1, 2, 2, 3, 3, 0, 0, 0]);
        let processes = |rounds: usize| -> Vec<u32> {
            (0..10).flat_map(|process| vec![process; rounds]).collect()
        };
        assert_eq!(Groups::of_processes(&processes(3)).left_out(), 2);
        assert_eq!(Groups::of_processes(&processes(4)).left_out(), 0);
    }

    #[test]
    fn resemblance_of_neighbours() {
        // By hand: mean 2.5, squares 5, products 0.75 - 0.25 + 0.75.
        let rising = lag1(&[1.0, 2.0, 3.0, 4.0]).expect("four");
        assert!((rising - 0.25).abs() < 1e-15);
        assert!(lag1(&alternating(100)).expect("spread") < -0.9);
        assert_eq!((lag1(&[1.0, 2.0]), lag1(&[3.0; 9])), (None, None));
    }
}
