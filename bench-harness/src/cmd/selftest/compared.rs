//! One comparison of the self-test: rounds until its time is over, judged as `compare` judges.

use std::time::{Duration, Instant};

use super::scenario::{Against, Scenario};
use super::stand::Stand;
use crate::cmd::Failure;
use crate::cmd::session::{self, Limits, Stopping, interrupt};
use crate::machine;
use crate::measure::{Target, order_seed, round_seed};
use crate::record::SelftestRow;
use crate::stats::{Change, EQUIVALENCE_FRACTION, Rounds, Unit, compare_rounds, verdict};

/// The times of a comparison, a round an entry.
#[derive(Default)]
struct Times {
    /// Of the two sides, the first named first.
    sides: [Vec<f64>; 2],
    baseline: Vec<f64>,
}

/// Measures one comparison; `None` if it was interrupted.
pub(super) fn measure(
    stand: &Stand<'_>,
    scenario: &Scenario,
    comparison: u64,
    seed: u64,
) -> Result<Option<SelftestRow>, Failure> {
    let seed = order_seed(seed, scenario.name, comparison);
    let watch = machine::Watch::start(stand.core);
    let start = Instant::now();
    let cycle = stand.bench.cycle(Target::Page);
    let mut times = Times::default();
    let limits =
        Limits { half_width: scenario.precision, time: Some(scenario.time), ..Limits::NONE };
    let mut rule = Stopping::new(session::Rounds::Until(limits), cycle, 0);
    loop {
        let done = times.baseline.len();
        let width = || times.change(scenario.against, cycle).and_then(half_width);
        let round = u32::try_from(done).unwrap_or(u32::MAX);
        // Time ends a comparison at a whole cycle only, so that all of it is balanced.
        let whole = done.is_multiple_of(cycle);
        if done >= cycle
            && whole
            && rule.ended(round, start.elapsed(), Duration::ZERO, width).is_some()
        {
            break;
        }
        let batch = stand.batch(round_seed(seed, round), seed);
        let Some(samples) =
            stand.bench.round(&batch, round, || !interrupt::asked()).map_err(Failure::running)?
        else {
            return Ok(None);
        };
        for sample in samples {
            let side = match sample.backend {
                Some(index) => &mut times.sides[index.min(1)],
                None => &mut times.baseline,
            };
            side.push(sample.timed.elapsed_ns as f64);
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let disturbance = watch.finish();
    let change = times.change(scenario.against, cycle).ok_or_else(|| {
        Failure::running(anyhow::anyhow!("{}: batches took no time at all", scenario.name))
    })?;
    let exchanged = times.exchanged(scenario.against, cycle);
    let percent = |fraction: f64| 100.0 * fraction;
    let word = |change: &Change| {
        let p = change.p_value?;
        Some(verdict(change, p, EQUIVALENCE_FRACTION).as_str().to_owned())
    };
    Ok(Some(SelftestRow {
        scenario: scenario.name.to_owned(),
        comparison,
        true_change_pct: scenario.against.true_change(stand.lookups).map(percent),
        seconds,
        lookups: stand.lookups,
        seed,
        rounds: times.baseline.len() as u64,
        change_pct: percent(change.point),
        low_pct: change.low.map(percent),
        high_pct: change.high.map(percent),
        p_value: change.p_value,
        verdict: word(&change),
        verdict_exchanged: exchanged.as_ref().and_then(word),
        other_cores_busy: disturbance.other_cores_busy_share,
        warned: u64::from(!disturbance.warnings().is_empty()),
    }))
}

/// Half of the interval's width, as a fraction.
fn half_width(change: Change) -> Option<f64> {
    Some((change.high? - change.low?) / 2.0)
}

impl Times {
    /// The change of the side that is compared against the one it is compared with.
    fn change(&self, against: Against, cycle: usize) -> Option<Change> {
        // The side that does more is the second one; exchanged, it is the reference.
        match against {
            Against::ItselfExchanged(_) => self.of(0, 1, cycle),
            Against::Itself(_) | Against::Twin => self.of(1, 0, cycle),
        }
    }

    /// The same with the sides exchanged.
    fn exchanged(&self, against: Against, cycle: usize) -> Option<Change> {
        match against {
            Against::ItselfExchanged(_) => self.of(1, 0, cycle),
            Against::Itself(_) | Against::Twin => self.of(0, 1, cycle),
        }
    }

    fn of(&self, side: usize, reference: usize, cycle: usize) -> Option<Change> {
        let processes = vec![0; self.baseline.len()];
        let rounds = Rounds {
            values: &self.sides[side],
            reference: &self.sides[reference],
            baseline: &self.baseline,
            processes: &processes,
            cycle,
        };
        compare_rounds(&rounds, Unit::Rounds)?.gross
    }
}
