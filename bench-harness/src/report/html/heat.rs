//! How deep a cell of the overview is shaded, and which way.
//!
//! Only what was told from the reference is shaded: colour draws the eye, and a difference that may be noise must not.
//! The depth goes with the ratio, the way with its sign, and the cell says both in words, so that nothing rests on
//! colour.

use crate::report::headline::{Against, Told};

/// From these ratios on a cell is shaded deeper.
const STEPS: [f64; 3] = [1.1, 1.5, 3.0];

/// The class of a cell: `f1` to `f4` for faster, `s1` to `s4` for slower, nothing for what is not told from the
/// reference.
pub(super) fn class(against: Option<Against>) -> &'static str {
    const FASTER: [&str; 4] = ["f1", "f2", "f3", "f4"];
    const SLOWER: [&str; 4] = ["s1", "s2", "s3", "s4"];
    let Some(against) = against.filter(|against| against.told == Told::Apart) else { return "" };
    let speed = against.factor.value;
    let depth = |ratio: f64| STEPS.iter().filter(|step| ratio >= **step).count();
    if speed >= 1.0 { FASTER[depth(speed)] } else { SLOWER[depth(1.0 / speed)] }
}
