//! Line after line, or record after record: what of it are addresses.
//!
//! Without `--from` the first lines decide what a text is, and the rest is read as that: what looks like an
//! event of the page allocator comes before what looks like a pagemap, and that before plain numbers, so
//! that a number that stands by itself above a trace misleads nobody.

use std::ops::ControlFlow;

use physseg::PageSize;

use super::events::{self, Page};
use super::found::Found;
use super::pagemap::{self, Columns, Record};
use super::text;
use crate::recording::{Encoder, Problem, RecordingError, Source};

/// Lines that decide, and how many bytes of them are kept meanwhile.
const LINES_FIRST: usize = 1_000;
const BYTES_FIRST: usize = 256 << 10;

/// How addresses are to be read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::recording) struct Rules {
    /// What to look for; `None` finds out.
    pub(in crate::recording) from: Option<Source>,
    pub(in crate::recording) page_size: PageSize,
    /// Whether plain numbers are byte addresses.
    pub(in crate::recording) in_bytes: bool,
    /// How many addresses are kept at most.
    pub(in crate::recording) at_most: u64,
}

/// Addresses so far.
#[derive(Debug)]
pub(in crate::recording) struct Scan<'a> {
    file: &'a str,
    rules: Rules,
    /// What it is, once that is decided.
    pub(in crate::recording) source: Option<Source>,
    first: Vec<String>,
    first_bytes: usize,
    /// Lines up to and without the first of those.
    before: u64,
    columns: Option<Columns>,
    /// What lines looked like that were not taken.
    pub(super) seen: [bool; Source::ALL.len()],
    pub(in crate::recording) found: Found,
    pub(in crate::recording) encoder: Encoder,
}

type Step = Result<ControlFlow<()>, RecordingError>;

impl<'a> Scan<'a> {
    /// Of a text that messages call `file`.
    pub(in crate::recording) fn new(file: &'a str, rules: Rules) -> Self {
        Self {
            file,
            rules,
            source: rules.from,
            first: Vec::new(),
            first_bytes: 0,
            before: 0,
            columns: None,
            seen: Default::default(),
            found: Found::default(),
            encoder: Encoder::default(),
        }
    }

    /// The next line.
    pub(in crate::recording) fn line(&mut self, line: &str) -> Step {
        self.found.lines += 1;
        if let Some(source) = self.source {
            return self.as_source(source, self.found.lines, line);
        }
        self.first_bytes += line.len();
        self.first.push(line.to_owned());
        if self.first.len() < LINES_FIRST && self.first_bytes < BYTES_FIRST {
            return Ok(ControlFlow::Continue(()));
        }
        self.decide()
    }

    /// After the last line.
    pub(in crate::recording) fn end(&mut self) -> Result<(), RecordingError> {
        self.decide().map(|_| ())
    }

    /// The next record of a binary pagemap.
    pub(super) fn record(&mut self, record: Record) -> Step {
        self.source = Some(Source::Pagemap);
        self.found.unit = Some("record");
        self.found.lines += 1;
        self.take_record(self.found.lines, record)
    }

    /// Settles what the lines are that were kept, and takes them as that. Where they are nothing, those
    /// that follow may be something.
    fn decide(&mut self) -> Step {
        let lines = std::mem::take(&mut self.first);
        self.first_bytes = 0;
        let mut counts = [0; Source::ALL.len()];
        for line in &lines {
            if let Some(source) = looks_like(line) {
                counts[source as usize] += 1;
            }
        }
        let of = |source: Source| counts[source as usize];
        let events = if of(Source::PerfScript) > of(Source::Ftrace) {
            Source::PerfScript
        } else {
            Source::Ftrace
        };
        let best = [events, Source::Pagemap, Source::Text].into_iter().find(|&one| of(one) > 0);
        self.source = self.source.or(best);
        let number = self.before;
        self.before += lines.len() as u64;
        for (number, line) in (number + 1..).zip(&lines) {
            let step = match self.source {
                Some(source) => self.as_source(source, number, line)?,
                None => self.foreign(number, line),
            };
            if step.is_break() {
                return Ok(step);
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn foreign(&mut self, number: u64, line: &str) -> ControlFlow<()> {
        self.found.foreign(number, line);
        if let Some(source) = looks_like(line) {
            self.seen[source as usize] = true;
        }
        ControlFlow::Continue(())
    }

    fn as_source(&mut self, source: Source, number: u64, line: &str) -> Step {
        match source {
            Source::Ftrace | Source::PerfScript => {
                Ok(self.event(source == Source::PerfScript, number, line))
            }
            Source::Pagemap => self.pagemap(number, line),
            Source::Text => self.numbers(number, line),
        }
    }

    fn event(&mut self, of_perf: bool, number: u64, line: &str) -> ControlFlow<()> {
        let event = match events::event(line) {
            Some(event) if event.of_perf == of_perf || event.page.is_none() => event,
            _ => {
                match events::lost(line) {
                    Some(events) => self.found.lost += events,
                    None => return self.foreign(number, line),
                }
                return ControlFlow::Continue(());
            }
        };
        match event.page {
            None => self.found.other(event.name),
            Some(Page::None) => self.found.failed += 1,
            Some(Page::Frame { pfn, is_block }) if pfn < self.limit() => {
                if self.is_full() {
                    return ControlFlow::Break(());
                }
                self.found.take(event.name);
                self.found.blocks += u64::from(is_block);
                self.encoder.push(pfn);
            }
            Some(Page::Frame { .. } | Page::Unreadable) => return self.foreign(number, line),
        }
        ControlFlow::Continue(())
    }

    fn pagemap(&mut self, number: u64, line: &str) -> Step {
        if let Some(columns) = Columns::of(line) {
            self.columns = Some(columns);
            return Ok(ControlFlow::Continue(()));
        }
        if let Some((first, frames)) = self.columns.and_then(|columns| columns.frames(line)) {
            let end = first.checked_add(frames).filter(|&end| end <= self.limit());
            let Some(end) = end else { return Ok(self.foreign(number, line)) };
            for pfn in first..end {
                if self.is_full() {
                    return Ok(ControlFlow::Break(()));
                }
                self.encoder.push(pfn);
            }
            return Ok(ControlFlow::Continue(()));
        }
        let Some(records) = pagemap::records(line) else {
            return Ok(self.foreign(number, line));
        };
        for record in records {
            if self.take_record(number, record)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn take_record(&mut self, number: u64, record: Record) -> Step {
        match record {
            Record::Absent => self.found.absent += 1,
            Record::Hidden => self.found.hidden += 1,
            Record::Frame(pfn) if pfn < self.limit() => {
                if self.is_full() {
                    return Ok(ControlFlow::Break(()));
                }
                self.encoder.push(pfn);
            }
            Record::Frame(pfn) => return Err(self.beyond(number, &format!("{pfn:#x}"))),
        }
        Ok(ControlFlow::Continue(()))
    }

    fn numbers(&mut self, number: u64, line: &str) -> Step {
        let Some(numbers) = text::numbers(line) else {
            if let Some(word) = text::bare_hexadecimal(line) {
                let word = word.chars().take(40).collect();
                return Err(
                    RecordingError::new(self.file, Problem::BareHexadecimal(word)).at(number)
                );
            }
            return Ok(self.foreign(number, line));
        };
        let shift = if self.rules.in_bytes { self.rules.page_size.shift() } else { 0 };
        for (value, word) in numbers {
            let pfn = value >> shift;
            if pfn >= self.limit() {
                return Err(self.beyond(number, word));
            }
            if self.is_full() {
                return Ok(ControlFlow::Break(()));
            }
            self.encoder.push(pfn);
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Notes that there is more, if no more is kept.
    fn is_full(&mut self) -> bool {
        self.found.cut = self.encoder.addresses() >= self.rules.at_most;
        self.found.cut
    }

    fn limit(&self) -> u64 {
        self.rules.page_size.frame_limit().get()
    }

    fn beyond(&self, number: u64, word: &str) -> RecordingError {
        let word = word.chars().take(40).collect();
        let problem = Problem::Beyond(word, self.rules.page_size.bytes());
        RecordingError::new(self.file, problem).at(number)
    }
}

/// What a line looks like, of whichever source.
fn looks_like(line: &str) -> Option<Source> {
    if let Some(event) = events::event(line) {
        event.page?;
        return Some(if event.of_perf { Source::PerfScript } else { Source::Ftrace });
    }
    let told = |record| record != Record::Absent;
    if Columns::of(line).is_some()
        || pagemap::records(line).is_some_and(|mut records| records.any(told))
    {
        return Some(Source::Pagemap);
    }
    let has_number = text::numbers(line).is_some_and(|mut numbers| numbers.next().is_some());
    has_number.then_some(Source::Text)
}
