//! Simulation tests with fixed seeds: do the intervals hold the promise in their name?
//!
//! Not tests of a machine but of the formulas, on made-up machines whose truth is known. A *promise* is a
//! coverage of 93 to 97 % where 95 % is written beside an interval; with 2,000 experiments the
//! simulation itself is off by 0.5 percentage points (one standard error), with 4,000 by 0.34. The seeds are fixed, and so are
//! the outcomes: a test that passes passes always.
//!
//! Each bound is there to fail for a wrong formula, and names it. Every one of these was put in, seen to fail,
//! and taken out again.

mod alarms;
mod behaviours;
mod fieller;
mod gross;
mod holms;
mod means;
mod nets;
mod processes;
mod resemblance;
mod variances;

use rand_xoshiro::{
    Xoshiro256PlusPlus,
    rand_core::{Rng, SeedableRng},
};

use super::{Change, Comparison, Rounds, Unit, compare_rounds};

/// The order of a round is balanced after so many: six, as with two backends and the generator.
const CYCLE: usize = 6;

/// How the generator's time relates to the reference's.
const SHARE: f64 = 0.08;

/// Draws from a fixed seed.
struct Draws {
    bits: Xoshiro256PlusPlus,
    spare: Option<f64>,
}

impl Draws {
    fn new(seed: u64) -> Self {
        Self { bits: Xoshiro256PlusPlus::seed_from_u64(seed), spare: None }
    }

    /// Uniform in (0, 1].
    fn uniform(&mut self) -> f64 {
        ((self.bits.next_u64() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    /// True with probability `part`.
    fn chance(&mut self, part: f64) -> bool {
        self.uniform() <= part
    }

    /// Standard normal, by Box and Muller (1958), who give two at a time.
    fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        let (sine, cosine) = (std::f64::consts::TAU * self.uniform()).sin_cos();
        self.spare = Some(radius * sine);
        radius * cosine
    }
}

/// What disturbs a batch besides what it shares with its round.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Noise {
    /// Added, normal, 2 % of the time.
    Normal,
    /// Multiplied, log-normal with this sigma: skewed to the right.
    LogNormal(f64),
    /// One of two clusters 3 % apart, by the toss of a coin.
    Bimodal,
    /// A twentieth of all batches takes 3 to 20 times as long.
    Spikes,
    /// First-order autoregressive with this rho, in one side alone, so that pairing does not help.
    Resembling(f64),
}

/// A first-order autoregressive series of unit variance, one value at a time.
struct Resembling {
    rho: f64,
    last: Option<f64>,
}

impl Resembling {
    fn new(rho: f64) -> Self {
        Self { rho, last: None }
    }

    fn next(&mut self, draws: &mut Draws) -> f64 {
        let fresh = draws.normal();
        let fade = (1.0 - self.rho * self.rho).sqrt();
        let next = self.last.map_or(fresh, |last| self.rho * last + fade * fresh);
        self.last = Some(next);
        next
    }
}

impl Noise {
    /// The factor on the time of one batch.
    fn factor(self, draws: &mut Draws, memory: &mut Resembling) -> f64 {
        match self {
            Self::Normal => 1.0 + 0.02 * draws.normal(),
            Self::LogNormal(sigma) => (sigma * draws.normal()).exp(),
            Self::Bimodal => {
                let cluster = if draws.chance(0.5) { 0.03 } else { 0.0 };
                1.0 + cluster + 0.002 * draws.normal()
            }
            Self::Spikes => {
                let spike = if draws.chance(0.05) { 3.0 + 17.0 * draws.uniform() } else { 1.0 };
                spike * (0.005 * draws.normal()).exp()
            }
            Self::Resembling(_) => (0.01 * memory.next(draws)).exp(),
        }
    }
}

/// What all batches of a round suffer together, so that pairing takes it away.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Moment {
    /// Independent from round to round, sigma 10 %.
    Fresh,
    /// Autoregressive at rho = 0.5, sigma 10 %: a neighbour who comes and goes.
    Lasting,
    /// 10 % slower from the first round to the last: a clock that steps down with the heat.
    Drift,
}

/// Made-up rounds.
struct Series {
    values: Vec<f64>,
    reference: Vec<f64>,
    baseline: Vec<f64>,
}

/// The made-up machine of one test.
#[derive(Clone, Copy, Debug)]
struct Machine {
    noise: Noise,
    moment: Moment,
    /// The generator's own noise, log-normal.
    baseline_sigma: f64,
    rounds: usize,
    /// The true ratio of a backend's time to the reference's.
    ratio: f64,
}

impl Machine {
    fn new(noise: Noise, rounds: usize, ratio: f64) -> Self {
        Self { noise, moment: Moment::Fresh, baseline_sigma: 0.02, rounds, ratio }
    }

    /// Measures.
    fn run(&self, draws: &mut Draws) -> Series {
        let rho = if let Noise::Resembling(rho) = self.noise { rho } else { 0.0 };
        let (mut own, mut others) = (Resembling::new(rho), Resembling::new(0.0));
        let mut lasting = Resembling::new(0.5);
        let mut series = Series { values: vec![], reference: vec![], baseline: vec![] };
        // With `Resembling` it is the backend's batches that resemble each other; the reference is
        // all but quiet, so that the log ratio is that series.
        let quiet = if rho > 0.0 { Noise::LogNormal(1e-4) } else { self.noise };
        for round in 0..self.rounds {
            let moment = match self.moment {
                Moment::Fresh => (0.1 * draws.normal()).exp(),
                Moment::Lasting => (0.1 * lasting.next(draws)).exp(),
                Moment::Drift => 1.0 + 0.1 * round as f64 / self.rounds as f64,
            };
            series.values.push(100.0 * self.ratio * moment * self.noise.factor(draws, &mut own));
            series.reference.push(100.0 * moment * quiet.factor(draws, &mut others));
            let alone = (self.baseline_sigma * draws.normal()).exp();
            series.baseline.push(100.0 * SHARE * moment * alone);
        }
        series
    }

    /// Measures and compares, rounds being the units.
    fn compared(&self, draws: &mut Draws) -> Comparison {
        let Series { values, reference, baseline } = self.run(draws);
        compare(&values, &reference, &baseline)
    }

    /// Share of `experiments` whose interval of `figure` holds `truth`, in percent. An interval that
    /// does not exist claims nothing, and so is not wrong.
    fn coverage(
        &self,
        figure: fn(&Comparison) -> Option<Change>,
        truth: f64,
        experiments: u32,
    ) -> f64 {
        // A seed of its own for each machine, and the same each time.
        let seed = self.rounds as u64 ^ self.ratio.to_bits();
        let mut draws = Draws::new(seed);
        let held = (0..experiments).filter(|_| {
            let change = figure(&self.compared(&mut draws));
            let bounds = change.and_then(|change| Some((change.low?, change.high?)));
            bounds.is_none_or(|(low, high)| low <= truth && truth <= high)
        });
        percent(held.count(), experiments)
    }
}

/// Compares series of one process.
fn compare(values: &[f64], reference: &[f64], baseline: &[f64]) -> Comparison {
    let processes = vec![0; values.len()];
    let rounds = Rounds { values, reference, baseline, processes: &processes, cycle: CYCLE };
    compare_rounds(&rounds, Unit::Rounds).expect("times above zero")
}

fn percent(count: usize, of: u32) -> f64 {
    100.0 * count as f64 / f64::from(of)
}

/// `got` percent lies within `promise`, or the test says where it does not.
#[track_caller]
fn holds(got: f64, promise: std::ops::RangeInclusive<f64>, of: impl std::fmt::Debug) {
    assert!(promise.contains(&got), "{got:.2} % is not within {promise:?}: {of:?}");
}
