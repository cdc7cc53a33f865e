//! Random operations, most of which make sense and some of which do not, on a table and on the list of frames;
//! everything is looked up after each. The same seed gives the same operations on every machine.

use super::probe::{Done, Probe};
use super::{Failed, Stage};
use crate::plugin::Code;
use crate::workload::{Generator, Xoshiro};

/// Operations of a case, those of boot not counted.
const OPERATIONS: u32 = 1500;

/// What is drawn.
#[derive(Clone, Copy)]
struct Ground {
    base: u64,
    frames: u64,
    /// Segments that are loaded at boot, if they fit.
    at_boot: u64,
    /// A segment that is added has at most so many frames.
    longest: u64,
    /// The table is told of so many segments.
    capacity: u64,
    /// Apart from others with the same seed.
    number: u64,
}

pub(super) fn few(stage: &mut Stage<'_>) -> Result<(), Failed> {
    let ground = Ground { base: 0, frames: 192, at_boot: 3, longest: 64, capacity: 192, number: 1 };
    play(stage, ground)
}

pub(super) fn many(stage: &mut Stage<'_>) -> Result<(), Failed> {
    let ground =
        Ground { base: 4096, frames: 256, at_boot: 40, longest: 6, capacity: 256, number: 2 };
    play(stage, ground)
}

pub(super) fn full(stage: &mut Stage<'_>) -> Result<(), Failed> {
    let ground = Ground { base: 64, frames: 96, at_boot: 60, longest: 2, capacity: 0, number: 3 };
    play(stage, ground)
}

pub(super) fn high(stage: &mut Stage<'_>) -> Result<(), Failed> {
    let base = (1 << 52) - 160;
    let ground = Ground { base, frames: 160, at_boot: 8, longest: 24, capacity: 160, number: 4 };
    play(stage, ground)
}

fn play(stage: &mut Stage<'_>, ground: Ground) -> Result<(), Failed> {
    let seed = stage.seed.wrapping_mul(4).wrapping_add(ground.number);
    let mut probe = stage.probe(ground.base, ground.frames, ground.capacity)?;
    let mut draws = Draws { generator: Xoshiro::seeded(seed), ground };
    boot(&mut probe, &mut draws)?;
    let mut carried_out = 0;
    for _ in 0..OPERATIONS {
        if operation(&mut probe, &mut draws)? == Done::Yes {
            carried_out += 1;
        }
    }
    if carried_out == 0 {
        let why = "the plugin carries out neither plug nor unplug".to_owned();
        return Err(Failed::Skipped(why));
    }
    Ok(())
}

fn boot(probe: &mut Probe<'_>, draws: &mut Draws) -> Result<(), Failed> {
    for _ in 0..draws.ground.at_boot {
        let (start, end) = draws.range(draws.ground.longest);
        // Where it overlaps, it is to be refused.
        if probe.physload(start, end)? == Done::Unable(Code::NoMemory) {
            break;
        }
    }
    let mut starts: Vec<u64> = probe.model.starts().collect();
    while !starts.is_empty() {
        let start = starts.swap_remove(draws.index(starts.len()));
        let end = probe.model.end_of(start);
        let done = probe.page_init(start, end, draws.page())?;
        probe.must(format!("page_init({start:#x}, {end:#x}, ...)"), done)?;
    }
    probe.boot_done()
}

fn operation(probe: &mut Probe<'_>, draws: &mut Draws) -> Result<Done, Failed> {
    let (start, end) = match draws.below(10) {
        // Anything, sense or not.
        0 => draws.range(draws.ground.frames),
        1 => {
            let (start, end) = draws.range(8);
            (end, start)
        }
        2..=5 => {
            let (start, end) = draws.range(draws.ground.longest);
            return probe.plug(start, end, draws.page());
        }
        _ => draws.part(probe),
    };
    if draws.below(8) == 0 {
        return probe.plug(start, end, draws.page());
    }
    let last = probe.model.segments() == 1 && probe.model.is_segment(start, end);
    if last {
        return Ok(Done::Refused); // at least one always remains, so it is not asked
    }
    probe.unplug(start, end)
}

struct Draws {
    generator: Xoshiro,
    ground: Ground,
}

impl Draws {
    fn below(&mut self, end: u64) -> u64 {
        self.generator.below(end.max(1))
    }

    fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }

    /// A range on the ground of 1 to `longest` frames.
    fn range(&mut self, longest: u64) -> (u64, u64) {
        let Ground { base, frames, .. } = self.ground;
        let length = 1 + self.below(longest.min(frames));
        let start = base + self.below(frames - length + 1);
        (start, start + length)
    }

    /// A part of a segment: all of it, its front, its back, its middle; or one frame too many.
    fn part(&mut self, probe: &Probe<'_>) -> (u64, u64) {
        let starts: Vec<u64> = probe.model.starts().collect();
        let Some(&start) = starts.get(self.index(starts.len())) else { return self.range(1) };
        let end = probe.model.end_of(start);
        let (from, to) = (start + self.below(end - start), end - self.below(end - start));
        match self.below(8) {
            0 => (start, end),
            1 | 2 => (start, to),
            3 | 4 => (from, end),
            5 => (from, end + 1),
            _ if from < to => (from, to),
            _ => (to, from + 1),
        }
    }

    /// A page identity: of few, so that those of unplugged ranges come again, or of very many.
    fn page(&mut self) -> u64 {
        match self.below(4) {
            0 => 1 + 256 * self.below(4),
            1 => self.below(1 << 40),
            _ => self.below((1 << 63) - (1 << 16)),
        }
    }
}
