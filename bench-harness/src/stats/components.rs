//! Where the variance comes from: processes, rounds, or the single batch.

use super::{centred::Centred, paired::log_ratios};

/// Standard deviations as fractions of the time.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Components {
    /// Of the change from one process to the next: where code and data came to lie. `None` with
    /// one process.
    pub process: Option<f64>,
    /// Of what both batches of a round share, the moment: pairing takes it away. `None` with fewer
    /// than two rounds a process.
    pub round: Option<f64>,
    /// Of a single batch besides. `None` as above.
    pub within: Option<f64>,
}

/// Splits the variance of paired rounds.
///
/// The model is ln t = backend + process x backend + round + batch. Within processes, Cov(ln x, ln r) is the
/// variance of the rounds and Var(ln x - ln r) twice that of a batch. Between processes, the variance of
/// the processes' mean changes less what the batches contribute to it, their variance times the mean of 1 / rounds
/// (one-way analysis of variance; S. R. Searle, G. Casella, C. E. `McCulloch`, *Variance Components*, 1992, ch. 3).
/// An estimate below zero, which means that nothing can be told from noise, is reported as 0.
pub fn components(values: &[f64], reference: &[f64], processes: &[u32]) -> Option<Components> {
    let changes = log_ratios(values, reference)?;
    if processes.len() != changes.len() {
        return None;
    }
    let mut start = 0;
    let mut sums = Sums::default();
    let (mut means, mut one_over_rounds) = (Vec::new(), 0.0);
    for run in processes.chunk_by(|a, b| a == b) {
        let range = start..start + run.len();
        start = range.end;
        let log = |series: &[f64]| -> Vec<f64> { series.iter().map(|time| time.ln()).collect() };
        let change = Centred::new(&changes[range.clone()])?;
        let x = Centred::new(&log(&values[range.clone()]))?;
        let r = Centred::new(&log(&reference[range]))?;
        sums.changes += change.sum_of_squares();
        sums.shared += x.deviations.iter().zip(&r.deviations).map(|(x, r)| x * r).sum::<f64>();
        sums.freedom += change.count() - 1.0;
        means.push(change.mean);
        one_over_rounds += 1.0 / change.count();
    }
    let within = (sums.freedom > 0.0).then(|| sums.changes / sums.freedom);
    // Each mean counts the same, however many rounds it is of.
    let one_over_rounds = one_over_rounds / means.len() as f64;
    let process = if means.len() < 2 {
        None
    } else {
        let between = Centred::new(&means)?.variance_of_mean()? * means.len() as f64;
        within.map(|within| (between - within * one_over_rounds).max(0.0).sqrt())
    };
    Some(Components {
        process,
        round: within.map(|_| (sums.shared / sums.freedom).max(0.0).sqrt()),
        within: within.map(|within| (within / 2.0).sqrt()),
    })
}

#[derive(Default)]
struct Sums {
    changes: f64,
    shared: f64,
    freedom: f64,
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn what_was_put_in_comes_out() {
        // Two processes whose change differs by 2 %, rounds that move both sides by +-10 %, batches
        // by +-1 % on one side.
        let (mut values, mut reference, mut processes) = (Vec::new(), Vec::new(), Vec::new());
        for i in 0..400_u32 {
            let process = i / 200;
            let sign = |bit: u32| if (i >> bit) & 1 == 0 { 1.0 } else { -1.0 };
            let shared = f64::exp(0.1 * sign(0));
            reference.push(100.0 * shared);
            values.push(100.0 * shared * f64::exp(0.02 * f64::from(process) + 0.01 * sign(1)));
            processes.push(process);
        }
        let found = components(&values, &reference, &processes).expect("rounds");
        let near = |got: Option<f64>, want: f64| (got.expect("a figure") / want - 1.0).abs() < 0.02;
        assert!(near(found.round, 0.1), "{found:?}");
        assert!(near(found.within, 0.01 / 2.0_f64.sqrt()), "{found:?}");
        assert!(near(found.process, 0.02 / 2.0_f64.sqrt()), "{found:?}");
    }

    #[test]
    fn one_process_or_one_round_has_less_to_say() {
        let one = components(&[1.0, 1.1], &[1.0, 1.0], &[0, 0]).expect("rounds");
        assert!(one.process.is_none() && one.round.is_some() && one.within.is_some());
        let single = components(&[1.0], &[1.0], &[0]).expect("a round");
        assert_eq!((single.process, single.round, single.within), (None, None, None));
        assert_eq!(components(&[1.0], &[1.0], &[]), None);
    }
}
