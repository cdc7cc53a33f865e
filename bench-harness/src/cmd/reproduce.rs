//! `reproduce`: the paper's two experiments, on this machine.
//!
//! Experiment 1 is 32 adjacent segments of 8 frames, 100 to 100M lookups, array against tree.
//! Experiment 2 is memory fragmented every 8 frames, 10M lookups. There the paper had the tree alone,
//! because the array has neither room nor a way to split; here an array without a limit is loaded at
//! boot with what remains of the same memory, so that the two can be compared.

use std::time::Duration;

use super::Failure;
use super::session::{self, Limits, Part, Plan, Question, Rounds};
use crate::cli::{Profile, Reproduce};
use crate::layout;
use crate::layout::build::Build;
use crate::registry::{self, ArrayCapacity};
use crate::workload::RngKind;

/// Layout of experiment 1.
const BOOT_LOADED: &str = "paper-32x8";

/// Layouts of experiment 2. `frag-64mb-as-run` is what the paper's 64 MB row really measured.
const FRAGMENTED: [&str; 5] =
    ["frag-1mb", "frag-64mb-as-run", "frag-64mb", "frag-128mb", "frag-256mb"];

const BACKENDS: [&str; 2] = ["array", "rbtree"];

pub(super) fn run(args: &Reproduce) -> Result<(), Failure> {
    session::run(plan(args)?, &args.output, args.judgement.gate)
}

/// What the arguments ask for.
pub(super) fn plan(args: &Reproduce) -> Result<Plan, Failure> {
    let backends = BACKENDS
        .iter()
        .map(|name| registry::find(name).map_err(Failure::input))
        .collect::<Result<Vec<_>, _>>()?;
    let part = |name: &str, capacity, batches: Vec<(u64, Rounds)>| {
        let layout = layout::open(name).map_err(Failure::input)?;
        let batches = batches.into_iter().map(|batch| Question::PAPER.of(batch));
        Ok::<_, Failure>(Part::new(layout, capacity)?.with(batches))
    };
    let mut parts = vec![part(BOOT_LOADED, ArrayCapacity::OfLayout, boot_loaded(args.profile))?];
    for name in FRAGMENTED {
        parts.push(part(name, ArrayCapacity::Unlimited, fragmented(args.profile))?);
    }
    Ok(Plan {
        reference: backends[0],
        backends,
        rng: RngKind::Xoshiro256pp,
        seed: args.seed,
        build: Build::Auto,
        processes: args.judgement.processes,
        equivalence: args.judgement.equivalence / 100.0,
        time: None,
        parts,
        patience: None,
        barred: Vec::new(),
        notes: Vec::new(),
    })
}

/// Batches of experiment 1. Six rounds are one cycle of the balanced order of two backends and the
/// baseline; the paper's profile keeps to its hundred.
fn boot_loaded(profile: Profile) -> Vec<(u64, Rounds)> {
    let counts = |counts: &[u64], rounds| counts.iter().map(|&n| (n, rounds)).collect::<Vec<_>>();
    let to_1m = [100, 1_000, 10_000, 100_000, 1_000_000];
    match profile {
        Profile::Quick => {
            let mut batches = counts(&to_1m, Rounds::Fixed(18));
            batches.push((10_000_000, Rounds::Fixed(6)));
            batches
        }
        Profile::Figure => {
            let mut batches = counts(&to_1m, Rounds::Fixed(30));
            batches.push((10_000_000, Rounds::Fixed(12)));
            batches.push((
                100_000_000,
                Rounds::Until(Limits {
                    half_width: Some(0.01),
                    at_least: 12,
                    look_from: Some(12),
                    at_most: 30,
                    time: Some(Duration::from_secs(140)),
                }),
            ));
            batches
        }
        Profile::Paper => {
            let mut batches = counts(&to_1m, Rounds::Fixed(100));
            batches.extend(counts(&[10_000_000, 100_000_000], Rounds::Fixed(100)));
            batches
        }
    }
}

/// Batches of experiment 2.
fn fragmented(profile: Profile) -> Vec<(u64, Rounds)> {
    match profile {
        Profile::Quick => vec![(1_000_000, Rounds::Fixed(12))],
        Profile::Figure => vec![(10_000_000, Rounds::Fixed(6))],
        Profile::Paper => vec![(10_000_000, Rounds::Fixed(100))],
    }
}
