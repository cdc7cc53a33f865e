//! Building a plugin's table from a layout: step by step, or from what remains in the end.
//!
//! Which range may be plugged, how a segment is cut, which page descriptor a frame has: that is the
//! table's policy, in `physseg::SegmentTable`, and a plugin has no part in it. So a table of our own, the
//! *shadow*, goes through the same history, and the plugin is told of each operation what its interface
//! has a call for, with the page identities that the shadow gave out. They are the same that every other
//! backend has, and the answers can be held against the same oracle.
//!
//! What is unplugged before boot ends the interface has no call for: the plugin then loads what is left
//! when boot ends. Time is that of the plugin's calls; the shadow works between them.

use std::fmt;
use std::time::{Duration, Instant};

use physseg::backend::BTree;
use physseg::{FrameRange, FreeList, PageId, SegmentTable};

use super::library::Library;
use super::table::{Code, Table};
use crate::layout::build::{Build, BuildError, BuiltBy, Plan};
use crate::layout::{Operation, StepKind};
use crate::measure::beacon::{self, Doing};
use crate::measure::{NoRuns, Run, room_for};

/// So many calls are made between two readings of the clock, which takes longer than a call.
const CALLS_AT_ONCE: usize = 4096;

type Shadow = SegmentTable<BTree>;

/// A built table of a plugin.
#[derive(Debug)]
pub(super) struct BuiltPlugin {
    pub(super) table: Table,
    pub(super) by: BuiltBy,
    /// Time of the plugin's calls, `create` included.
    pub(super) took: Duration,
    /// What it holds, and the page identities that it was told.
    pub(super) pages: Vec<Run>,
    /// Frames in all of them.
    pub(super) frames: u64,
}

/// Builds a table of `library` as `build` says.
///
/// # Errors
/// [`BuildError::Unsupported`] where the plugin has no room, or says that it cannot do something;
/// [`BuildError::Plugin`] where it returns another error.
pub(super) fn build(
    library: &'static Library,
    plan: &Plan<'_>,
    build: Build,
) -> Result<BuiltPlugin, BuildError> {
    let outcome = match build {
        Build::Replay => replay(library, plan),
        Build::Final => load(library, plan),
        Build::Auto if library.linear_updates() && plan.has_long_history() => load(library, plan),
        Build::Auto => match replay(library, plan) {
            Err(Failed::Refused(Refused { code: Code::NoMemory | Code::Unsupported, .. })) => {
                load(library, plan)
            }
            outcome => outcome,
        },
    };
    outcome.map_err(|failed| failed.explained(plan))
}

/// A call of the interface, as it is made and as it is shown.
#[derive(Clone, Copy, Debug)]
enum Call {
    Physload(FrameRange),
    PageInit(FrameRange, PageId),
    BootDone,
    Plug(FrameRange, PageId),
    Unplug(FrameRange),
}

/// A call that returned an error; `None` for `create`.
#[derive(Debug)]
struct Refused {
    call: Option<Call>,
    code: Code,
}

/// Why there is no table.
enum Failed {
    /// The plugin refused a call.
    Refused(Refused),
    /// The shadow could not be built.
    Shadow(BuildError),
}

impl Call {
    fn doing(self) -> Doing {
        match self {
            Self::Physload(_) => Doing::Physload,
            Self::PageInit(..) => Doing::PageInit,
            Self::BootDone => Doing::BootDone,
            Self::Plug(..) => Doing::Plug,
            Self::Unplug(_) => Doing::Unplug,
        }
    }

    fn make(self, table: &mut Table) -> Result<(), Code> {
        match self {
            Self::Physload(range) => table.physload(range),
            Self::PageInit(range, page) => table.page_init(range.start(), range.end(), page.raw()),
            Self::BootDone => table.boot_done(),
            Self::Plug(range, page) => table.plug(range.start(), range.end(), page.raw()),
            Self::Unplug(range) => table.unplug(range.start(), range.end()),
        }
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let range = |range: FrameRange| format!("{}, {}", range.start(), range.end());
        match *self {
            Self::Physload(frames) => write!(f, "physload({})", range(frames)),
            Self::PageInit(frames, page) => {
                write!(f, "page_init({}, {:#x})", range(frames), page.raw())
            }
            Self::BootDone => f.write_str("boot_done()"),
            Self::Plug(frames, page) => write!(f, "plug({}, {:#x})", range(frames), page.raw()),
            Self::Unplug(frames) => write!(f, "unplug({})", range(frames)),
        }
    }
}

/// A table, the calls that are still to be made on it, and the time of those that were.
struct Builder {
    table: Table,
    took: Duration,
    calls: Vec<Call>,
}

impl Builder {
    fn new(library: &'static Library, plan: &Plan<'_>, capacity: u64) -> Result<Self, Failed> {
        beacon::doing(Doing::Create);
        let start = Instant::now();
        let table = Table::create(library, plan.layout.page_size, capacity);
        let took = start.elapsed();
        beacon::doing(Doing::Build); // the shadow is next
        match table {
            Ok(table) => Ok(Self { table, took, calls: Vec::with_capacity(CALLS_AT_ONCE) }),
            Err(code) => Err(Failed::Refused(Refused { call: None, code })),
        }
    }

    fn call(&mut self, call: Call) -> Result<(), Failed> {
        self.calls.push(call);
        if self.calls.len() < CALLS_AT_ONCE { Ok(()) } else { self.make_calls() }
    }

    fn make_calls(&mut self) -> Result<(), Failed> {
        let mut refused = None;
        // Calls of one function that follow one another are noted together, which the clock does not see.
        for alike in self.calls.chunk_by(|a, b| a.doing() == b.doing()) {
            if let Some(call) = alike.first() {
                beacon::doing(call.doing());
            }
            let start = Instant::now();
            for &call in alike {
                if let Err(code) = call.make(&mut self.table) {
                    refused = Some(Refused { call: Some(call), code });
                    break;
                }
            }
            self.took += start.elapsed();
            if refused.is_some() {
                break;
            }
        }
        self.calls.clear();
        beacon::doing(Doing::Build);
        refused.map_or(Ok(()), |refused| Err(Failed::Refused(refused)))
    }

    /// Loads `segments` and says what the shadow, which has just booted, has for their pages.
    fn boot(
        &mut self,
        segments: impl Iterator<Item = FrameRange>,
        shadow: &Shadow,
    ) -> Result<(), Failed> {
        for range in segments {
            self.call(Call::Physload(range))?;
        }
        for (_, segment) in shadow.segments() {
            if let Some(page) = segment.pages() {
                self.call(Call::PageInit(segment.range(), page))?;
            }
        }
        self.call(Call::BootDone)
    }

    fn finish(mut self, shadow: &Shadow, by: BuiltBy) -> Result<BuiltPlugin, Failed> {
        self.make_calls()?;
        let refused = |why: NoRuns| Failed::Shadow(BuildError::Unsupported(why.to_string()));
        let mut pages = room_for(shadow.len()).map_err(refused)?;
        for (_, segment) in shadow.segments() {
            if let Some(page) = segment.pages() {
                pages.push(Run { frames: segment.range(), first_answer: page.raw() });
            }
        }
        let (table, took) = (self.table, self.took);
        Ok(BuiltPlugin { table, by, took, pages, frames: shadow.pages() })
    }
}

fn replay(library: &'static Library, plan: &Plan<'_>) -> Result<BuiltPlugin, Failed> {
    let mut builder = Builder::new(library, plan, segments_at_most(plan))?;
    let mut shadow = shadow(plan)?;
    // In the order of loading, which a tree may keep the shape of; unless some go again.
    let mut loaded: Vec<FrameRange> = Vec::new();
    let mut some_went = false;
    for (step, operation) in plan.layout.operations() {
        let booted = shadow.booted();
        perform(&mut shadow, step, operation)?;
        match operation {
            Operation::Boot if some_went => {
                let segments = shadow.segments().map(|(_, segment)| segment.range());
                builder.boot(segments, &shadow)?;
            }
            Operation::Boot => builder.boot(loaded.drain(..), &shadow)?,
            Operation::Load(range) => loaded.push(range),
            Operation::Plug(range) if !booted => loaded.push(range),
            Operation::Unplug(_) if !booted => some_went = true,
            Operation::Plug(range) => {
                if let Some(page) = shadow.find_page(range.start()) {
                    builder.call(Call::Plug(range, page))?;
                }
            }
            Operation::Unplug(range) => builder.call(Call::Unplug(range))?,
        }
    }
    builder.finish(&shadow, BuiltBy::Replay)
}

fn load(library: &'static Library, plan: &Plan<'_>) -> Result<BuiltPlugin, Failed> {
    let mut builder = Builder::new(library, plan, plan.segments.len() as u64)?;
    let mut shadow = shadow(plan)?;
    let loads = plan.segments.iter().map(|&range| Operation::Load(range));
    for operation in loads.chain([Operation::Boot]) {
        perform(&mut shadow, 0, operation)?;
    }
    builder.boot(plan.segments.iter().copied(), &shadow)?;
    builder.finish(&shadow, BuiltBy::Final)
}

/// How many segments there are at most on the way, if each operation adds one.
fn segments_at_most(plan: &Plan<'_>) -> u64 {
    let pieces = |range: FrameRange, size: u64| range.frames().div_ceil(size.max(1));
    let added = plan.layout.steps.iter().map(|step| match step.kind {
        StepKind::Boot => 0,
        StepKind::Load { range, split: Some(size) } => pieces(range, size),
        StepKind::Unplug { range, every: Some(every) } => pieces(range, every.every),
        _ => 1,
    });
    added.fold(0, u64::saturating_add)
}

fn shadow(plan: &Plan<'_>) -> Result<Shadow, Failed> {
    let mut shadow = SegmentTable::init(BTree::with_boot_capacity(plan.segments.len()));
    let set = shadow.set_page_size(plan.layout.page_size);
    set.map_err(|error| Failed::Shadow(BuildError::Failed { step: 0, error }))?;
    Ok(shadow)
}

fn perform(shadow: &mut Shadow, step: usize, operation: Operation) -> Result<(), Failed> {
    let (start, end) = match operation {
        Operation::Boot => (physseg::Pfn::ZERO, physseg::Pfn::ZERO),
        Operation::Load(range) | Operation::Plug(range) | Operation::Unplug(range) => {
            (range.start(), range.end())
        }
    };
    match operation {
        Operation::Boot => shadow.page_init(),
        Operation::Load(_) => shadow.physload(start, end, start, end, FreeList::Default).map(drop),
        Operation::Plug(range) => shadow.plug(start, range.frames()).map(drop),
        Operation::Unplug(range) => shadow.unplug(start, range.frames()),
    }
    .map_err(|error| Failed::Shadow(BuildError::Failed { step, error }))
}

impl Failed {
    fn explained(self, plan: &Plan<'_>) -> BuildError {
        let Refused { call, code } = match self {
            Self::Shadow(error) => return error,
            Self::Refused(refused) => refused,
        };
        let call = call.map_or_else(|| "create".to_owned(), |call| call.to_string());
        let of = match plan.segments.len() {
            1 => "1 segment".to_owned(),
            several => format!("{several} segments"),
        };
        match code {
            Code::NoMemory => BuildError::Unsupported(format!(
                "{call} returned {code}, no memory or no room on the way to {of}"
            )),
            Code::Unsupported => BuildError::Unsupported(format!(
                "{call} is not supported by the plugin ({code}), which {of} need on the way; \
                 @final loads them at boot"
            )),
            Code::Invalid | Code::Other(_) => BuildError::Plugin(format!(
                "{call} returned {code}, though the call is right; \
                 `bench-harness plugin check` says more"
            )),
            Code::OtherThread => BuildError::Plugin(format!("{call} was not called: {code}")),
        }
    }
}
