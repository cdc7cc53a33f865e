//! What a search structure beside the sorted records has to do, and the one that is none.

use alloc::string::String;
use core::fmt::Debug;

use crate::addr::Pfn;
use crate::backend::Refusal;
use crate::backend::array::{Bsearch, Strategy};
use crate::page::PageId;
use crate::segment::Segment;

/// A way to find a record among `records`, which are sorted by frame.
///
/// Nothing but [`reserve`](Self::reserve) is called before boot ends; then
/// [`build`](Self::build), and from there on what happens to the records is told one by one, after
/// it has happened. Only `reserve` may fail, and it is called before every insertion.
pub trait Index: Debug + Default {
    /// Whether adding or removing a record makes a new array of all of them.
    const COPIES: bool = false;

    /// Takes the memory that is needed once `new` is one of `records`, of which there will be `most`
    /// at most before boot ends.
    ///
    /// # Errors
    /// [`Refusal::NoMemory`].
    fn reserve(
        &mut self,
        records: &[Segment],
        new: &Segment,
        most: Option<usize>,
    ) -> Result<(), Refusal>;

    /// Boot has ended with these.
    fn build(&mut self, records: &[Segment]);

    /// The record at `at` is new.
    fn inserted(&mut self, records: &[Segment], at: usize);

    /// The record that was at `at` has gone.
    fn removed(&mut self, records: &[Segment], at: usize);

    /// The record at `at` has other bounds or descriptors; its place is the same.
    fn replaced(&mut self, records: &[Segment], at: usize);

    /// Which record holds `pfn`.
    fn find(&self, records: &[Segment], pfn: Pfn) -> Option<usize>;

    /// The descriptor of `pfn`.
    fn find_page(&self, records: &[Segment], pfn: Pfn) -> Option<PageId>;

    /// Bytes taken beside the records.
    fn bytes(&self) -> usize;

    /// Bytes that [`find_page`](Self::find_page) reads from, of records that take `records` bytes.
    fn read_bytes(&self, records: usize) -> usize;

    /// Checks that it says of `records` what they say.
    ///
    /// # Errors
    /// What it says otherwise, in words.
    fn check(&self, records: &[Segment]) -> Result<(), String>;
}

/// No structure at all: the records are searched as [`Array`](crate::backend::Array) searches them,
/// through the same code.
///
/// It answers the question whether hotplug needs a tree: one could copy the static array, with the
/// segment added or left out, and swap the two, and readers would go on meanwhile with the old one.
/// So a plug, a split and the unplug of a whole segment make a new array of exactly the size that is
/// needed. What only changes one record (cutting an end off, the head of a split) is done in place:
/// each of its words is read by itself, and a kernel would order the stores.
#[derive(Debug, Default)]
pub struct Rebuild;

impl Index for Rebuild {
    const COPIES: bool = true;

    fn reserve(&mut self, _: &[Segment], _: &Segment, _: Option<usize>) -> Result<(), Refusal> {
        Ok(())
    }

    fn build(&mut self, _: &[Segment]) {}

    fn inserted(&mut self, _: &[Segment], _: usize) {}

    fn removed(&mut self, _: &[Segment], _: usize) {}

    fn replaced(&mut self, _: &[Segment], _: usize) {}

    #[inline]
    fn find(&self, records: &[Segment], pfn: Pfn) -> Option<usize> {
        Bsearch::find(records, pfn)
    }

    #[inline]
    fn find_page(&self, records: &[Segment], pfn: Pfn) -> Option<PageId> {
        records[Bsearch::find(records, pfn)?].page_of(pfn)
    }

    fn bytes(&self) -> usize {
        0
    }

    fn read_bytes(&self, records: usize) -> usize {
        records
    }

    fn check(&self, _: &[Segment]) -> Result<(), String> {
        Ok(())
    }
}
