//! What the counts were to come to, and whether they did.

use super::rates::{FAR_PCT, Rates, turned};
use crate::report::numbers::{fixed, significant};
use crate::stats::{Share, share};

/// Of fewer comparisons a share is met or missed mostly by chance.
const FEW: u64 = 100;

/// A goal and what became of it.
pub(super) struct Goal {
    pub what: String,
    pub wanted: (f64, f64),
    pub share: Share,
}

impl Goal {
    /// `met` (`met, of few` comparisons, which prove little), `missed`, or `missed, within its error`: the interval reaches into what was wanted, so that
    /// chance alone may have done it.
    pub(super) fn outcome(&self) -> &'static str {
        let (low, high) = self.wanted;
        let within = |share: f64| (low..=high).contains(&(100.0 * share));
        if within(self.share.point) {
            if self.share.of < FEW { "met, of few" } else { "met" }
        } else if 100.0 * self.share.low <= high && 100.0 * self.share.high >= low {
            "missed, within its error"
        } else {
            "missed"
        }
    }

    /// A sentence.
    pub(super) fn sentence(&self) -> String {
        let (low, high) = self.wanted;
        let wanted = match (low, high) {
            (low, 100.0) => format!("at least {low} %"),
            (0.0, high) => format!("at most {high} %"),
            (low, high) => format!("{low} to {high} %"),
        };
        format!("{}: {}; goal {wanted}: {}", self.what, in_words(&self.share), self.outcome())
    }
}

/// `5.1 % [3.8, 6.7], 51 of 1000`.
fn in_words(share: &Share) -> String {
    let percent = |part: f64| fixed(100.0 * part, 1);
    let Share { count, of, point, low, high } = *share;
    format!("{} % [{}, {}], {count} of {of}", percent(point), percent(low), percent(high))
}

/// The goals that a scenario has.
pub(super) fn of(rates: &Rates<'_>, with_load: bool) -> Vec<Goal> {
    let mut goals = Vec::new();
    let mut goal = |what: String, low: f64, high: f64, share: Option<Share>| {
        goals.extend(share.map(|share| Goal { what, wanted: (low, high), share }));
    };
    let Some(truth) = rates.truth else {
        return goals;
    };
    let name = rates.name;
    if truth == 0.0 {
        // Another program at work may only make it more careful.
        let least = if with_load { 0.0 } else { 3.7 };
        goal(format!("{name}: false alarms"), least, 6.3, rates.found());
        goal(format!("{name}: intervals beyond ±{FAR_PCT} %"), 0.0, 0.5, rates.far);
    }
    let size = truth.abs();
    let long = rates.seconds >= 4.0;
    if size >= 0.9 || (size >= 0.4 && long) {
        let least = if size >= 0.9 { 95.0 } else { 90.0 };
        let what = format!("{name}: {} % found", significant(size, 2));
        goal(what, least, 100.0, rates.found());
    }
    let stopped = name.contains("until");
    let (low, high) = if stopped { (93.0, 100.0) } else { (93.0, 97.0) };
    goal(format!("{name}: intervals that hold the truth"), low, high, rates.covered);
    goal(
        format!("{name}: verdicts not turned round when the sides are exchanged"),
        0.0,
        1.0,
        rates.not_turned,
    );
    if with_load {
        goal(format!("{name}: warned"), 95.0, 100.0, rates.warned);
    }
    goals
}

/// Of a scenario and the one in which the sides were exchanged and measured anew: verdicts that are not
/// each other's opposite, comparison by comparison.
pub(super) fn of_order(rates: &[Rates<'_>]) -> Option<Goal> {
    let exchanged = rates.iter().find(|rates| rates.name.ends_with(EXCHANGED))?;
    let plain = exchanged.name.trim_end_matches(EXCHANGED);
    let plain = rates.iter().find(|rates| rates.name == plain)?;
    let pairs = plain.rows.iter().zip(&exchanged.rows);
    let (mut differ, mut all) = (0, 0);
    for (a, b) in pairs {
        all += 1;
        differ += u64::from(turned(a.verdict.as_deref()) != b.verdict.as_deref());
    }
    let what =
        format!("{} and {}, each measured anew: verdicts that differ", plain.name, exchanged.name);
    Some(Goal { what, wanted: (0.0, 1.0), share: share(differ, all)? })
}

/// What the name of a scenario with its sides exchanged ends in.
const EXCHANGED: &str = "-exchanged";

#[cfg(test)]
mod tests {
    use super::Goal;
    use crate::stats::share;

    #[test]
    fn outcomes_know_their_error() {
        let goal = |count, of| Goal {
            what: "false alarms".to_owned(),
            wanted: (3.7, 6.3),
            share: share(count, of).expect("trials"),
        };
        assert_eq!(goal(50, 1_000).outcome(), "met");
        assert_eq!(goal(70, 1_000).outcome(), "missed, within its error");
        assert_eq!(goal(200, 1_000).outcome(), "missed");
        assert_eq!(
            goal(50, 1_000).sentence(),
            "false alarms: 5.0 % [3.7, 6.5], 50 of 1000; goal 3.7 to 6.3 %: met"
        );
    }
}
