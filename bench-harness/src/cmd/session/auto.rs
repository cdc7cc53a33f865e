//! `--lookups auto`: a batch long enough that the timer does not matter, and no longer; see
//! [`lookups_for`], and [`cold_lookups_for`] where other work lies between the lookups.

use std::time::Instant;

use super::part::Part;
use super::plan::Plan;
use super::question::Question;
use crate::machine;
use crate::measure::beacon::{self, Doing};
use crate::measure::{
    Batch, Clockwork, Descriptor, Subject, Target, Timed, cold_lookups_for, descriptors_of,
    lookups_for, lookups_for_nobody, time_alone,
};

/// Settles how many lookups the batches have that the timer decides. Builds the tables that tell.
pub(super) fn settle(plan: &mut Plan, clock: Clockwork) {
    if plan.parts.iter().all(|part| part.auto.is_empty()) {
        return;
    }
    // On a thread of its own, which is pinned as the measurement will be and leaves this one free.
    let settled = std::thread::scope(|scope| {
        let plan: &Plan = plan;
        let settle = move || -> Vec<Vec<(Question, u64)>> {
            let _ = machine::pin_to_one_core();
            let parts = plan.parts.iter().enumerate();
            let settled = parts.map(|(index, part)| {
                beacon::on(index);
                of_part(plan, part, clock)
            });
            settled.collect()
        };
        scope.spawn(settle).join().unwrap_or_default()
    });
    for (part, settled) in plan.parts.iter_mut().zip(settled) {
        for (question, lookups) in settled {
            part.settle(question, lookups);
        }
    }
}

/// How many lookups a batch of each question should have, of the reference or the first backend that
/// can do the layout.
fn of_part(plan: &Plan, part: &Part, clock: Clockwork) -> Vec<(Question, u64)> {
    if part.auto.is_empty() {
        return Vec::new();
    }
    let mut backends = std::iter::once(&plan.reference).chain(&plan.backends);
    let subject = backends.find_map(|entry| Some((entry.name, plan.table(entry, part).ok()?)));
    beacon::nobody();
    let descriptors = match &subject {
        Some((_, subject)) if part.auto.iter().any(|(of, _)| of.target == Target::Touch) => {
            // Where there are too many of them nobody will be asked.
            subject.walk(Target::Page).ok().and_then(|pages| descriptors_of(&pages).ok())
        }
        _ => None,
    };
    let descriptors = descriptors.unwrap_or_default();
    let of = |&(question, _): &(Question, _)| {
        let lookups = match &subject {
            Some((name, subject)) => {
                lookups(plan, part, question, clock, (name, &**subject), &descriptors)
            }
            None => lookups_for_nobody(),
        };
        (question, lookups)
    };
    let settled = part.auto.iter().map(of).collect();
    if let Some((name, subject)) = subject {
        beacon::begin(name, Doing::Destroy);
        drop(subject);
        beacon::nobody();
    }
    settled
}

fn lookups(
    plan: &Plan,
    part: &Part,
    question: Question,
    clock: Clockwork,
    (name, subject): (&str, &dyn Subject),
    descriptors: &[Descriptor],
) -> u64 {
    lookups_timed(question, clock, |lookups, which| {
        let batch = plan.batch(part, question, lookups, (0, u32::MAX - which));
        beacon::begin(name, subject.doing(&batch));
        let timed = time_alone(subject, &Batch { descriptors, ..batch });
        beacon::nobody();
        Some(timed)
    })
}

/// How many lookups suit the timer, by batches that `run` makes; nobody is to be timed where it makes
/// none.
pub(super) fn lookups_timed(
    question: Question,
    clock: Clockwork,
    mut run: impl FnMut(u64, u32) -> Option<Timed>,
) -> u64 {
    match question.mode.burst() {
        None => {
            lookups_for(clock, |lookups, which| run(lookups, which).map_or(0, |it| it.elapsed_ns))
        }
        Some(burst) => cold_lookups_for(burst, |lookups, which| {
            let began = Instant::now();
            run(lookups, which);
            u64::try_from(began.elapsed().as_nanos()).unwrap_or(u64::MAX)
        }),
    }
}
