//! A backend against the reference, from paired rounds: the typical change with an interval that
//! holds on a noisy machine, gross and net of the generator, and the paper's ratio of means.
//!
//! docs/METHODOLOGY.md goes through it with pencil and paper.

use super::{Change, change, groups::Groups, net_ratio::net_ratio, student, trimmed::Trimmed};

/// What counts as one independent piece of evidence.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Unit {
    /// A group of consecutive rounds.
    #[default]
    Rounds,
    /// A process of the program, with all its rounds.
    Processes,
}

/// Times of the same rounds, in the order in which they were measured, one entry a round.
#[derive(Clone, Copy, Debug)]
pub struct Rounds<'a> {
    /// The backend's.
    pub values: &'a [f64],
    /// The reference's.
    pub reference: &'a [f64],
    /// The generator's alone; empty where it was not measured.
    pub baseline: &'a [f64],
    /// Which process measured the round.
    pub processes: &'a [u32],
    /// After how many rounds the order is balanced.
    pub cycle: usize,
}

/// What paired rounds say.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Comparison {
    /// The typical change of the time as it was measured, the generator's included.
    pub gross: Option<Change>,
    /// The same net of the generator.
    pub net: Option<Change>,
    /// The paper's figure: ratio of the mean times, less 1.
    pub means: Option<Change>,
    /// How many independent pieces of evidence there were.
    pub units: usize,
}

/// Compares rounds.
///
/// With d the logarithm of value over reference in a round, and D the midmean of d over each unit:
///
/// - **gross** is exp(mean D) - 1, with Student's t interval of the mean of the D, taken back from logarithms
///   (of few rounds the [trimmed](super::trimmed) mean and its t).
///   Exchanging the two sides exchanges the signs of all D, so that the verdict on (a, b) is that
///   on (b, a) turned round. If the two cost the same, the sign of each D is a fair coin by the
///   design of the order, whatever the machine did.
/// - **net** is gross / (mean of 1 - S), with S the midmean of baseline over reference in a unit: the
///   gross change by what the lookup's share of the reference's time is. Its [interval](super::net_ratio)
///   holds the error of both. Its p-value is that of the gross change: taking the generator away
///   changes what the change is a fraction of, not whether there is one.
/// - **means** is mean(values) / mean(reference) - 1, Fieller's interval over the units' sums.
///
/// `None` where a figure does not exist: no rounds, series of unequal length, a time that is
/// not above zero, a reference whose time net of the generator is not.
pub fn compare_rounds(rounds: &Rounds<'_>, unit: Unit) -> Option<Comparison> {
    let Rounds { values, reference, baseline, processes, cycle } = *rounds;
    if values.len() != reference.len() || values.len() != processes.len() || values.is_empty() {
        return None;
    }
    let logs = log_ratios(values, reference)?;
    let groups = match unit {
        Unit::Rounds => Groups::of_rounds(&logs, cycle),
        Unit::Processes => Groups::of_processes(processes),
    };
    let mean = |middles: &[f64]| Trimmed::new(middles, groups.left_out());
    let logs = mean(&groups.middles(&logs)?)?;
    let gross = typical(&logs);
    let net = lookups_share(&groups, reference, baseline)
        .and_then(|shares| net_ratio(&logs, &mean(&shares)?, gross));
    let means = change(&groups.sums(values)?, &groups.sums(reference)?);
    Some(Comparison { gross: Some(gross), net, means, units: groups.0.len() })
}

/// ln(value / reference), round by round; `None` where a time is not above zero.
pub(super) fn log_ratios(values: &[f64], reference: &[f64]) -> Option<Vec<f64>> {
    let logs: Vec<f64> = values.iter().zip(reference).map(|(x, r)| x.ln() - r.ln()).collect();
    (values.len() == reference.len() && logs.iter().all(|log| log.is_finite())).then_some(logs)
}

/// The change whose logarithm the units' middles estimate.
pub(super) fn typical(logs: &Trimmed) -> Change {
    let error = logs.variance_of_mean().map(f64::sqrt);
    let margin = error.and_then(|error| Some(student::quantile_975(logs.freedom())? * error));
    Change {
        point: logs.mean.exp_m1(),
        low: margin.map(|margin| (logs.mean - margin).exp_m1()),
        high: margin.map(|margin| (logs.mean + margin).exp_m1()),
        p_value: error.and_then(|error| student::two_sided_p(logs.mean, error, logs.freedom())),
    }
}

/// The lookup's share of the reference's time in each unit.
fn lookups_share(groups: &Groups, reference: &[f64], baseline: &[f64]) -> Option<Vec<f64>> {
    if baseline.len() != reference.len() {
        return None;
    }
    let shares: Vec<f64> = baseline.iter().zip(reference).map(|(b, r)| b / r).collect();
    Some(groups.middles(&shares)?.into_iter().map(|share| 1.0 - share).collect())
}

/// Change of one net time against another, both measured in the same rounds: [values, baseline] against
/// [values, baseline], with Fieller's interval over groups of rounds; and the two net times, the means
/// of the groups' midmeans that the change is of.
///
/// `None` as in [`change`].
pub fn change_of_nets(one: [&[f64]; 2], other: [&[f64]; 2]) -> Option<([f64; 2], Change)> {
    change_of_nets_by(one, other, None)
}

/// The same, each of the `processes` of the rounds being one piece of evidence, if they are given.
///
/// `None` also where there are not as many of them as rounds.
pub fn change_of_nets_by(
    one: [&[f64]; 2],
    other: [&[f64]; 2],
    processes: Option<&[u32]>,
) -> Option<([f64; 2], Change)> {
    let net =
        |[values, baseline]: [&[f64]; 2]| super::centred::paired_differences(values, baseline);
    let (one, other) = (net(one)?, net(other)?);
    let groups = match processes {
        Some(processes) if processes.len() == one.len() => Groups::of_processes(processes),
        Some(_) => return None,
        None => Groups::of_rounds(&super::centred::paired_differences(&one, &other)?, 1),
    };
    let (one, other) = (groups.middles(&one)?, groups.middles(&other)?);
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    Some(([mean(&one), mean(&other)], change(&one, &other)?))
}

#[cfg(test)]
mod tests {
    use super::{Comparison, Rounds, Unit, compare_rounds};

    fn compare(values: &[f64], reference: &[f64], baseline: &[f64]) -> Option<Comparison> {
        let processes = vec![0; values.len()];
        let rounds = Rounds { values, reference, baseline, processes: &processes, cycle: 6 };
        compare_rounds(&rounds, Unit::Rounds)
    }

    #[track_caller]
    fn close(got: f64, want: f64) {
        assert!((got - want).abs() <= 1e-12 * want.abs().max(1e-3), "{got} is not {want}");
    }

    #[test]
    fn one_round_gives_points_and_claims_no_more() {
        let one = compare(&[1.06], &[1.0], &[0.25]).expect("one round");
        let (gross, net) = (one.gross.expect("gross"), one.net.expect("net"));
        close(gross.point, 0.06);
        close(net.point, 0.06 / 0.75);
        for change in [gross, net, one.means.expect("means")] {
            assert_eq!((change.low, change.high, change.p_value), (None, None, None));
        }
    }

    #[test]
    fn five_rounds_as_scipy_has_them() {
        // scipy 1.17.1: d = log([21, 22, 20, 23, 21.5] / [20, 20.5, 19.5, 21, 20]);
        // exp(t.interval(0.95, 4, mean(d), sem(d))) - 1, ttest_1samp(d, 0).pvalue.
        let five = compare(&[21.0, 22.0, 20.0, 23.0, 21.5], &[20.0, 20.5, 19.5, 21.0, 20.0], &[])
            .expect("five rounds");
        let gross = five.gross.expect("gross");
        close(gross.point, GROSS[0]);
        close(gross.low.expect("low"), GROSS[1]);
        close(gross.high.expect("high"), GROSS[2]);
        close(gross.p_value.expect("p"), GROSS[3]);
        assert_eq!((five.net, five.units), (None, 5));
    }
    const GROSS: [f64; 4] = [
        0.063_540_669_200_995_09,
        0.030_782_373_140_283_745,
        0.097_340_024_935_177_56,
        0.005_444_900_739_804_379,
    ];

    #[test]
    fn exchanging_the_sides_turns_the_change_round_and_keeps_the_evidence() {
        let (a, b) = ([21.0, 22.0, 20.0, 23.0, 21.5], [20.0, 20.5, 19.5, 21.0, 20.0]);
        let there = compare(&a, &b, &[]).and_then(|c| c.gross).expect("gross");
        let back = compare(&b, &a, &[]).and_then(|c| c.gross).expect("gross");
        close((1.0 + there.point) * (1.0 + back.point), 1.0);
        close((1.0 + there.low.expect("low")) * (1.0 + back.high.expect("high")), 1.0);
        assert_eq!(there.p_value, back.p_value);
    }

    #[test]
    fn processes_are_units_where_they_are_meant_to_be() {
        // Within a process nothing varies; between them everything does.
        let values = [11.0, 11.0, 12.0, 12.0, 10.0, 10.0];
        let rounds = Rounds {
            values: &values,
            reference: &[10.0; 6],
            baseline: &[],
            processes: &[0, 0, 1, 1, 2, 2],
            cycle: 6,
        };
        let by_round = compare_rounds(&rounds, Unit::Rounds).expect("six rounds");
        let by_process = compare_rounds(&rounds, Unit::Processes).expect("three processes");
        assert_eq!((by_round.units, by_process.units), (6, 3));
        let width = |c: &Comparison| c.gross.and_then(|g| Some(g.high? - g.low?)).expect("bounds");
        assert!(width(&by_process) > 2.0 * width(&by_round));
    }

    /// Within a process nothing varies; between them everything does, and only by rounds does it look certain.
    #[test]
    fn the_change_of_nets_counts_processes_where_they_are_given() {
        let one = [12.0, 12.0, 12.0, 14.0, 14.0, 14.0, 13.0, 13.0, 13.0];
        let (ten, two) = ([10.0; 9], [2.0; 9]);
        let processes = [0, 0, 0, 1, 1, 1, 2, 2, 2];
        let by = |processes| super::change_of_nets_by([&one, &two], [&ten, &two], processes);
        let (nets, by_process) = by(Some(&processes[..])).expect("three processes");
        let (_, by_round) = by(None).expect("nine rounds");
        close(nets[0], 11.0);
        close(nets[1], 8.0);
        close(by_process.point, 3.0 / 8.0);
        // scipy 1.17.1: t.ppf(0.975, 2) * std([10, 12, 11], ddof=1) / sqrt(3) / 8
        close(by_process.high.expect("high") - by_process.point, 0.310_517_213_968_791_3);
        let width = |change: super::Change| change.high.expect("high") - change.low.expect("low");
        assert!(width(by_process) > 2.0 * width(by_round));
        assert!(by(Some(&processes[1..])).is_none());
    }

    #[test]
    fn what_cannot_be_compared_is_not() {
        assert_eq!(compare(&[], &[], &[]), None);
        assert_eq!(compare(&[1.0], &[1.0, 2.0], &[]), None);
        assert_eq!(compare(&[0.0], &[1.0], &[]), None);
        assert_eq!(compare(&[1.0], &[f64::NAN], &[]), None);
        // The generator alone takes longer than the reference: no net change, and none made up.
        let odd = compare(&[3.0, 3.1], &[2.0, 2.1], &[4.0, 4.2]).expect("two rounds");
        assert!(odd.net.is_none() && odd.gross.is_some());
    }
}
