//! What is done while memory is refused: histories that reach whatever a structure asks memory for.

/// Frames of a chunk of `section`'s map; elsewhere a number like others.
pub(crate) const CHUNK: u64 = 1 << 15;

/// Segments that are loaded at boot, one more at most not counted.
const LOADED: u64 = 20;

/// One call of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Step {
    /// Loads `[start, end)` at boot.
    Load(u64, u64),
    /// Boot ends.
    Init,
    /// Plugs `[start, end)`.
    Plug(u64, u64),
    /// Unplugs `[start, end)`: from an end of a segment, from its middle, or all of it.
    Unplug(u64, u64),
}

/// Segments of `frames` frames, each `apart` from the next, loaded in no order; some are cut, one goes
/// and comes again. One more, wherever `extra` says.
pub(crate) fn boot(frames: u64, apart: u64, extra: Option<(u64, u64)>) -> Vec<Step> {
    let starts = (0..LOADED).map(|nth| nth * 7 % LOADED * apart);
    let mut steps: Vec<Step> = starts.map(|start| Step::Load(start, start + frames)).collect();
    steps.extend(extra.map(|(start, end)| Step::Load(start, end)));
    steps.extend([
        Step::Unplug(0, 1),
        Step::Unplug(apart + frames - 1, apart + frames),
        Step::Unplug(2 * apart, 2 * apart + frames),
        Step::Plug(2 * apart, 2 * apart + frames),
        Step::Init,
    ]);
    steps
}

/// As [`boot`], for backends that can split: a hole in the middle of two of them as well.
pub(crate) fn boot_with_splits(frames: u64, apart: u64, extra: Option<(u64, u64)>) -> Vec<Step> {
    let mut steps = boot(frames, apart, extra);
    let holes = [5, 9].map(|nth| Step::Unplug(nth * apart + 3, nth * apart + 7));
    let last = steps.len() - 1;
    steps.splice(last..last, holes);
    steps
}

/// Afterwards: `count` segments of 3 to 9 frames from `base` on, four to a block of 64 frames, with
/// descriptors in disorder, since they do not come in the order of their frames. Every second is cut,
/// split or taken out again.
pub(crate) fn small(base: u64, count: u64) -> Vec<Step> {
    let place = |nth: u64| (base + nth * 16, base + nth * 16 + 3 + nth % 7);
    let mut steps: Vec<Step> = (0..count)
        .map(|nth| place(nth * 77 % count))
        .map(|(start, end)| Step::Plug(start, end))
        .collect();
    for nth in (0..count).step_by(2) {
        let (start, end) = place(nth);
        match nth / 2 % 4 {
            0 => steps.push(Step::Unplug(start + 1, start + 2)),
            // Plugged again, it takes the only descriptor that is free in its slab.
            1 => steps.extend([
                Step::Unplug(start, start + 1),
                Step::Plug(start, start + 1),
                Step::Unplug(start, start + 1),
            ]),
            2 => steps.push(Step::Unplug(end - 1, end)),
            _ => steps.extend([Step::Unplug(start, end), Step::Plug(start, end - 1)]),
        }
    }
    steps
}

/// Afterwards: three whole chunks at each of `places`, which are broken up, filled and made whole.
pub(crate) fn large(places: &[u64]) -> Vec<Step> {
    let mut steps = Vec::new();
    for &base in places {
        let (one, two, three) = (base + CHUNK, base + 2 * CHUNK, base + 3 * CHUNK);
        steps.extend([
            Step::Plug(base, three),
            Step::Unplug(base + 500, base + 600),
            Step::Unplug(one + 5, two + 7),
            Step::Plug(one + 40, one + 50),
            Step::Plug(one + 25, one + 30),
            Step::Plug(base + 510, base + 520),
            Step::Unplug(two + 7, three),
            Step::Plug(two, three),
            Step::Unplug(three - 64, three),
        ]);
    }
    steps
}
