//! The participant that is a backend: tables of it, made, changed, and held against the model.

use std::ops::Range;
use std::time::Instant;

use physseg::backend::{Backend, Capabilities};
use physseg::{Error, FreeList, PageId, Pfn, SegmentTable};

use super::model::Expected;
use super::{Cause, Size, Stopped, Work};
use crate::layout::Operation;

/// Something that can carry out scripts. The choice of backend is made here, once a phase; what is
/// timed behind it is generic.
pub trait Churn {
    /// What it can do; `None` of the slabs alone, which can do everything.
    fn capabilities(&self) -> Option<Capabilities>;

    /// Why it cannot take part at all, if it cannot: nothing else is asked of it then.
    fn missing(&self) -> Option<&str> {
        None
    }

    /// Whether there is memory for a scenario of this size; if not, what it takes, in words. Asked before
    /// its script is made.
    ///
    /// # Errors
    /// How much it takes, and that it is not to be had.
    fn room(&self, _size: &Size) -> Result<(), String> {
        Ok(())
    }

    /// Makes what it works on anew, empty.
    ///
    /// # Errors
    /// [`Stopped`].
    fn begin(&mut self, work: &Work) -> Result<(), Stopped>;

    /// Carries out a part of the operations that lead to where the timed phase begins, and says how many
    /// nanoseconds that took.
    ///
    /// # Errors
    /// [`Stopped`].
    fn prepare(&mut self, work: &Work, part: Range<usize>) -> Result<u64, Stopped>;

    /// Carries out a part of the timed operations, and says how many nanoseconds that took.
    ///
    /// # Errors
    /// [`Stopped`].
    fn run(&mut self, work: &Work, part: Range<usize>) -> Result<u64, Stopped>;

    /// Holds what is there now against what must be there in the end. Not timed.
    ///
    /// # Errors
    /// The first difference, in words.
    fn verify(&self, work: &Work) -> Result<(), String>;

    /// What it takes now; `None` of the slabs alone.
    fn occupied(&self) -> Option<Occupied>;

    /// Gives back what it works on.
    fn end(&mut self);
}

/// What a table holds and takes.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Occupied {
    /// Segments in it.
    pub segments: u64,
    /// Frames in those.
    pub frames: u64,
    /// Bytes of the structure, page descriptors not counted; `None` of a plugin that does not say.
    pub bytes_total: Option<u64>,
    /// Of these, what answers a page lookup.
    pub bytes_index: Option<u64>,
}

/// Tables of one backend, one at a time.
pub struct Tables<B> {
    /// An empty backend, with room for so many records before boot ends.
    empty: fn(usize) -> B,
    table: Option<SegmentTable<B>>,
    /// What the machine lacks for it.
    missing: Option<String>,
    /// Whether there is memory.
    room: fn(&Size) -> Result<(), String>,
}

impl<B: Backend> Tables<B> {
    /// Tables of what `empty` makes, which is told how many records there are before boot ends.
    pub fn new(empty: fn(usize) -> B) -> Self {
        Self { empty, table: None, missing: None, room: |_| Ok(()) }
    }

    /// The same where the machine may lack what it takes: `empty` is then not called.
    #[must_use]
    pub fn lacking(self, missing: Option<String>) -> Self {
        Self { missing, ..self }
    }

    /// The same where `room` says whether there is memory for so much.
    #[must_use]
    pub fn asking(self, room: fn(&Size) -> Result<(), String>) -> Self {
        Self { room, ..self }
    }

    /// The slabs of the table.
    #[cfg(test)]
    pub(super) fn slabs(&self) -> Option<&physseg::slab::Slabs> {
        self.table.as_ref().map(SegmentTable::slabs)
    }
}

impl<B: Backend> Churn for Tables<B> {
    fn capabilities(&self) -> Option<Capabilities> {
        Some(B::CAPABILITIES)
    }

    fn missing(&self) -> Option<&str> {
        self.missing.as_deref()
    }

    fn room(&self, size: &Size) -> Result<(), String> {
        (self.room)(size)
    }

    fn begin(&mut self, work: &Work) -> Result<(), Stopped> {
        let stopped = |error| Stopped { operation: 0, cause: Cause::Table(error) };
        self.table = None; // two at a time would be twice the memory
        let mut table = SegmentTable::init((self.empty)(work.boot_room));
        table.set_page_size(work.page_size).map_err(stopped)?;
        self.table = Some(table);
        Ok(())
    }

    fn prepare(&mut self, work: &Work, part: Range<usize>) -> Result<u64, Stopped> {
        self.timed(&work.script.before, part)
    }

    fn run(&mut self, work: &Work, part: Range<usize>) -> Result<u64, Stopped> {
        self.timed(&work.script.timed, part)
    }

    fn verify(&self, work: &Work) -> Result<(), String> {
        let table = self.table.as_ref().ok_or("there is no table")?;
        table.backend().check()?;
        let count = (table.len(), work.end.len());
        if count.0 != count.1 {
            return Err(format!("{} segments, {} must be there", count.0, count.1));
        }
        if table.pages() != work.frames() {
            return Err(format!("{} pages, {} must be there", table.pages(), work.frames()));
        }
        for (index, ((_, found), expected)) in table.segments().zip(&work.end).enumerate() {
            let (frames, first) = (found.range(), found.pages());
            if (frames, first) != (expected.frames, expected.first) {
                return Err(format!(
                    "segment {index} is {frames} with {first:?}, and must be {} with {:?}",
                    expected.frames, expected.first
                ));
            }
        }
        hold_answers(&work.end, |pfn| table.find_page(pfn))
    }

    fn occupied(&self) -> Option<Occupied> {
        let table = self.table.as_ref()?;
        Some(Occupied {
            segments: table.len() as u64,
            frames: table.pages(),
            bytes_total: Some(table.backend().bytes() as u64),
            bytes_index: Some(table.backend().index_bytes() as u64),
        })
    }

    fn end(&mut self) {
        self.table = None;
    }
}

impl<B: Backend> Tables<B> {
    /// Carries out a part of `operations` on the table; how many nanoseconds that took.
    fn timed(&mut self, operations: &[Operation], part: Range<usize>) -> Result<u64, Stopped> {
        let (Some(table), Some(operations)) = (self.table.as_mut(), operations.get(part.clone()))
        else {
            return Ok(0);
        };
        let start = Instant::now();
        let done = carry_out(table, operations, part.start);
        let elapsed = start.elapsed();
        done?;
        Ok(u64::try_from(elapsed.as_nanos()).unwrap_or(u64::MAX))
    }
}

/// Holds what `find_page` answers of the first and last frame of each segment, and of the frame after it
/// where nothing is, against what it must.
pub(super) fn hold_answers(
    segments: &[Expected],
    find_page: impl Fn(Pfn) -> Option<PageId>,
) -> Result<(), String> {
    for (index, &Expected { frames, first }) in segments.iter().enumerate() {
        let ends = [
            (frames.start(), first),
            (frames.last(), first.and_then(|first| first.checked_add(frames.frames() - 1))),
        ];
        for (pfn, page) in ends {
            let answer = find_page(pfn);
            if answer != page {
                return Err(format!("frame {pfn} has {answer:?}, and must have {page:?}"));
            }
        }
        let next = segments.get(index + 1).map(|next| next.frames.start());
        if next != Some(frames.end())
            && let Some(page) = find_page(frames.end())
        {
            return Err(format!("frame {} is in a hole and has {page}", frames.end()));
        }
    }
    Ok(())
}

/// Carries out operations; `first` is the number of the first, for errors.
fn carry_out<B: Backend>(
    table: &mut SegmentTable<B>,
    operations: &[Operation],
    first: usize,
) -> Result<(), Stopped> {
    for (index, &operation) in operations.iter().enumerate() {
        if let Err(error) = perform(table, operation) {
            return Err(Stopped { operation: first + index, cause: Cause::Table(error) });
        }
    }
    Ok(())
}

#[inline]
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
