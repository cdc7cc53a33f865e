//! The backends of a measurement on one layout: built, held against the oracle, and run in rounds.

mod round;

use std::rc::Rc;

use physseg::{FrameRange, Pfn};

use super::batch::{Batch, Timed};
use super::beacon::{self, Doing};
use super::descriptors::{Descriptor, are_of, descriptors_of};
use super::error::MeasureError;
use super::kind::Target;
use super::oracle::Oracle;
use super::order::cycle;
use super::runs::NoRuns;
use super::settle::time_alone;
use super::subject::{Facts, Outcome, Subject};
use crate::layout::build::{BuildError, Plan};

pub use round::{Sample, round_seed};

/// Why what [`answers_everything`](Subject::answers_everything) is not asked to touch a page.
const NO_PAGES: &str = "finds every frame without a table: there are no pages to touch";

/// Between two notes that a backend still answers what is checked.
const CHECKED_AT_ONCE: u64 = 1 << 16;

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
    facts: Facts,
    /// Lookups beyond those billed, as a fraction; 0 but for an injected effect.
    extra: f64,
    /// Whether it runs in the second copy of the timed loop.
    twin: bool,
    /// For each target, what is right.
    asked: Vec<(Target, Asked)>,
}

/// What a participant is held against when it is asked for a target.
#[derive(Clone)]
enum Asked {
    /// Shared by participants whose tables give the same names to the same frames, both.
    Right { oracle: Rc<Oracle>, descriptors: Rc<Vec<Descriptor>> },
    /// It cannot be asked, for this reason.
    Refused(String),
}

/// A participant that can be asked for a target, and what is right then.
#[derive(Clone, Copy)]
struct Ready<'a> {
    participant: &'a Participant,
    oracle: &'a Rc<Oracle>,
    descriptors: &'a [Descriptor],
}

impl Bench {
    /// Takes the backends as they come, each with its name and its table, or why there is none, and
    /// holds every one against the oracle on all frames of the lookup range and of the layout, for each
    /// of `targets`. An iterator that builds as it goes has no table built before the last one was
    /// found right.
    ///
    /// # Errors
    /// A wrong answer or a table that is not what the layout says. A backend that cannot do the
    /// layout is no error, nor is one whose answers there is no memory to check: it is listed in
    /// [`unsupported`](Self::unsupported).
    pub fn prepare(
        plan: &Plan<'_>,
        backends: impl IntoIterator<Item = (&'static str, Outcome)>,
        targets: &[Target],
    ) -> Result<Self, MeasureError> {
        let mut bench = Self { participants: Vec::new(), unsupported: Vec::new() };
        for (index, (name, outcome)) in backends.into_iter().enumerate() {
            match outcome {
                Ok(subject) => {
                    let asked = match bench.ask(plan, name, subject.as_ref(), targets) {
                        Ok(asked) => asked,
                        Err(MeasureError::NoMemory { what, .. }) => {
                            bench.unsupported.push((name, what));
                            continue;
                        }
                        Err(error) => return Err(error),
                    };
                    let facts = subject.facts();
                    let subject = Rc::from(subject);
                    bench.participants.push(Participant {
                        index,
                        name,
                        subject,
                        facts,
                        extra: 0.0,
                        twin: false,
                        asked,
                    });
                }
                Err(BuildError::Unsupported(reason)) => bench.unsupported.push((name, reason)),
                Err(error) => {
                    return Err(MeasureError::Build { backend: name.to_owned(), error });
                }
            }
        }
        beacon::nobody(); // also where the last one could not be built
        Ok(bench)
    }

    /// Holds a subject against the oracle of each target.
    fn ask(
        &self,
        plan: &Plan<'_>,
        name: &str,
        subject: &dyn Subject,
        targets: &[Target],
    ) -> Result<Vec<(Target, Asked)>, MeasureError> {
        let wrong = |what| MeasureError::WrongTable { backend: name.to_owned(), what };
        beacon::begin(name, Doing::Check);
        subject.check().map_err(wrong)?;
        beacon::nobody(); // what is right is worked out here, which may take its time
        let mut asked_for = 0_u64;
        let mut all: Vec<(Target, Asked)> = Vec::new();
        let mut by_address = false;
        for &target in targets {
            let descriptors = match target {
                Target::Touch if subject.answers_everything() => Err(NO_PAGES.to_owned()),
                Target::Touch => self.descriptors(subject),
                Target::Page | Target::Handle => Ok(Rc::default()),
            };
            let asked = match descriptors {
                Ok(descriptors) => {
                    let oracle = self.oracle(name, subject, plan.segments, target)?;
                    Asked::Right { oracle, descriptors }
                }
                Err(reason) => Asked::Refused(reason),
            };
            if let Asked::Right { oracle, descriptors } = &asked {
                let mut verify = |span| {
                    let verified = oracle.verify(span, name, |pfn| {
                        asked_for += 1;
                        if asked_for.is_multiple_of(CHECKED_AT_ONCE) {
                            beacon::doing(Doing::Check); // slow, and yet not hanging
                        }
                        if !by_address {
                            same_by_address(name, subject, pfn)?;
                        }
                        Ok(answer(subject, target, pfn, descriptors))
                    });
                    verified.map_err(|wrong| wrong.of_segments(subject, target))
                };
                beacon::begin(name, Doing::Check);
                verify(plan.layout.lookups.range)?;
                if let (Some(low), Some(high)) = (plan.segments.first(), plan.segments.last()) {
                    FrameRange::new(low.start(), high.end()).map_or(Ok(()), verify)?;
                }
                beacon::nobody();
                by_address = true; // once is enough, with whatever target can be asked first
            }
            all.push((target, asked));
        }
        Ok(all)
    }

    /// The oracle for a subject, which is an earlier participant's if it is the same.
    fn oracle(
        &self,
        name: &str,
        subject: &dyn Subject,
        segments: &[FrameRange],
        target: Target,
    ) -> Result<Rc<Oracle>, MeasureError> {
        let refused = |why| {
            let backend = name.to_owned();
            match why {
                NoRuns::NoMemory(what) => MeasureError::NoMemory { backend, what },
                NoRuns::NoDescriptors | NoRuns::Different(_) => {
                    MeasureError::WrongTable { backend, what: why.to_string() }
                }
            }
        };
        let runs = subject.walk(target).map_err(refused)?;
        let mut known = self.ready(target).map(|ready| ready.oracle);
        if let Some(same) = known.find(|oracle| oracle.runs() == runs) {
            return Ok(Rc::clone(same));
        }
        let oracle = Oracle::new(runs);
        if !subject.answers_everything() {
            oracle.audit(segments).map_err(refused)?;
        }
        Ok(Rc::new(oracle))
    }

    /// The page descriptors of a subject, which are an earlier participant's if its names are the same.
    fn descriptors(&self, subject: &dyn Subject) -> Result<Rc<Vec<Descriptor>>, String> {
        let pages = subject.walk(Target::Page).map_err(|why| why.to_string())?;
        let earlier = self.participants.iter().flat_map(|one| &one.asked);
        let mut known = earlier.filter_map(|(target, asked)| match asked {
            Asked::Right { descriptors, .. } if *target == Target::Touch => Some(descriptors),
            _ => None,
        });
        match known.find(|known| are_of(known, &pages)) {
            Some(known) => Ok(Rc::clone(known)),
            None => descriptors_of(&pages).map(Rc::new),
        }
    }

    /// The participants that can be asked for `target`.
    fn ready(&self, target: Target) -> impl Iterator<Item = Ready<'_>> {
        self.participants.iter().filter_map(move |one| one.ready(target))
    }

    /// The backends that are measured: index among those asked for, name, and what is known.
    pub fn supported(
        &self,
        target: Target,
    ) -> impl Iterator<Item = (usize, &'static str, Facts)> + '_ {
        self.ready(target).map(|one| one.participant).map(|one| (one.index, one.name, one.facts))
    }

    /// Why the backend called `name` cannot be asked for `target`; `None` if it can.
    pub fn unsupported(&self, name: &str, target: Target) -> Option<&str> {
        let layout = self.unsupported.iter().find(|(other, _)| *other == name);
        layout.map(|(_, reason)| reason.as_str()).or_else(|| {
            let mut those = self.participants.iter().filter(|one| one.name == name);
            those.find_map(|one| match one.asked(target)? {
                Asked::Refused(reason) => Some(reason.as_str()),
                Asked::Right { .. } => None,
            })
        })
    }

    /// Bytes of the page descriptors of the first participant that has some.
    pub fn descriptor_bytes(&self) -> u64 {
        self.ready(Target::Touch).next().map_or(0, |one| size_of_val(one.descriptors) as u64)
    }

    /// Lets the last participant take part a second time, as `name` and with the next index: the same
    /// code on the same table. It does `extra` times the batch's lookups more than it is billed for,
    /// so that its true change is known: exactly `1 + extra` in time a lookup, on any machine.
    ///
    /// `None` if nobody takes part.
    pub fn copy_last(&mut self, name: &'static str, extra: f64) -> Option<usize> {
        let last = self.participants.last()?;
        let index = last.index + 1;
        let (subject, facts) = (Rc::clone(&last.subject), last.facts);
        let asked = last.asked.clone();
        let twin = false;
        self.participants.push(Participant { index, name, subject, facts, extra, twin, asked });
        Some(index)
    }

    /// Lets the last participant run in the second copy of the timed loop, see
    /// [`Twin`](super::Twin).
    pub fn make_last_twin(&mut self) {
        if let Some(last) = self.participants.last_mut() {
            last.twin = true;
        }
    }

    /// Rounds after which the order of everybody who can be asked for `target` is balanced.
    pub fn cycle(&self, target: Target) -> usize {
        cycle(self.samples_per_round(target))
    }

    /// Runs a batch against the first participant alone: timed, not checked, for a first guess.
    pub fn time_first(&self, batch: &Batch<'_>) -> Option<Timed> {
        let first = self.ready(batch.target).next()?;
        let batch = Batch { descriptors: first.descriptors, ..*batch };
        first.participant.begin(&batch);
        let timed = time_alone(&*first.participant.subject, &batch);
        beacon::nobody();
        Some(timed)
    }

    /// How many samples a round has: everybody who can be asked for `target`, and the baseline.
    pub fn samples_per_round(&self, target: Target) -> usize {
        self.ready(target).count() + 1
    }
}

impl Participant {
    /// Notes that it is about to run a batch.
    fn begin(&self, batch: &Batch<'_>) {
        beacon::begin(self.name, self.subject.doing(batch));
    }

    fn asked(&self, target: Target) -> Option<&Asked> {
        self.asked.iter().find(|(other, _)| *other == target).map(|(_, asked)| asked)
    }

    fn ready(&self, target: Target) -> Option<Ready<'_>> {
        match self.asked(target)? {
            Asked::Right { oracle, descriptors } => {
                Some(Ready { participant: self, oracle, descriptors })
            }
            Asked::Refused(_) => None,
        }
    }
}

/// Giving a table back is a call into the backend too.
impl Drop for Participant {
    fn drop(&mut self) {
        beacon::begin(self.name, Doing::Destroy);
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        self.participants.clear();
        beacon::nobody();
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

/// What a subject answers, a descriptor's word included.
fn answer(subject: &dyn Subject, target: Target, pfn: Pfn, descriptors: &[Descriptor]) -> u64 {
    read(subject.answer(target, pfn), target, descriptors)
}

/// An answer, with the word of the descriptor in place of the page where that is what is asked for.
fn read(answer: u64, target: Target, descriptors: &[Descriptor]) -> u64 {
    if target != Target::Touch || answer == 0 {
        return answer;
    }
    let index = usize::try_from(answer - 1).unwrap_or(usize::MAX);
    descriptors.get(index).map_or(0, Descriptor::word)
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
