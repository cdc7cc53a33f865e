//! What the self-test measures, and what it has to come to.

use std::time::Duration;

/// A kind of comparison whose true answer is known.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Scenario {
    /// As selftest.csv names it.
    pub name: &'static str,
    /// What is compared with the backend.
    pub against: Against,
    /// How many comparisons.
    pub comparisons: u64,
    /// How long each one takes; with `precision`, at most, which hardly ever ends it.
    pub time: Duration,
    /// Half-width at which a comparison stops before its time, as a fraction.
    pub precision: Option<f64>,
}

/// What a backend is compared with.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Against {
    /// Itself, doing this fraction of lookups more than it is billed for: the true change. 0 is
    /// nothing but itself.
    Itself(f64),
    /// The same the other way round: the reference does more.
    ItselfExchanged(f64),
    /// The same source compiled a second time, with a table of its own. What they differ by is not known.
    Twin,
}

impl Against {
    /// The lookups beyond those billed, as a fraction.
    pub(super) fn extra(self) -> f64 {
        match self {
            Self::Itself(extra) | Self::ItselfExchanged(extra) => extra,
            Self::Twin => 0.0,
        }
    }

    /// The true change of time, as a fraction; of the twin nobody knows it. Extra lookups are whole, so
    /// that it is what was done and not what was asked for.
    pub(super) fn true_change(self, lookups: u64) -> Option<f64> {
        let lookups = lookups as f64;
        let done = |extra: f64| (lookups + (lookups * extra).round()) / lookups;
        match self {
            Self::Itself(extra) => Some(done(extra) - 1.0),
            Self::ItselfExchanged(extra) => Some(1.0 / done(extra) - 1.0),
            Self::Twin => None,
        }
    }
}

/// The thorough test, most of an hour.
pub(super) fn thorough() -> Vec<Scenario> {
    let second = Duration::from_secs(1);
    vec![
        Scenario::new("same", Against::Itself(0.0), 1_000, second),
        Scenario::new("slower-0.3", Against::Itself(0.003), 400, second),
        Scenario::new("slower-1", Against::Itself(0.01), 300, second),
        Scenario::new("slower-1-exchanged", Against::ItselfExchanged(0.01), 300, second),
        Scenario::new("slower-3", Against::Itself(0.03), 300, second / 2),
        Scenario::new("slower-0.5-long", Against::Itself(0.005), 100, 5 * second),
        Scenario::new("slower-0.3-until-0.25", Against::Itself(0.003), 400, 5 * second)
            .until(0.0025),
        Scenario::new("twin", Against::Twin, 10, second),
    ]
}

/// The same once over, under a minute.
pub(super) fn quick() -> Vec<Scenario> {
    let short = Duration::from_millis(250);
    vec![
        Scenario::new("same", Against::Itself(0.0), 80, short),
        Scenario::new("slower-1", Against::Itself(0.01), 24, short),
        Scenario::new("slower-1-exchanged", Against::ItselfExchanged(0.01), 24, short),
        Scenario::new("slower-3", Against::Itself(0.03), 20, short),
        Scenario::new("slower-0.3-until-1", Against::Itself(0.003), 20, 4 * short).until(0.01),
        Scenario::new("twin", Against::Twin, 4, short),
    ]
}

impl Scenario {
    fn new(name: &'static str, against: Against, comparisons: u64, time: Duration) -> Self {
        Self { name, against, comparisons, time, precision: None }
    }

    fn until(self, precision: f64) -> Self {
        Self { precision: Some(precision), ..self }
    }

    /// How long it takes at most, in seconds.
    pub(super) fn seconds(&self) -> f64 {
        self.comparisons as f64 * self.time.as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::{Against, quick, thorough};

    #[test]
    fn names_are_unique_and_the_quick_test_is_quick() {
        for scenarios in [quick(), thorough()] {
            let mut names: Vec<_> = scenarios.iter().map(|scenario| scenario.name).collect();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), scenarios.len());
        }
        assert!(quick().iter().map(super::Scenario::seconds).sum::<f64>() < 60.0);
    }

    #[test]
    fn the_true_change_is_what_is_done() {
        assert_eq!(Against::Itself(0.0).true_change(1_000), Some(0.0));
        let three = Against::Itself(0.003).true_change(1_000).expect("known");
        assert!((three - 0.003).abs() < 1e-12);
        // 0.3 % of 1,500 are 4.5 lookups; five are done.
        let rounded = Against::Itself(0.003).true_change(1_500).expect("known");
        assert!((rounded - 5.0 / 1_500.0).abs() < 1e-12);
        let back = Against::ItselfExchanged(0.01).true_change(1_000).expect("known");
        assert!((1.01 * (1.0 + back) - 1.0).abs() < 1e-12);
        assert_eq!(Against::Twin.true_change(1_000), None);
    }
}
