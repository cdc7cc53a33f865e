//! A layout in the record: what tells it from an edited one, and what it takes to make it again.

use physseg::FrameRange;
use serde_json::{Value, json};

use crate::layout::{Layout, Origin, StepKind};

/// Layouts with more steps than this are recorded by their digest alone.
const STEPS_MAX: usize = 4096;

/// Sixteen hexadecimal digits over everything that a measurement depends on: the steps, what remains
/// after them, page size, capacity, and which frames are asked for. Names and descriptions are not
/// in it.
pub(in crate::cmd) fn digest(layout: &Layout, segments: &[FrameRange]) -> String {
    let mut digest = Digest(0);
    let lookups = layout.lookups;
    digest.add(layout.page_size.bytes());
    digest.add(layout.physseg_max as u64);
    digest.add_range(lookups.range);
    digest.add_optional(lookups.fold_below.map(physseg::Pfn::get));
    digest.add(layout.steps.len() as u64);
    for step in &layout.steps {
        match step.kind {
            StepKind::Load { range, split } => {
                digest.add(1);
                digest.add_range(range);
                digest.add_optional(split);
            }
            StepKind::Boot => digest.add(2),
            StepKind::Plug { range } => {
                digest.add(3);
                digest.add_range(range);
            }
            StepKind::Unplug { range, every } => {
                digest.add(4);
                digest.add_range(range);
                digest.add_optional(every.map(|every| every.every));
                if let Some(every) = every {
                    digest.add(every.frames.0);
                    digest.add(every.frames.1);
                    digest.add(every.seed);
                }
            }
        }
    }
    digest.add(segments.len() as u64);
    for &segment in segments {
        digest.add_range(segment);
    }
    format!("{:016x}", digest.0)
}

/// The steps as the keys of a layout file, so that the layout can be written down again. `None` for
/// a layout that comes with the program, and for one too long to be worth it.
pub(super) fn recorded(layout: &Layout) -> Option<Value> {
    if layout.origin == Origin::Shipped || layout.steps.len() > STEPS_MAX {
        return None;
    }
    Some(layout.steps.iter().map(|step| step_to_json(step.kind)).collect())
}

fn step_to_json(step: StepKind) -> Value {
    let bounds =
        |range: FrameRange| json!({ "start": range.start().get(), "end": range.end().get() });
    match step {
        StepKind::Boot => json!({ "boot": true }),
        StepKind::Plug { range } => json!({ "plug": bounds(range) }),
        StepKind::Load { range, split } => {
            let mut load = bounds(range);
            if let Some(split) = split {
                load["split"] = json!(split);
            }
            json!({ "load": load })
        }
        StepKind::Unplug { range, every } => {
            let mut unplug = bounds(range);
            if let Some(every) = every {
                unplug["every"] = json!(every.every);
                unplug["frames"] = json!([every.frames.0, every.frames.1]);
                unplug["seed"] = json!(every.seed);
            }
            json!({ "unplug": unplug })
        }
    }
}

/// A hash of words, in which each bit of each word moves about half of the answer's: the finaliser
/// of `SplitMix64` (Steele, Lea, Flood 2014), chained.
struct Digest(u64);

impl Digest {
    fn add(&mut self, word: u64) {
        let mut z = (self.0 ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        self.0 = z ^ (z >> 31);
    }

    fn add_range(&mut self, range: FrameRange) {
        self.add(range.start().get());
        self.add(range.end().get());
    }

    /// Nothing and 0 differ.
    fn add_optional(&mut self, word: Option<u64>) {
        self.add(u64::from(word.is_some()));
        self.add(word.unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::{digest, recorded};
    use crate::layout::{self, Layout, Origin, StepKind};

    fn digest_of(layout: &Layout) -> String {
        digest(layout, &layout.final_segments().expect("a layout"))
    }

    #[test]
    fn whatever_is_edited_shows() {
        let layout = layout::open("frag-1mb").expect("shipped");
        let before = digest_of(&layout);
        assert_eq!(digest_of(&Layout { name: "other".to_owned(), ..layout.clone() }), before);
        let mut edited =
            vec![Layout { physseg_max: layout.physseg_max + 1, ..layout.clone() }, layout.clone()];
        edited[1].lookups.fold_below = Some(layout.lookups.range.start());
        for (index, step) in layout.steps.iter().enumerate() {
            if let StepKind::Unplug { range, every: Some(mut every) } = step.kind {
                every.seed += 1;
                let mut other = layout.clone();
                other.steps[index].kind = StepKind::Unplug { range, every: Some(every) };
                edited.push(other);
            }
        }
        assert_eq!(edited.len(), 3);
        for other in edited {
            assert_ne!(digest_of(&other), before);
        }
    }

    #[test]
    fn a_layout_of_ones_own_is_recorded_step_by_step() {
        let mut layout = layout::open("frag-1mb").expect("shipped");
        assert_eq!(recorded(&layout), None);
        layout.origin = Origin::Path("mine.toml".into());
        let steps = recorded(&layout).expect("short");
        assert_eq!(steps.as_array().map(Vec::len), Some(layout.steps.len()));
        assert!(steps.to_string().contains("\"every\":8"), "{steps}");
    }
}
