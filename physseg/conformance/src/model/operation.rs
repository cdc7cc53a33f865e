//! What can be done to a table, and how sequences of it are drawn.
//!
//! Blind draws mostly hit holes and overlaps, which tests refusals. Others are aimed: they name a
//! segment or a hole by a number that is taken modulo how many there are when the turn comes, and
//! its frames likewise, so that they mean something at any time and shrink well.

use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;

use super::ground::{Plan, crowded, quiet};

/// Operations begin inside `0..SPAN`.
pub(crate) const SPAN: u64 = 96;

/// No frame at or above this can come to be present, but for those of a crowd.
pub(crate) const FRAMES: u64 = SPAN + 32;

/// One operation.
#[derive(Clone, Debug)]
pub(crate) enum Operation {
    /// Load `pages` frames from `start`; avail is `avail` frames in from either end, and may cross
    /// over or (256 counts as -1) lie outside.
    Load { start: u64, pages: u64, avail: (u8, u8), free_list: u32 },
    /// Plug blindly.
    Plug { start: u64, pages: u64 },
    /// Plug a part of the hole with this number.
    PlugHole { hole: u16, skip: u8, pages: u8 },
    /// Unplug blindly.
    Unplug { start: u64, pages: u64 },
    /// Unplug a part of the segment with this number.
    UnplugPart { segment: u16, skip: u8, pages: u8 },
    /// Unplug from the segment's start.
    UnplugFront { segment: u16, pages: u8 },
    /// Unplug up to the segment's end.
    UnplugBack { segment: u16, pages: u8 },
    /// Unplug all of the segment.
    UnplugWhole { segment: u16 },
    /// Unplug one frame of every so many of the segment: many segments at one stroke.
    Comb { segment: u16, every: u64 },
    /// Plug a crowd of segments, each of one frame with a hole above it, on one side of the crowd's
    /// ground.
    Crowd { side: Side, odd: bool, way: Way },
    /// Plug all of the crowd's ground, and unplug every other frame.
    CombCrowd { odd: bool, way: Way },
    /// Unplug whole segments until so many are left.
    Drain { way: Way, left: u8 },
    /// Steal frames at boot, one by one.
    Unload { target: u16, free_list: u32, force: bool, times: u8 },
    /// End boot.
    PageInit,
    /// Set the start hint.
    Hint { target: u16, frame: u64 },
    /// Set the machine-dependent word.
    Pmap { target: u16, word: u64 },
}

/// Which side of the crowd's ground.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Side {
    /// All of it.
    All,
    /// The lowest eighth.
    Low,
    /// The highest eighth.
    High,
    /// A quarter between.
    Middle,
}

/// In which order of their frames segments come or go.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    /// Ascending.
    Up,
    /// Descending.
    Down,
    /// Ascending from the middle, and then from the lowest.
    FromTheMiddle,
    /// All over.
    Shuffled,
}

/// Operations, and the ground on which they are carried out.
#[derive(Clone, Debug)]
pub(crate) struct Sequence {
    pub(crate) plan: Plan,
    pub(crate) operations: Vec<Operation>,
}

/// Mostly up to 37 operations: some for boot, its end (mostly), some for what follows. At times a
/// crowd comes and goes between.
pub(crate) fn sequences() -> impl Strategy<Value = Sequence> {
    prop_oneof![
        24 => (quiet(), boot(), vec(after_boot(), 0..=24)).prop_map(|(plan, boot, after)| {
            let operations = [boot, after].concat();
            Sequence { plan, operations }
        }),
        1 => (crowded(), weighted(0.1, arrival()), boot(), vec(rush(), 1..=5)).prop_map(
            |(plan, early, boot, rushes)| {
                let rushes = rushes.into_iter().flatten();
                let operations = early.into_iter().chain(boot).chain(rushes).collect();
                Sequence { plan, operations }
            }
        ),
    ]
}

/// Operations at boot, and its end.
fn boot() -> impl Strategy<Value = Vec<Operation>> {
    let init = weighted(0.95, Just(Operation::PageInit));
    (vec(at_boot(), 0..=12), init).prop_map(|(boot, init)| boot.into_iter().chain(init).collect())
}

/// A crowd, what happens among it, and what after most of it has gone.
fn rush() -> impl Strategy<Value = Vec<Operation>> {
    let leave = (way(), 0..70u8).prop_map(|(way, left)| Operation::Drain { way, left });
    let some = || vec(after_boot(), 0..=4);
    (arrival(), some(), weighted(0.8, leave), some()).prop_map(|(come, among, leave, after)| {
        [vec![come], among, leave.into_iter().collect(), after].concat()
    })
}

fn arrival() -> impl Strategy<Value = Operation> {
    use Side::{All, High, Low, Middle};
    let side = prop_oneof![2 => Just(All), 1 => Just(Low), 1 => Just(High), 1 => Just(Middle)];
    prop_oneof![
        3 => (side, any::<bool>(), way())
            .prop_map(|(side, odd, way)| Operation::Crowd { side, odd, way }),
        1 => (any::<bool>(), way()).prop_map(|(odd, way)| Operation::CombCrowd { odd, way }),
    ]
}

fn way() -> impl Strategy<Value = Way> {
    use Way::{Down, FromTheMiddle, Shuffled, Up};
    prop_oneof![Just(Up), Just(Down), Just(FromTheMiddle), Just(Shuffled)]
}

/// Mostly loading and stealing.
fn at_boot() -> impl Strategy<Value = Operation> {
    prop_oneof![9 => load(), 3 => plug(), 5 => unplug(), 3 => unload(), 3 => words()]
}

/// Mostly plugging and unplugging, so that structures grow and shrink.
fn after_boot() -> impl Strategy<Value = Operation> {
    prop_oneof![
        1 => load(),
        12 => plug(),
        15 => unplug(),
        4 => comb(),
        1 => unload(),
        3 => words(),
        1 => Just(Operation::PageInit),
    ]
}

fn load() -> impl Strategy<Value = Operation> {
    (0..SPAN, 0..=16u64, avail(), free_list()).prop_map(|(start, pages, avail, free_list)| {
        Operation::Load { start, pages, avail, free_list }
    })
}

fn plug() -> impl Strategy<Value = Operation> {
    prop_oneof![
        1 => blind().prop_map(|(start, pages)| Operation::Plug { start, pages }),
        4 => any::<(u16, u8, u8)>()
            .prop_map(|(hole, skip, pages)| Operation::PlugHole { hole, skip, pages }),
    ]
}

fn unplug() -> impl Strategy<Value = Operation> {
    prop_oneof![
        1 => blind().prop_map(|(start, pages)| Operation::Unplug { start, pages }),
        4 => any::<(u16, u8, u8)>()
            .prop_map(|(segment, skip, pages)| Operation::UnplugPart { segment, skip, pages }),
        1 => any::<(u16, u8)>()
            .prop_map(|(segment, pages)| Operation::UnplugFront { segment, pages }),
        1 => any::<(u16, u8)>()
            .prop_map(|(segment, pages)| Operation::UnplugBack { segment, pages }),
        4 => any::<u16>().prop_map(|segment| Operation::UnplugWhole { segment }),
    ]
}

fn comb() -> impl Strategy<Value = Operation> {
    (any::<u16>(), 2..5u64).prop_map(|(segment, every)| Operation::Comb { segment, every })
}

fn unload() -> impl Strategy<Value = Operation> {
    (any::<u16>(), free_list(), any::<bool>(), 1..=8u8).prop_map(
        |(target, free_list, force, times)| Operation::Unload { target, free_list, force, times },
    )
}

fn words() -> impl Strategy<Value = Operation> {
    prop_oneof![
        2 => (any::<u16>(), 0..20u64)
            .prop_map(|(target, frame)| Operation::Hint { target, frame }),
        1 => any::<(u16, u64)>().prop_map(|(target, word)| Operation::Pmap { target, word }),
    ]
}

fn free_list() -> impl Strategy<Value = u32> {
    prop_oneof![6 => Just(0), 1 => 1..4u32]
}

/// A range that may be anything: empty, long, or beyond what can be addressed.
fn blind() -> impl Strategy<Value = (u64, u64)> {
    const LIMIT: u64 = 1 << 40;
    prop_oneof![
        12 => (0..SPAN, 0..=24u64),
        1 => (LIMIT - 1..=LIMIT, 2..4u64),
        1 => (u64::MAX - 1..=u64::MAX, 0..4u64),
    ]
}

/// Mostly all of it, often less, rarely outside.
fn avail() -> impl Strategy<Value = (u8, u8)> {
    prop_oneof![
        3 => Just((0, 0)),
        3 => (0..6u8, 0..6u8),
        1 => (0..18u8, 0..18u8),
    ]
}
