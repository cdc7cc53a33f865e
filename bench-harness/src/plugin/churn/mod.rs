//! A plugin among those that plug and unplug: the same scripts, the slabs beside it, and what came of it checked.
//!
//! A built-in table works on three things when a segment comes or goes: its own policy, the slabs that page
//! descriptors come from, and the data structure. A plugin is the data structure alone, and is told which page
//! identities a segment has. So this participant carries out each operation as the slabs' step of it, the same
//! code that the control `extent` runs, followed by the plugin's call, and both are timed: the identities that the plugin
//! is handed come out of the step. What is timed is then the control's work and the plugin's.
//!
//! Calls of one function that follow one another are timed together, and which function it is is noted before: a call
//! that crashes or never returns has a name. A phase that goes from one function to another (`replug` once, `build`
//! twice) reads the clock once more for each.

mod answers;
mod call;

use std::cell::Cell;
use std::fmt;
use std::ops::Range;
use std::time::Instant;

use physseg::FrameRange;
use physseg::backend::Capabilities;
use physseg::slab::Slabs;

use self::call::{Call, Kind, Refusal};
use super::library::Library;
use super::table::Table;
use crate::layout::Operation;
use crate::measure::beacon::{self, Doing};
use crate::measure::churn::{Cause, Churn, Occupied, Size, Step, Stopped, Work};

/// Tables of a plugin that are changed, one at a time.
pub struct PluginChurn {
    library: &'static Library,
    /// Whether there is memory.
    room: fn(&Size) -> Result<(), String>,
    table: Option<Table>,
    slabs: Slabs,
    /// The segments that there are when boot ends, ascending.
    at_boot: Vec<FrameRange>,
    /// Whether something is unplugged before boot ends, of which the interface has no call: then what is left is
    /// loaded when boot ends.
    loads_late: bool,
    /// How often what came of a script was checked, so that other frames are asked each time.
    checks: Cell<u64>,
    /// What the table holds at the moment, by the model.
    holds: (u64, u64),
}

impl PluginChurn {
    /// Tables of `library`; `room` says whether there is memory for a scenario.
    pub fn new(library: &'static Library, room: fn(&Size) -> Result<(), String>) -> Self {
        Self {
            library,
            room,
            table: None,
            slabs: Slabs::default(),
            at_boot: Vec::new(),
            loads_late: false,
            checks: Cell::new(0),
            holds: (0, 0),
        }
    }

    /// Carries out a part of `operations`, to which `steps` are the slabs' part; how many nanoseconds that took.
    fn timed(
        &mut self,
        operations: &[Operation],
        steps: &[Step],
        part: Range<usize>,
    ) -> Result<u64, Stopped> {
        let stepless = operations.len() - steps.len();
        let mut elapsed_ns = 0;
        let mut first = part.start;
        let all = operations.get(part).unwrap_or_default();
        for alike in all.chunk_by(|&a, &b| Kind::of(a) == Kind::of(b)) {
            // Before boot ends nothing has a step.
            let steps = first.checked_sub(stepless).and_then(|from| steps.get(from..));
            let done = match (alike.first(), steps) {
                (Some(Operation::Boot), Some([step, ..])) => self.boot(*step, first),
                (Some(_), Some(steps)) => self.change(alike, steps, first),
                _ => self.load(alike, first),
            };
            elapsed_ns += done?;
            first += alike.len();
        }
        Ok(elapsed_ns)
    }

    /// Loads segments before boot ends.
    fn load(&mut self, operations: &[Operation], first: usize) -> Result<u64, Stopped> {
        let Some(table) = self.table.as_mut().filter(|_| !self.loads_late) else { return Ok(0) };
        beacon::doing(Doing::Physload);
        let start = Instant::now();
        let mut done = Ok(());
        for (index, operation) in operations.iter().enumerate() {
            if let &(Operation::Load(range) | Operation::Plug(range)) = operation
                && let Err(code) = table.physload(range)
            {
                done = Err(Refusal::Plugin(Call::Physload(range), code).at(first + index));
                break;
            }
        }
        let elapsed = start.elapsed();
        done.map(|()| nanoseconds(elapsed))
    }

    /// Ends boot: every segment gets its pages, of one slab.
    fn boot(&mut self, step: Step, operation: usize) -> Result<u64, Stopped> {
        let Some(table) = self.table.as_mut() else { return Ok(0) };
        if self.loads_late {
            beacon::doing(Doing::Physload);
            for &range in &self.at_boot {
                let loaded = table.physload(range);
                loaded
                    .map_err(|code| Refusal::Plugin(Call::Physload(range), code).at(operation))?;
            }
        }
        beacon::doing(Doing::PageInit);
        let start = Instant::now();
        let done = give_pages(table, &mut self.slabs, step, &self.at_boot);
        let mut elapsed = start.elapsed();
        done.map_err(|refusal| refusal.at(operation))?;
        beacon::doing(Doing::BootDone);
        let start = Instant::now();
        let done = table.boot_done();
        elapsed += start.elapsed();
        done.map_err(|code| Refusal::Plugin(Call::BootDone, code).at(operation))?;
        Ok(nanoseconds(elapsed))
    }

    /// Plugs or unplugs after boot.
    fn change(
        &mut self,
        operations: &[Operation],
        steps: &[Step],
        first: usize,
    ) -> Result<u64, Stopped> {
        let (Some(table), Some(operation)) = (self.table.as_mut(), operations.first()) else {
            return Ok(0);
        };
        beacon::doing(Kind::of(*operation).doing());
        let slabs = &mut self.slabs;
        let start = Instant::now();
        let mut done = Ok(());
        for (index, (&operation, &step)) in operations.iter().zip(steps).enumerate() {
            if let Err(refusal) = perform(table, slabs, operation, step) {
                done = Err(refusal.at(first + index));
                break;
            }
        }
        let elapsed = start.elapsed();
        done.map(|()| nanoseconds(elapsed))
    }
}

/// The step of a segment's slab, and the plugin's call.
#[inline]
fn perform(
    table: &mut Table,
    slabs: &mut Slabs,
    operation: Operation,
    step: Step,
) -> Result<(), Refusal> {
    let given = step.take(slabs).map_err(Refusal::Slabs)?;
    match (operation, given) {
        (Operation::Plug(range), Some((_, page))) => table
            .plug(range.start(), range.end(), page.raw())
            .map_err(|code| Refusal::Plugin(Call::Plug(range, page), code)),
        (Operation::Unplug(range), _) => table
            .unplug(range.start(), range.end())
            .map_err(|code| Refusal::Plugin(Call::Unplug(range), code)),
        _ => Ok(()), // loads and boot are elsewhere
    }
}

fn give_pages(
    table: &mut Table,
    slabs: &mut Slabs,
    step: Step,
    segments: &[FrameRange],
) -> Result<(), Refusal> {
    let Some((_, mut page)) = step.take(slabs).map_err(Refusal::Slabs)? else { return Ok(()) };
    for &range in segments {
        table
            .page_init(range.start(), range.end(), page.raw())
            .map_err(|code| Refusal::Plugin(Call::PageInit(range, page), code))?;
        page = page.offset(range.frames());
    }
    Ok(())
}

impl Churn for PluginChurn {
    /// What it cannot split it says when it is asked to.
    fn capabilities(&self) -> Option<Capabilities> {
        Some(Capabilities {
            plug_after_boot: self.library.plugs(),
            split: true,
            stable_handles: false,
            reuses_boot_records: false,
            linear_updates: self.library.linear_updates(),
        })
    }

    fn room(&self, size: &Size) -> Result<(), String> {
        (self.room)(size)
    }

    fn begin(&mut self, work: &Work) -> Result<(), Stopped> {
        self.end(); // two at a time would be twice the memory
        self.at_boot = work.at_boot().map_err(|_| Stopped {
            operation: 0,
            cause: Cause::Table(physseg::Error::InvalidHandle),
        })?;
        let mut at_boot = work.script.before.iter().chain(&work.script.timed);
        self.loads_late = at_boot
            .by_ref()
            .take_while(|&&operation| operation != Operation::Boot)
            .any(|operation| matches!(operation, Operation::Unplug(_)));
        let capacity = work.peak() as u64;
        beacon::doing(Doing::Create);
        let table = Table::create(self.library, work.page_size(), capacity);
        beacon::doing(Doing::Build);
        let refused = |code| Refusal::Plugin(Call::Create { capacity }, code).at(0);
        self.table = Some(table.map_err(refused)?);
        Ok(())
    }

    fn prepare(&mut self, work: &Work, part: Range<usize>) -> Result<u64, Stopped> {
        let took = self.timed(&work.script.before, work.steps_before(), part);
        self.holds = work.before();
        beacon::doing(Doing::Build);
        took
    }

    fn run(&mut self, work: &Work, part: Range<usize>) -> Result<u64, Stopped> {
        let took = self.timed(&work.script.timed, work.steps(), part);
        self.holds = (work.end.len() as u64, work.frames());
        took
    }

    fn verify(&self, work: &Work) -> Result<(), String> {
        let table = self.table.as_ref().ok_or("there is no table")?;
        self.checks.set(self.checks.get() + 1);
        answers::hold(table, work, self.checks.get())
    }

    /// Segments and frames are those that it is checked to have; one that holds nothing has none.
    fn occupied(&self) -> Option<Occupied> {
        let bytes = self.table.as_ref()?.bytes();
        let (segments, frames) = if self.library.is_null() { (0, 0) } else { self.holds };
        // Which of its bytes answer lookups nobody says.
        Some(Occupied { segments, frames, bytes_total: bytes, bytes_index: bytes })
    }

    fn end(&mut self) {
        self.table = None;
        self.slabs = Slabs::default();
        self.holds = (0, 0);
    }
}

fn nanoseconds(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

impl fmt::Debug for PluginChurn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PluginChurn").field("library", &self.library.path()).finish_non_exhaustive()
    }
}
