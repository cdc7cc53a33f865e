//! Which samples are compared, and which rounds are whole, where a backend failed on the way.
//!
//! Foreign code may crash in the middle of a batch size. Its samples up to there were verified and stay on disk, but
//! its row of the summary says that it [failed](super::Status::Failed): how it compares with others is not judged by
//! the rounds before something broke, and the rounds after that are whole without it.

use std::borrow::Cow;
use std::collections::HashSet;

use super::{
    Configuration, SampleRow, Status, SummaryRow,
    series::{Key, sample_key, summary_key},
};

/// The samples that comparisons are made of: all but those of backends that failed there.
pub fn compared<'a>(samples: &'a [SampleRow], summary: &[SummaryRow]) -> Cow<'a, [SampleRow]> {
    let failed: HashSet<(Key<'_>, &str)> = summary
        .iter()
        .filter(|row| matches!(row.status, Status::Failed(_)))
        .map(|row| (summary_key(row), row.backend.as_str()))
        .collect();
    if failed.is_empty() {
        return Cow::Borrowed(samples);
    }
    let counts = |row: &&SampleRow| !failed.contains(&(sample_key(row), row.backend.as_str()));
    Cow::Owned(samples.iter().filter(counts).cloned().collect())
}

/// How many backends a round of `configuration` must have samples of, by the summary.
pub fn samples_per_round(summary: &[SummaryRow], configuration: &Configuration) -> usize {
    let takes_part =
        |row: &&SummaryRow| row.status.is_ok() && row.configuration() == *configuration;
    summary.iter().filter(takes_part).count()
}

/// How many of them `round` has samples of; those of backends that failed on the way are not counted.
pub fn samples_in_round(summary: &[SummaryRow], round: &[SampleRow]) -> usize {
    compared(round, summary).len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::fixtures::{planned, round};

    #[test]
    fn a_round_is_whole_with_or_without_who_failed() {
        // Array, tree and generator.
        let whole = round("a", 0, [1_000, 1_100, 1_200]);
        let mut summary: Vec<SummaryRow> =
            whole.iter().map(|row| planned("a", &row.backend)).collect();
        let configuration = whole[0].configuration();
        assert_eq!(samples_per_round(&summary, &configuration), 3);
        assert_eq!(samples_in_round(&summary, &whole), 3);
        assert!(matches!(compared(&whole, &summary), Cow::Borrowed(_)));
        let at = summary.iter().position(|row| row.backend == "rbtree").expect("a tree");
        summary[at].status = Status::Failed("crashed".to_owned());
        assert_eq!(samples_per_round(&summary, &configuration), 2);
        let without: Vec<SampleRow> =
            whole.iter().filter(|row| row.backend != "rbtree").cloned().collect();
        assert_eq!((samples_in_round(&summary, &whole), compared(&whole, &summary).len()), (2, 2));
        assert_eq!(samples_in_round(&summary, &without), 2);
        // With a sample of the one that failed instead of another, as many are not all.
        assert_eq!(
            samples_in_round(&summary, &whole[1..]),
            2 - usize::from(whole[0].backend != "rbtree")
        );
        // Elsewhere it did not fail.
        let elsewhere = round("b", 0, [1, 2, 3]);
        assert_eq!(compared(&elsewhere, &summary).len(), 3);
    }
}
