//! Building a segment table from a layout: step by step, or from what remains in the end.

use std::time::{Duration, Instant};

use physseg::backend::Backend;
use physseg::{Error, FrameRange, FreeList, SegmentTable};

use super::{Layout, Operation, StepKind};
use crate::machine;

/// More moves of records than this are not made to replay a history, unless that is asked for: about
/// a second's worth.
const MOVES_MAX: u64 = 1 << 28;

/// How a table is to be built.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Build {
    /// Replay where the backend can, has room on the way, and would not move everything that it holds
    /// for each of very many operations; else load the final state.
    #[default]
    Auto,
    /// Carry out the steps one by one, so that a tree gets the shape that its history gives it.
    Replay,
    /// Load the segments that remain in the end, all at boot.
    Final,
}

/// How a table was built.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BuiltBy {
    /// Step by step.
    Replay,
    /// From the final state.
    Final,
}

impl BuiltBy {
    /// As the `build` column says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Replay => "replay",
            Self::Final => "final",
        }
    }
}

/// Why a table could not be built.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// The backend cannot do this layout; others can.
    #[error("{0}")]
    Unsupported(String),
    /// A step failed that the layout's own check had allowed: a defect, or memory is exhausted.
    #[error("step {step}: {error}", step = step + 1)]
    Failed {
        /// Which step, from 0.
        step: usize,
        /// What the table said.
        error: Error,
    },
    /// A plugin refused a call that it must not refuse.
    #[error("{0}")]
    Plugin(String),
}

/// A built table and what building it took.
#[derive(Debug)]
pub struct Built<B> {
    /// The table, booted.
    pub table: SegmentTable<B>,
    /// How.
    pub by: BuiltBy,
    /// How long, from the empty table on.
    pub took: Duration,
}

/// What remains of a layout, with the layout: so that it is computed once for all backends.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    /// The layout.
    pub layout: &'a Layout,
    /// Its [`final_segments`](Layout::final_segments).
    pub segments: &'a [FrameRange],
}

impl Plan<'_> {
    /// Builds a table. `backend` makes an empty backend with room for as many segments at boot as it
    /// is told, where that is a property of the backend.
    ///
    /// # Errors
    /// [`BuildError`].
    pub fn build<B: Backend>(
        &self,
        build: Build,
        backend: impl Fn(usize) -> B,
    ) -> Result<Built<B>, BuildError> {
        let boot_pool = self.layout.physseg_max;
        match build {
            Build::Replay => self.replay(backend(boot_pool)),
            Build::Final => self.load(backend(boot_pool.max(self.segments.len()))),
            Build::Auto if B::CAPABILITIES.linear_updates && self.has_long_history() => {
                self.load(backend(boot_pool.max(self.segments.len())))
            }
            Build::Auto => match self.replay(backend(boot_pool)) {
                Err(BuildError::Failed {
                    error: Error::NoPlugAfterBoot | Error::NoSplit | Error::NoRoom { .. },
                    ..
                }) => self.load(backend(boot_pool.max(self.segments.len()))),
                outcome => outcome,
            },
        }
        .map_err(|error| self.explain(error))
    }

    /// Whether a backend that moves all its records for each operation would take long to replay the
    /// steps.
    pub fn has_long_history(&self) -> bool {
        self.replay_moves() > MOVES_MAX
    }

    /// How many records a backend moves on the way, if each operation moves all that are there in
    /// the end.
    fn replay_moves(&self) -> u64 {
        let pieces = |range: FrameRange, size: u64| range.frames().div_ceil(size.max(1));
        let operations = self.layout.steps.iter().map(|step| match step.kind {
            StepKind::Load { .. } | StepKind::Boot => 0, // records move once boot has ended
            StepKind::Plug { .. } | StepKind::Unplug { every: None, .. } => 1,
            StepKind::Unplug { range, every: Some(every) } => pieces(range, every.every),
        });
        let operations = operations.fold(0_u64, u64::saturating_add);
        operations.saturating_mul(self.segments.len() as u64)
    }

    fn replay<B: Backend>(&self, backend: B) -> Result<Built<B>, BuildError> {
        let start = Instant::now();
        let mut table = self.empty(backend)?;
        for (step, operation) in self.layout.operations() {
            perform(&mut table, operation).map_err(|error| BuildError::Failed { step, error })?;
        }
        Ok(Built { table, by: BuiltBy::Replay, took: start.elapsed() })
    }

    fn load<B: Backend>(&self, backend: B) -> Result<Built<B>, BuildError> {
        let start = Instant::now();
        let mut table = self.empty(backend)?;
        let boot = [Operation::Boot];
        let loads = self.segments.iter().map(|&range| Operation::Load(range));
        for operation in loads.chain(boot) {
            perform(&mut table, operation)
                .map_err(|error| BuildError::Failed { step: 0, error })?;
        }
        Ok(Built { table, by: BuiltBy::Final, took: start.elapsed() })
    }

    fn empty<B: Backend>(&self, backend: B) -> Result<SegmentTable<B>, BuildError> {
        let mut table = SegmentTable::init(backend);
        table
            .set_page_size(self.layout.page_size)
            .map_err(|error| BuildError::Failed { step: 0, error })?;
        Ok(table)
    }

    fn segments_in_words(&self) -> String {
        match self.segments.len() {
            1 => "1 segment".to_owned(),
            several => format!("{several} segments"),
        }
    }

    /// Tells what a backend cannot do from what went wrong.
    fn explain(&self, error: BuildError) -> BuildError {
        match error {
            BuildError::Failed { error: Error::NoRoom { capacity }, .. } => {
                let wanted = self.segments.len();
                BuildError::Unsupported(if capacity < wanted {
                    format!("capacity {capacity} < {wanted} segments")
                } else {
                    format!("capacity {capacity} is used up on the way to {wanted} segments")
                })
            }
            BuildError::Failed {
                error: error @ (Error::NoPlugAfterBoot | Error::NoSplit),
                step,
            } => BuildError::Unsupported(format!("step {}: {error}", step + 1)),
            BuildError::Failed { error: error @ Error::SpanTooWide { .. }, .. } => {
                BuildError::Unsupported(error.to_string())
            }
            BuildError::Failed { error: error @ Error::NoMemory { .. }, .. } => {
                BuildError::Unsupported(format!(
                    "{error} on the way to {}{}",
                    self.segments_in_words(),
                    machine::beside_available()
                ))
            }
            other => other,
        }
    }
}

fn perform<B: Backend>(table: &mut SegmentTable<B>, operation: Operation) -> Result<(), Error> {
    match operation {
        Operation::Load(range) => table
            .physload(range.start(), range.end(), range.start(), range.end(), FreeList::Default)
            .map(drop),
        Operation::Boot => table.page_init(),
        Operation::Plug(range) => table.plug(range.start(), range.frames()).map(drop),
        Operation::Unplug(range) => table.unplug(range.start(), range.frames()),
    }
}

#[cfg(test)]
mod tests {
    use physseg::backend::{Array, Bsearch};
    use physseg::{PageSize, Pfn};

    use super::*;
    use crate::layout::{LookupRange, Origin};

    fn frames(start: u64, end: u64) -> FrameRange {
        FrameRange::new(Pfn::new(start), Pfn::new(end)).expect("not empty")
    }

    /// Four segments, two of which go again before boot ends.
    fn four_then_two() -> Layout {
        let load = StepKind::Load { range: frames(0, 32), split: Some(8) };
        let unplug = |start| StepKind::Unplug { range: frames(start, start + 8), every: None };
        Layout {
            name: "four-then-two".to_owned(),
            description: String::new(),
            source: String::new(),
            page_size: PageSize::FOUR_KIB,
            physseg_max: 4,
            steps: [load, unplug(0), unplug(16), StepKind::Boot].map(Into::into).to_vec(),
            lookups: LookupRange { range: frames(0, 32), fold_below: None },
            origin: Origin::Shipped,
        }
    }

    fn build(build: Build, capacity: usize) -> Result<Built<Array<Bsearch>>, BuildError> {
        let layout = four_then_two();
        let segments = layout.final_segments().expect("a valid layout");
        assert_eq!(segments, [frames(8, 16), frames(24, 32)]);
        Plan { layout: &layout, segments: &segments }
            .build(build, |_| Array::<Bsearch>::new(Some(capacity)))
    }

    #[test]
    fn auto_loads_what_remains_where_the_way_there_needs_more_room() {
        assert_eq!(build(Build::Auto, 4).expect("room").by, BuiltBy::Replay);
        let built = build(Build::Auto, 2).expect("room for what remains");
        assert_eq!((built.by, built.table.len()), (BuiltBy::Final, 2));
    }

    #[test]
    fn a_table_too_small_for_what_remains_is_unsupported() {
        for (how, capacity, words) in [
            (Build::Auto, 1, "capacity 1 < 2 segments"),
            (Build::Final, 1, "capacity 1 < 2 segments"),
            (Build::Replay, 2, "capacity 2 is used up on the way to 2 segments"),
        ] {
            match build(how, capacity) {
                Err(BuildError::Unsupported(reason)) => assert_eq!(reason, words),
                other => panic!("{how:?}: {other:?}"),
            }
        }
    }
}
