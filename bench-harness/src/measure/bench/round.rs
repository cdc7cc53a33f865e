//! Rounds: who runs when, and whether what it answered is right.

use std::rc::Rc;

use physseg::Pfn;

use super::super::batch::{Batch, TRACE_BLOCK, Timed};
use super::super::beacon::{self, Doing};
use super::super::error::MeasureError;
use super::super::lookup::Baseline;
use super::super::oracle::{Expected, Oracle};
use super::super::order::order;
use super::super::settle::{bytes_read, settle};
use super::{Bench, Participant, Ready};
use crate::workload::{Generator, Xoshiro};

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

impl Bench {
    /// Lets every participant answer `batch` once within `around`, which may count what the processor
    /// does meanwhile: name and what `around` made of it. Answers are checked as in a round.
    ///
    /// Nobody does where something else than the timed loop would be counted too: in a batch that is not
    /// [bare](Batch::is_bare), since drawing its addresses may cost many times the lookups, and of a
    /// subject that is not.
    ///
    /// # Errors
    /// [`MeasureError::WrongBatch`].
    pub fn each<T>(
        &self,
        batch: &Batch<'_>,
        mut around: impl FnMut(&mut dyn FnMut()) -> T,
    ) -> Result<Vec<(&'static str, T)>, MeasureError> {
        let mut seen = Vec::new();
        if !batch.is_bare() {
            return Ok(seen);
        }
        let bare = self.ready(batch.target).filter(|ready| ready.participant.subject.is_bare());
        for ready in bare {
            ready.participant.begin(batch);
            ready.settle(batch);
            let mut timed = None;
            let made = around(&mut || timed = Some(ready.run(batch)));
            beacon::nobody();
            if let Some(timed) = timed {
                let sample = Sample { backend: Some(ready.participant.index), position: 0, timed };
                self.verify(batch, 0, &[sample])?;
            }
            seen.push((ready.participant.name, made));
        }
        Ok(seen)
    }

    /// One round of `batch`, in the order that the design gives round `round`. Each timed batch
    /// directly follows untimed lookups of the same participant ([`settle`]), so that whoever comes
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
        let ready: Vec<Ready<'_>> = self.ready(batch.target).collect();
        let items = ready.len() + 1;
        let mut samples = Vec::with_capacity(items);
        for (position, item) in (0..).zip(order(items, batch.order_seed, round)) {
            if !tick() {
                return Ok(None);
            }
            // The item after the last participant is the baseline.
            let who = ready.get(item);
            match who {
                Some(ready) => ready.participant.begin(batch),
                None => beacon::nobody(),
            }
            let timed = if let Some(ready) = who {
                ready.run(&ready.participant.billed(&ready.settle(batch)))
            } else {
                settle(batch, 0, |untimed| untimed.run(&Baseline)).run(&Baseline)
            };
            let backend = who.map(|one| one.participant.index);
            samples.push(Sample { backend, position, timed });
        }
        beacon::nobody();
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
        let ready: Vec<Ready<'_>> = self.ready(batch.target).collect();
        let injected = ready.iter().map(|one| (one.oracle, one.participant.billed(batch)));
        let plain = ready.first().map(|one| (one.oracle, *batch));
        for (oracle, batch) in plain.into_iter().chain(injected) {
            if !known.iter().any(|one| is(one, oracle, batch.lookups)) {
                known.push((oracle, batch.lookups, oracle.expect(&batch)));
            }
        }
        for sample in samples {
            let who = sample
                .backend
                .and_then(|index| ready.iter().find(|one| one.participant.index == index));
            let expected = match who {
                Some(ready) => known
                    .iter()
                    .find(|one| is(one, ready.oracle, ready.participant.billed(batch).lookups))
                    .map(|(.., expected)| expected.lookups),
                None => known.first().map(|(.., expected)| expected.baseline),
            };
            // Without a participant there is nothing to hold the generator against.
            let Some(expected) = expected else { continue };
            if sample.timed.answers != expected {
                if let Some(wrong) = who.and_then(|ready| ready.first_wrong(batch)) {
                    return Err(wrong);
                }
                return Err(MeasureError::WrongBatch {
                    backend: who.map_or("baseline", |one| one.participant.name).to_owned(),
                    round,
                    expected,
                    given: sample.timed.answers,
                });
            }
        }
        Ok(())
    }
}

impl Ready<'_> {
    /// The first lookup of a batch that is answered wrongly when it is asked again, block by block as the
    /// loop asks; `None` if now they all are right.
    fn first_wrong(&self, batch: &Batch<'_>) -> Option<MeasureError> {
        let batch = self.participant.billed(batch);
        let most = batch.mode.burst().unwrap_or(TRACE_BLOCK as u64).clamp(1, TRACE_BLOCK as u64);
        let mut addresses = batch.addresses();
        let mut left = batch.lookups;
        while left > 0 {
            beacon::begin(self.participant.name, Doing::Check);
            let length = left.min(most);
            let mut block = vec![Pfn::ZERO; usize::try_from(length).ok()?];
            addresses.fill(&mut block);
            let answers = self.participant.subject.answers(&batch, &block);
            for (&pfn, answer) in block.iter().zip(answers) {
                let given = super::read(answer, batch.target, self.descriptors);
                let expected = self.oracle.answer(pfn);
                if given != expected {
                    let backend = self.participant.name.to_owned();
                    let wrong = MeasureError::WrongAnswer { backend, pfn, expected, given };
                    return Some(wrong.of_segments(&*self.participant.subject, batch.target));
                }
            }
            left -= length;
        }
        beacon::nobody();
        None
    }

    pub(super) fn run(&self, batch: &Batch<'_>) -> Timed {
        let batch = Batch { descriptors: self.descriptors, ..*batch };
        let Participant { twin, subject, .. } = self.participant;
        if *twin { subject.run_twin(&batch) } else { subject.run(&batch) }
    }

    fn settle<'b>(&self, batch: &Batch<'b>) -> Batch<'b> {
        let bytes = bytes_read(&self.participant.facts, batch.target, self.descriptors);
        settle(batch, bytes, |untimed| self.run(untimed))
    }
}

impl Participant {
    /// What this participant does when it is billed for `batch`.
    fn billed<'a>(&self, batch: &Batch<'a>) -> Batch<'a> {
        // Lookups fit the mantissa: a batch of 2^53 would take years. None are taken back.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let extra = (batch.lookups as f64 * self.extra).round() as u64;
        Batch { lookups: batch.lookups + extra, ..*batch }
    }
}

/// The seed of a round's addresses: the same for every backend of the round, another for each round,
/// and all of them determined by the seed of the run.
pub fn round_seed(run_seed: u64, round: u32) -> u64 {
    Xoshiro::seeded(run_seed.wrapping_add(u64::from(round).wrapping_mul(0x9e37_79b9_7f4a_7c15)))
        .next()
}
