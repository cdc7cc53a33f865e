//! `--lookups auto`: a batch long enough that the timer does not matter, and no longer; see
//! [`lookups_for`].

use super::plan::{Part, Plan};
use crate::layout::build;
use crate::machine;
use crate::measure::{Clockwork, lookups_for, lookups_for_nobody};
use crate::record::Environment;
use crate::registry::Options;

/// Settles how many lookups the batches have that the timer decides. Builds the tables that tell.
pub(super) fn settle(plan: &mut Plan, environment: &Environment) {
    if plan.parts.iter().all(|part| part.auto.is_none()) {
        return;
    }
    let clock = Clockwork {
        resolution_ns: environment.timer_resolution_ns,
        overhead_ns: environment.timer_overhead_ns,
    };
    // On a thread of its own, which is pinned as the measurement will be and leaves this one free.
    let settled = std::thread::scope(|scope| {
        let plan: &Plan = plan;
        let settle = move || -> Vec<Option<u64>> {
            let _ = machine::pin_to_one_core();
            let of = |part: &Part| part.auto.is_some().then(|| lookups(plan, part, clock));
            plan.parts.iter().map(of).collect()
        };
        scope.spawn(settle).join().unwrap_or_default()
    });
    for (part, lookups) in plan.parts.iter_mut().zip(settled) {
        if let Some(lookups) = lookups {
            part.settle(lookups);
        }
    }
}

/// How many lookups a batch of the reference should have, or of the first backend that can do the
/// layout.
fn lookups(plan: &Plan, part: &Part, clock: Clockwork) -> u64 {
    let options = Options { build: plan.build, array_capacity: part.array_capacity };
    let to_build = build::Plan { layout: &part.layout, segments: &part.segments };
    let mut backends = std::iter::once(&plan.reference).chain(&plan.backends);
    let subject = backends.find_map(|entry| entry.build(&to_build, options).ok());
    let Some(subject) = subject else { return lookups_for_nobody() };
    lookups_for(clock, |lookups, which| {
        subject.run(&plan.batch(part, lookups, 0, u32::MAX - which)).elapsed_ns
    })
}
