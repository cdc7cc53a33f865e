//! Whether a layout can be carried out, whoever made it: a file, the machine or a program.

use physseg::{FrameRange, PageSize};

use super::SEGMENTS_MAX;
use super::error::{LayoutError, Problem};
use super::model::{Every, Layout, LookupRange, StepKind};
use super::segments::Segments;

/// The longest name, in characters: names become file names and table cells.
const NAME_CHARS_MAX: usize = 100;

impl Layout {
    /// Whether every step can be done and every value makes sense.
    ///
    /// # Errors
    ///
    /// The first thing found wrong, with its place.
    pub fn check(&self) -> Result<(), LayoutError> {
        check_name(&self.name)
            .and_then(|()| check_text("description", &self.description))
            .and_then(|()| check_text("source", &self.source))
            .and_then(|()| check_physseg_max(self.physseg_max as u64))
            .and_then(|()| check_lookups(self.lookups, self.page_size))
            .map_err(|problem| LayoutError::new(self.place(), problem))?;
        self.final_segments().map(drop)
    }

    /// The segments that are present after all steps, sorted. Segments that touch stay apart, as
    /// in a segment table.
    ///
    /// Found by interval arithmetic that has no part of `physseg` in it, which makes it the oracle
    /// for the tables built from the layout. Takes 16 bytes a segment for the answer, as much again
    /// while at work, and about a second for the 33.5 million segments of a fragmented TiB.
    ///
    /// # Errors
    ///
    /// The first step that cannot be done, and why.
    pub fn final_segments(&self) -> Result<Vec<FrameRange>, LayoutError> {
        let mut segments = Segments::default();
        for (index, step) in self.steps.iter().enumerate() {
            let number = index + 1;
            check_step(step.kind, self.page_size)
                .and_then(|()| segments.apply(number, step.kind))
                .map_err(|problem| {
                    LayoutError::new(self.place(), problem).at(step.line, Some(number))
                })?;
        }
        segments.finish().map_err(|problem| LayoutError::new(self.place(), problem))
    }
}

/// Names stand in CSV cells, file names and terminals.
pub(super) fn check_name(name: &str) -> Result<(), Problem> {
    let blank = name.trim().is_empty();
    if blank || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        return Err(Problem::BadName(name.to_owned()));
    }
    Ok(())
}

/// Texts are shown in terminals, which obey control characters.
pub(super) fn check_text(what: &'static str, text: &str) -> Result<(), Problem> {
    let plain = |c: char| !c.is_control() || c.is_ascii_whitespace();
    if text.chars().all(plain) { Ok(()) } else { Err(Problem::ControlCharacters(what)) }
}

pub(super) fn check_physseg_max(segments: u64) -> Result<(), Problem> {
    if (1..=SEGMENTS_MAX).contains(&segments) {
        Ok(())
    } else {
        Err(Problem::BadPhyssegMax(segments))
    }
}

pub(super) fn check_lookups(lookups: LookupRange, page_size: PageSize) -> Result<(), Problem> {
    check_addressable(lookups.range, page_size)?;
    match lookups.fold_below {
        Some(fold_below) if fold_below > page_size.frame_limit() => {
            Err(Problem::FoldBeyondAddressSpace { fold_below, page_size })
        }
        _ => Ok(()),
    }
}

/// Whether the step's own numbers are possible.
fn check_step(step: StepKind, page_size: PageSize) -> Result<(), Problem> {
    match step {
        StepKind::Boot => Ok(()),
        StepKind::Load { split: Some(0), .. } => Err(Problem::ZeroSplit),
        StepKind::Load { range, .. } | StepKind::Plug { range } => {
            check_addressable(range, page_size)
        }
        StepKind::Unplug { range, every } => {
            every.map_or(Ok(()), check_every)?;
            check_addressable(range, page_size)
        }
    }
}

fn check_every(every: Every) -> Result<(), Problem> {
    if every.every < 2 {
        return Err(Problem::BadEvery(every.every));
    }
    let (smallest, largest) = every.frames;
    if smallest < 1 || smallest > largest || largest >= every.every {
        return Err(Problem::BadFrames { smallest, largest, every: every.every });
    }
    Ok(())
}

fn check_addressable(range: FrameRange, page_size: PageSize) -> Result<(), Problem> {
    if range.end() > page_size.frame_limit() {
        return Err(Problem::BeyondAddressSpace { range, page_size });
    }
    Ok(())
}
