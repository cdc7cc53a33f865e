//! The interval arithmetic of layouts against the simplest model there is: a box for each frame,
//! holding the number of the segment it belongs to.

use bench_harness::layout::{
    Every, Layout, LookupRange, Operation, Origin, Problem, Step, StepKind,
};
use physseg::{FrameRange, PageSize, Pfn};
use proptest::prelude::*;

/// Frames of the model's machine; small, so that steps meet each other often.
const FRAMES: u64 = 40;

struct Model {
    owner: Vec<Option<u32>>,
    segments_made: u32,
    booted: bool,
}

fn indices(range: FrameRange) -> impl Iterator<Item = usize> {
    (range.start().get()..range.end().get()).map(|frame| usize::try_from(frame).unwrap())
}

impl Model {
    fn new() -> Self {
        Self {
            owner: vec![None; usize::try_from(FRAMES).unwrap()],
            segments_made: 0,
            booted: false,
        }
    }

    /// Carries out an operation, or says that it cannot be done.
    fn apply(&mut self, operation: Operation) -> Result<(), ()> {
        match operation {
            Operation::Load(_) if self.booted => Err(()),
            Operation::Load(range) | Operation::Plug(range) => {
                if indices(range).any(|frame| self.owner[frame].is_some()) {
                    return Err(());
                }
                let number = self.new_number();
                indices(range).for_each(|frame| self.owner[frame] = Some(number));
                Ok(())
            }
            Operation::Boot => {
                if self.booted || self.owner.iter().all(Option::is_none) {
                    return Err(());
                }
                self.booted = true;
                Ok(())
            }
            Operation::Unplug(range) => {
                let first = indices(range).next().unwrap();
                let Some(number) = self.owner[first] else {
                    return Err(());
                };
                if indices(range).any(|frame| self.owner[frame] != Some(number)) {
                    return Err(());
                }
                indices(range).for_each(|frame| self.owner[frame] = None);
                if self.owner.iter().all(Option::is_none) {
                    return Err(());
                }
                // What is left above becomes a segment of its own.
                let tail = self.new_number();
                for frame in indices(range).last().unwrap()..self.owner.len() {
                    if self.owner[frame] == Some(number) {
                        self.owner[frame] = Some(tail);
                    }
                }
                Ok(())
            }
        }
    }

    fn new_number(&mut self) -> u32 {
        self.segments_made += 1;
        self.segments_made
    }

    /// Runs of frames with the same owner.
    fn segments(&self) -> Vec<FrameRange> {
        let mut runs: Vec<(u32, u64, u64)> = Vec::new();
        for (frame, owner) in (0..).zip(&self.owner) {
            match (owner, runs.last_mut()) {
                (Some(number), Some(run)) if run.0 == *number && run.2 == frame => run.2 += 1,
                (Some(number), _) => runs.push((*number, frame, frame + 1)),
                (None, _) => {}
            }
        }
        let range = |(_, start, end)| FrameRange::new(Pfn::new(start), Pfn::new(end)).unwrap();
        runs.into_iter().map(range).collect()
    }
}

fn ranges() -> impl Strategy<Value = FrameRange> {
    (0..FRAMES, 1..=16_u64).prop_map(|(start, frames)| {
        let end = (start + frames).min(FRAMES);
        FrameRange::new(Pfn::new(start), Pfn::new(end)).unwrap()
    })
}

fn fragmentations() -> impl Strategy<Value = Every> {
    (2..=6_u64, any::<u64>()).prop_flat_map(|(every, seed)| {
        (1..every, 1..every).prop_map(move |(a, b)| Every {
            every,
            frames: (a.min(b), a.max(b)),
            seed,
        })
    })
}

fn kinds() -> impl Strategy<Value = StepKind> {
    let split = proptest::option::of(1..=5_u64);
    prop_oneof![
        4 => (ranges(), split).prop_map(|(range, split)| StepKind::Load { range, split }),
        3 => ranges().prop_map(|range| StepKind::Plug { range }),
        6 => (ranges(), proptest::option::weighted(0.3, fragmentations()))
            .prop_map(|(range, every)| StepKind::Unplug { range, every }),
        1 => Just(StepKind::Boot),
    ]
}

fn layout(steps: Vec<StepKind>) -> Layout {
    Layout {
        name: "model".to_owned(),
        description: String::new(),
        source: String::new(),
        page_size: PageSize::FOUR_KIB,
        physseg_max: 32,
        steps: steps.into_iter().map(Step::from).collect(),
        lookups: LookupRange {
            range: FrameRange::new(Pfn::ZERO, Pfn::new(FRAMES)).unwrap(),
            fold_below: None,
        },
        origin: Origin::Live,
    }
}

/// Steps that the model can do, with a few drawn ones that it could not left out.
fn possible(drawn: Vec<StepKind>) -> Vec<StepKind> {
    let mut kept = Vec::new();
    for kind in drawn {
        kept.push(kind);
        if run(&layout(kept.clone())).is_err() {
            kept.pop();
        }
    }
    kept
}

/// The model after all steps, or the step (from 0) that it cannot do.
fn run(layout: &Layout) -> Result<Model, usize> {
    let mut model = Model::new();
    for (step, operation) in layout.operations() {
        model.apply(operation).map_err(|()| step)?;
    }
    Ok(model)
}

fn agree(layout: &Layout) -> Result<(), TestCaseError> {
    match (run(layout), layout.final_segments()) {
        (Ok(model), Ok(segments)) => {
            prop_assert!(model.booted);
            prop_assert_eq!(model.segments(), segments);
        }
        (Ok(model), Err(error)) => {
            prop_assert_eq!(error.step, None, "all steps can be done: {}", error);
            match *error.problem {
                Problem::NoBoot => prop_assert!(!model.booted),
                Problem::NoSegments => prop_assert_eq!(model.segments(), []),
                other => prop_assert!(false, "{}", other),
            }
        }
        (Err(step), Err(error)) => prop_assert_eq!(error.step, Some(step + 1), "{}", error),
        (Err(step), Ok(segments)) => {
            prop_assert!(false, "step {} cannot be done: {:?}", step + 1, segments);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// Mostly impossible histories: refused, and at the right step.
    #[test]
    fn any_history_is_judged_as_the_model_does(
        steps in proptest::collection::vec(kinds(), 0..12),
    ) {
        agree(&layout(steps))?;
    }

    /// Possible ones: the same segments.
    #[test]
    fn possible_histories_end_in_the_same_segments(
        before in proptest::collection::vec(kinds(), 1..10),
        after in proptest::collection::vec(kinds(), 1..20),
    ) {
        let mut steps = possible(before);
        if !steps.contains(&StepKind::Boot) {
            steps.push(StepKind::Boot);
        }
        steps.extend(after);
        agree(&layout(possible(steps)))?;
    }
}
