//! The backends of a measurement on one layout: built, held against the oracle, and run in rounds.

use std::rc::Rc;

use physseg::{FrameRange, Pfn};

use super::batch::{Batch, Target, Timed};
use super::error::MeasureError;
use super::lookup::Baseline;
use super::oracle::{Expected, Oracle};
use super::order::{cycle, order};
use super::subject::{Facts, Outcome, Subject};
use crate::layout::build::{BuildError, Plan};
use crate::workload::{Generator, Xoshiro};

/// Lookups of the batch that is run, untimed and discarded, directly before every timed one: enough to
/// take the caches and predictors back from whatever ran before (another backend, the oracle, the
/// file system), few enough to cost nothing beside a batch of a million.
pub const SETTLE_LOOKUPS: u64 = 10_000;

/// One timed batch of one backend, verified.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// Which of the backends asked for; `None` for the baseline.
    pub backend: Option<usize>,
    /// Place in the order of the round, from 0.
    pub position: u32,
    /// Time and answers.
    pub timed: Timed,
}

/// The backends of a measurement, built on one layout and checked.
pub struct Bench {
    participants: Vec<Participant>,
    unsupported: Vec<(&'static str, String)>,
}

struct Participant {
    /// Index among the backends asked for.
    index: usize,
    name: &'static str,
    /// Shared by the copies of a participant.
    subject: Rc<dyn Subject>,
    /// Lookups beyond those billed, as a fraction; 0 but for an injected effect.
    extra: f64,
    /// Whether it runs in the second copy of the timed loop.
    twin: bool,
    /// Shared by participants whose tables give the same names to the same frames.
    oracle: Rc<Oracle>,
}

impl Bench {
    /// Takes the backends as they come, each with its name and its table, or why there is none, and
    /// holds every one against the oracle on all frames of the lookup range and of the layout. An
    /// iterator that builds as it goes has no table built before the last one was found right.
    ///
    /// # Errors
    /// A wrong answer or a table that is not what the layout says. A backend that cannot do the
    /// layout is no error: it is listed in [`unsupported`](Self::unsupported).
    pub fn prepare(
        plan: &Plan<'_>,
        backends: impl IntoIterator<Item = (&'static str, Outcome)>,
        target: Target,
    ) -> Result<Self, MeasureError> {
        let mut bench = Self { participants: Vec::new(), unsupported: Vec::new() };
        for (index, (name, outcome)) in backends.into_iter().enumerate() {
            match outcome {
                Ok(subject) => {
                    let oracle = bench.oracle(name, subject.as_ref(), plan.segments, target)?;
                    let verify = |span| {
                        oracle.verify(span, name, |pfn| {
                            same_by_address(name, subject.as_ref(), pfn)?;
                            Ok(subject.answer(target, pfn))
                        })
                    };
                    verify(plan.layout.lookups.range)?;
                    if let (Some(low), Some(high)) = (plan.segments.first(), plan.segments.last()) {
                        FrameRange::new(low.start(), high.end()).map_or(Ok(()), verify)?;
                    }
                    let subject = Rc::from(subject);
                    bench.participants.push(Participant {
                        index,
                        name,
                        subject,
                        extra: 0.0,
                        twin: false,
                        oracle,
                    });
                }
                Err(BuildError::Unsupported(reason)) => bench.unsupported.push((name, reason)),
                Err(error) => {
                    return Err(MeasureError::Build { backend: name.to_owned(), error });
                }
            }
        }
        Ok(bench)
    }

    /// The oracle for a subject, which is an earlier participant's if it is the same.
    fn oracle(
        &self,
        name: &str,
        subject: &dyn Subject,
        segments: &[FrameRange],
        target: Target,
    ) -> Result<Rc<Oracle>, MeasureError> {
        let wrong = |what| MeasureError::WrongTable { backend: name.to_owned(), what };
        subject.check().map_err(wrong)?;
        let runs = subject
            .walk(target)
            .ok_or_else(|| wrong("a segment has no page descriptors after boot".to_owned()))?;
        if let Some(same) = self.participants.iter().find(|other| other.oracle.runs() == runs) {
            return Ok(Rc::clone(&same.oracle));
        }
        let oracle = Oracle::new(runs);
        oracle.audit(segments).map_err(wrong)?;
        Ok(Rc::new(oracle))
    }

    /// The backends that are measured: index among those asked for, name, and what is known.
    pub fn supported(&self) -> impl Iterator<Item = (usize, &'static str, Facts)> + '_ {
        self.participants.iter().map(|one| (one.index, one.name, one.subject.facts()))
    }

    /// The backends that cannot do the layout, and why.
    pub fn unsupported(&self) -> &[(&'static str, String)] {
        &self.unsupported
    }

    /// Lets the last participant take part a second time, as `name` and with the next index: the same
    /// code on the same table. It does `extra` times the batch's lookups more than it is billed for,
    /// so that its true change is known: exactly `1 + extra` in time a lookup, on any machine.
    ///
    /// `None` if nobody takes part.
    pub fn copy_last(&mut self, name: &'static str, extra: f64) -> Option<usize> {
        let last = self.participants.last()?;
        let index = last.index + 1;
        let (subject, oracle) = (Rc::clone(&last.subject), Rc::clone(&last.oracle));
        self.participants.push(Participant { index, name, subject, extra, twin: false, oracle });
        Some(index)
    }

    /// Lets the last participant run in the second copy of the timed loop, see
    /// [`Twin`](super::Twin).
    pub fn make_last_twin(&mut self) {
        if let Some(last) = self.participants.last_mut() {
            last.twin = true;
        }
    }

    /// Rounds after which the order of everybody is balanced.
    pub fn cycle(&self) -> usize {
        cycle(self.samples_per_round())
    }

    /// Lets every participant answer `batch` once within `around`, which may count what the processor
    /// does meanwhile: name and what `around` made of it. Answers are checked as in a round.
    ///
    /// # Errors
    /// [`MeasureError::WrongBatch`].
    pub fn each<T>(
        &self,
        batch: &Batch<'_>,
        mut around: impl FnMut(&mut dyn FnMut()) -> T,
    ) -> Result<Vec<(&'static str, T)>, MeasureError> {
        let mut seen = Vec::with_capacity(self.participants.len());
        for participant in &self.participants {
            participant.run(batch); // what was cold is warm
            let mut timed = None;
            let made = around(&mut || timed = Some(participant.run(batch)));
            if let Some(timed) = timed {
                let sample = Sample { backend: Some(participant.index), position: 0, timed };
                self.verify(batch, 0, &[sample])?;
            }
            seen.push((participant.name, made));
        }
        Ok(seen)
    }

    /// Runs a batch against the first participant alone: timed, not checked, for a first guess.
    pub fn time_first(&self, batch: &Batch<'_>) -> Option<Timed> {
        self.participants.first().map(|one| one.run(batch))
    }

    /// How many samples a round has: every participant and the baseline.
    pub fn samples_per_round(&self) -> usize {
        self.participants.len() + 1
    }

    /// One round of `batch`, in the order that the design gives round `round`. Each timed batch
    /// directly follows [`SETTLE_LOOKUPS`] lookups of the same participant, so that whoever comes
    /// first does not pay for the oracle or for the files. `tick` is called between batches, never
    /// during one; when it says false the round is abandoned.
    ///
    /// # Errors
    /// [`MeasureError::WrongBatch`].
    pub fn round(
        &self,
        batch: &Batch<'_>,
        round: u32,
        mut tick: impl FnMut() -> bool,
    ) -> Result<Option<Vec<Sample>>, MeasureError> {
        let items = self.samples_per_round();
        let settle = Batch { lookups: SETTLE_LOOKUPS, seed: !batch.seed, ..*batch };
        let mut samples = Vec::with_capacity(items);
        for (position, item) in (0..).zip(order(items, batch.order_seed, round)) {
            if !tick() {
                return Ok(None);
            }
            // The item after the last participant is the baseline.
            let who = self.participants.get(item);
            let timed = if let Some(participant) = who {
                participant.run(&settle);
                participant.run(&participant.billed(batch))
            } else {
                settle.run(&Baseline);
                batch.run(&Baseline)
            };
            samples.push(Sample { backend: who.map(|one| one.index), position, timed });
        }
        self.verify(batch, round, &samples)?;
        Ok(Some(samples))
    }

    /// Holds the answers of a round against the oracles. After the round, so that the oracle's memory
    /// does not come between two batches.
    fn verify(
        &self,
        batch: &Batch<'_>,
        round: u32,
        samples: &[Sample],
    ) -> Result<(), MeasureError> {
        let mut known: Vec<(&Rc<Oracle>, u64, Expected)> = Vec::new();
        let is = |one: &(&Rc<Oracle>, u64, Expected), oracle, lookups| {
            Rc::ptr_eq(one.0, oracle) && one.1 == lookups
        };
        let injected = self.participants.iter().map(|one| (&one.oracle, one.billed(batch)));
        let plain = self.participants.first().map(|one| (&one.oracle, *batch));
        for (oracle, batch) in plain.into_iter().chain(injected) {
            if !known.iter().any(|one| is(one, oracle, batch.lookups)) {
                known.push((oracle, batch.lookups, oracle.expect(&batch)));
            }
        }
        for sample in samples {
            let who = sample.backend.and_then(|index| {
                self.participants.iter().find(|participant| participant.index == index)
            });
            let expected = match who {
                Some(participant) => known
                    .iter()
                    .find(|one| is(one, &participant.oracle, participant.billed(batch).lookups))
                    .map(|(.., expected)| expected.lookups),
                None => known.first().map(|(.., expected)| expected.baseline),
            };
            // Without a participant there is nothing to hold the generator against.
            let Some(expected) = expected else { continue };
            if sample.timed.answers != expected {
                return Err(MeasureError::WrongBatch {
                    backend: who.map_or("baseline", |one| one.name).to_owned(),
                    round,
                    expected,
                    given: sample.timed.answers,
                });
            }
        }
        Ok(())
    }
}

impl Participant {
    fn run(&self, batch: &Batch<'_>) -> Timed {
        if self.twin { self.subject.run_twin(batch) } else { self.subject.run(batch) }
    }

    /// What this participant does when it is billed for `batch`.
    fn billed<'a>(&self, batch: &Batch<'a>) -> Batch<'a> {
        // Lookups fit the mantissa: a batch of 2^53 would take years. None are taken back.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let extra = (batch.lookups as f64 * self.extra).round() as u64;
        Batch { lookups: batch.lookups + extra, ..*batch }
    }
}

impl std::fmt::Debug for Bench {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let names: Vec<&str> = self.participants.iter().map(|one| one.name).collect();
        f.debug_struct("Bench")
            .field("participants", &names)
            .field("unsupported", &self.unsupported)
            .finish()
    }
}

/// The seed of a round's addresses: the same for every backend of the round, another for each round,
/// and all of them determined by the seed of the run.
pub fn round_seed(run_seed: u64, round: u32) -> u64 {
    Xoshiro::seeded(run_seed.wrapping_add(u64::from(round).wrapping_mul(0x9e37_79b9_7f4a_7c15)))
        .next()
}

/// Checks that a frame's page is found by its physical address too, which is how a kernel asks.
fn same_by_address(name: &str, subject: &dyn Subject, pfn: Pfn) -> Result<(), MeasureError> {
    let by_frame = subject.answer(Target::Page, pfn);
    match subject.answer_by_address(pfn) {
        Some(by_address) if by_address != by_frame => {
            let backend = name.to_owned();
            Err(MeasureError::WrongByAddress { backend, pfn, by_frame, by_address })
        }
        _ => Ok(()),
    }
}
