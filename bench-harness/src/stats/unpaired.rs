//! A change between two runs that share no rounds: another day, another machine, another build.
//!
//! [`paired`](super::paired) compares within a round, where both sides met the same minute of the
//! same machine. Here nothing is paired. Each run gives a level (the mean of its units' middles, in
//! logarithms) with a standard error of its own, and the two are compared as Welch does. The
//! interval holds what varied *within* the runs; what changed *between* them is in the figure and in
//! no interval, and whoever prints it has to say so. `record` calls it.

use super::{Change, Unit, groups::Groups, paired::log_ratios, student, trimmed::Trimmed};

/// Where one run lies on a logarithmic scale, and how well that is known.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Level {
    /// Mean of the units' middles: of ln t, or of ln(t / reference).
    mean: f64,
    /// Square of its standard error; `None` with one unit.
    variance: Option<f64>,
    /// Degrees of freedom of that.
    freedom: f64,
    /// How many independent pieces of evidence there were.
    pub units: usize,
}

impl Level {
    /// The level of a backend's times, in the order in which they were measured. `processes` says who
    /// measured each, `cycle` after how many rounds the order is balanced.
    ///
    /// `None` if there are none, the lengths differ, or a time is not above zero.
    pub fn of_times(times: &[f64], processes: &[u32], cycle: usize, unit: Unit) -> Option<Self> {
        // ln 1 is 0 exactly: a time is its ratio to a reference that always takes 1.
        Self::of_ratios(times, &vec![1.0; times.len()], processes, cycle, unit)
    }

    /// The level of a backend against the reference of the same rounds.
    ///
    /// `None` as [`of_times`](Self::of_times).
    pub fn of_ratios(
        times: &[f64],
        reference: &[f64],
        processes: &[u32],
        cycle: usize,
        unit: Unit,
    ) -> Option<Self> {
        if times.is_empty() || times.len() != processes.len() {
            return None;
        }
        let logs = log_ratios(times, reference)?;
        let groups = match unit {
            Unit::Rounds => Groups::of_rounds(&logs, cycle),
            Unit::Processes => Groups::of_processes(processes),
        };
        let middles = Trimmed::new(&groups.middles(&logs)?, groups.left_out())?;
        Some(Self {
            mean: middles.mean,
            variance: middles.variance_of_mean(),
            freedom: middles.freedom(),
            units: groups.0.len(),
        })
    }
}

/// The change from one run to another, taken back from logarithms: exp(to - from) - 1.
///
/// The interval is Welch's (B. L. Welch 1947): the standard errors add up in squares, and Student's t
/// has V^2 / (Va^2 / (na - 1) + Vb^2 / (nb - 1)) degrees of freedom, V = Va + Vb being the squared
/// errors of the means (F. E. Satterthwaite 1946). Neither the number of units nor their spread has
/// to be the same on both sides. With a single unit on a side there is a point and no more.
///
/// `None` where the change is beyond what a number can hold.
pub fn unpaired_change(from: Level, to: Level) -> Option<Change> {
    let difference = to.mean - from.mean;
    let spread = from.variance.zip(to.variance).map(|(a, b)| {
        let total = a + b;
        let parts = a * a / from.freedom + b * b / to.freedom;
        // Without any spread every number of degrees says the same.
        let freedom = if parts > 0.0 { total * total / parts } else { 1.0 };
        (total.sqrt(), freedom)
    });
    let margin = spread.and_then(|(error, freedom)| {
        let margin = if error > 0.0 { student::quantile_975(freedom)? * error } else { 0.0 };
        Some(margin)
    });
    let point = difference.exp_m1();
    let ends = margin.map(|m| ((difference - m).exp_m1(), (difference + m).exp_m1()));
    let (low, high) = ends.filter(|(_, high)| high.is_finite()).unzip();
    point.is_finite().then(|| Change {
        point,
        low,
        high,
        p_value: spread
            .and_then(|(error, freedom)| student::two_sided_p(difference, error, freedom)),
    })
}

#[cfg(test)]
mod tests {
    use rand_xoshiro::{
        Xoshiro256PlusPlus,
        rand_core::{Rng, SeedableRng},
    };

    use super::{Level, unpaired_change};
    use crate::stats::{Change, Unit};

    fn level(times: &[f64]) -> Option<Level> {
        Level::of_times(times, &vec![0; times.len()], 6, Unit::Rounds)
    }

    fn between(from: &[f64], to: &[f64]) -> Change {
        unpaired_change(level(from).expect("times"), level(to).expect("times")).expect("finite")
    }

    #[track_caller]
    fn as_scipy_has_it(change: Change, [point, low, high, p_value]: [f64; 4]) {
        let pairs = [
            (change.point, point),
            (change.low.expect("low"), low),
            (change.high.expect("high"), high),
            (change.p_value.expect("p"), p_value),
        ];
        for (got, want) in pairs {
            assert!((got - want).abs() <= 1e-9 * want.abs(), "{got} is not {want}");
        }
    }

    // scipy 1.17.1: r = ttest_ind(log(b), log(a), equal_var=False), with expm1 of the difference of the
    // means and of r.confidence_interval(0.95), and r.pvalue.
    #[test]
    fn times_as_scipy_has_them() {
        let (a, b) = ([20.0, 20.5, 19.5, 21.0, 20.0], [21.0, 22.0, 20.0, 23.0, 21.5, 24.0, 20.8]);
        as_scipy_has_it(
            between(&a, &b),
            [
                0.075_622_087_473_340_91,
                0.012_363_209_850_241_834,
                0.142_833_781_199_591_56,
                0.023_668_999_309_370_355,
            ],
        );
    }

    #[test]
    fn ratios_as_scipy_has_them() {
        let of = |times: &[f64], reference: &[f64]| {
            Level::of_ratios(times, reference, &vec![0; times.len()], 6, Unit::Rounds)
                .expect("times")
        };
        let a = of(&[21.0, 22.0, 20.0, 23.0, 21.5], &[20.0, 20.5, 19.5, 21.0, 20.0]);
        let b = of(&[33.0, 36.0, 31.0, 37.0], &[30.0, 31.0, 29.5, 32.0]);
        as_scipy_has_it(
            unpaired_change(a, b).expect("finite"),
            [
                0.049_487_154_283_240_256,
                -0.021_698_197_440_128_325,
                0.125_852_251_445_818_1,
                0.132_244_821_221_693_95,
            ],
        );
    }

    #[test]
    fn a_preempted_batch_among_ten_does_not_move_the_level() {
        let quiet: Vec<f64> = (0..10).map(|round| 20.0 + 0.1 * f64::from(round * 7 % 10)).collect();
        let mut wild = quiet.clone();
        // The longest of them.
        wild[7] = 400.0;
        let change = between(&quiet, &wild);
        assert!(change.point.abs() < 1e-12, "{change:?}");
        assert!(change.high.expect("high") < 0.03, "{change:?}");
    }

    #[test]
    fn one_unit_on_a_side_gives_a_point_and_claims_no_more() {
        let change = between(&[10.0], &[11.0, 11.1, 11.2]);
        assert!((change.point - 0.11).abs() < 1e-3);
        assert_eq!((change.low, change.high, change.p_value), (None, None, None));
    }

    #[test]
    fn without_spread_there_is_certainty_and_no_nan() {
        let same = between(&[5.0; 3], &[5.0; 4]);
        assert_eq!(
            same,
            Change { point: 0.0, low: Some(0.0), high: Some(0.0), p_value: Some(1.0) }
        );
        assert_eq!(between(&[5.0; 3], &[6.0; 4]).p_value, Some(0.0));
        // Spread on one side only.
        let half = between(&[5.0; 3], &[5.0, 5.1, 5.2]);
        assert!(half.low < Some(half.point) && Some(half.point) < half.high);
    }

    #[test]
    fn exchanging_the_runs_turns_the_change_round() {
        let (a, b) = ([20.0, 20.5, 19.5], [21.0, 22.0, 20.0, 23.0]);
        let (there, back) = (between(&a, &b), between(&b, &a));
        assert!(((1.0 + there.point) * (1.0 + back.point) - 1.0).abs() < 1e-12);
        let product = (1.0 + there.low.expect("low")) * (1.0 + back.high.expect("high"));
        assert!((product - 1.0).abs() < 1e-12);
        assert_eq!(there.p_value, back.p_value);
    }

    #[test]
    fn what_has_no_level_has_none() {
        assert_eq!(level(&[]), None);
        assert_eq!(level(&[1.0, 0.0]), None);
        assert_eq!(Level::of_times(&[1.0, 2.0], &[0], 6, Unit::Rounds), None);
        assert_eq!(Level::of_ratios(&[1.0], &[1.0, 2.0], &[0], 6, Unit::Rounds), None);
    }

    #[test]
    fn processes_are_the_units_where_they_are_meant_to_be() {
        let (times, processes) = ([10.0, 10.0, 12.0, 12.0, 11.0, 11.0], [0, 0, 1, 1, 2, 2]);
        let units = |unit| Level::of_times(&times, &processes, 6, unit).expect("times").units;
        assert_eq!((units(Unit::Rounds), units(Unit::Processes)), (6, 3));
    }

    /// A standard normal draw (Box and Muller).
    fn normal(rng: &mut Xoshiro256PlusPlus) -> f64 {
        let mut uniform = || ((rng.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64;
        let radius = (-2.0 * uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * uniform()).cos()
    }

    /// Two runs 2 % apart, log-normal with the spreads given: share of the intervals that hold the 2 %,
    /// in percent.
    fn coverage(seed: u64, rounds: [usize; 2], spread: [f64; 2], spikes: bool) -> f64 {
        const EXPERIMENTS: u32 = 4_000;
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
        let truth = 0.02_f64;
        let mut held = 0;
        for _ in 0..EXPERIMENTS {
            let mut run = |side: usize, log: f64| -> Vec<f64> {
                let mut time = || {
                    let noise = spread[side] * normal(&mut rng);
                    let spike = spikes && rng.next_u64().is_multiple_of(20);
                    (log + noise + if spike { 1.0 } else { 0.0 }).exp()
                };
                (0..rounds[side]).map(|_| time()).collect()
            };
            let (a, b) = (run(0, 3.0), run(1, 3.0 + truth.ln_1p()));
            let change = between(&a, &b);
            let (low, high) = (change.low.expect("low"), change.high.expect("high"));
            assert_eq!(
                change.p_value.expect("p") < 0.05,
                low > 0.0 || high < 0.0,
                "interval and test disagree: {change:?}"
            );
            held += u32::from(low <= truth && truth <= high);
        }
        100.0 * f64::from(held) / f64::from(EXPERIMENTS)
    }

    // The standard error of a share is 0.34 points. Pooling the variances (Student's test instead of
    // Welch's) covers 79 % in the first case and 99.5 % in the second, a normal quantile 90 %.
    #[test]
    fn the_interval_holds_its_promise_for_unequal_numbers_and_spreads() {
        let cases = [
            ([6, 18], [0.03, 0.01]),
            ([6, 18], [0.01, 0.03]),
            ([10, 10], [0.02, 0.02]),
            ([15, 200], [0.05, 0.01]),
            ([60, 200], [0.01, 0.04]),
            ([100, 200], [0.02, 0.01]),
        ];
        for (seed, (rounds, spread)) in (1..).zip(cases) {
            let held = coverage(seed, rounds, spread, false);
            assert!((93.0..=97.0).contains(&held), "{held} %: {rounds:?} {spread:?}");
        }
    }

    /// One batch in twenty takes 2.7 times as long. A group in which the midmean does not get rid of
    /// them all is a wild value to the t test, which errs on the wide side.
    #[test]
    fn spikes_may_widen_the_interval_but_not_break_its_promise() {
        let held = coverage(7, [100, 200], [0.02, 0.01], true);
        assert!((93.0..=97.5).contains(&held), "{held} %");
    }
}
