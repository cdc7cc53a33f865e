//! `direct`: an entry for every frame from the lowest to the highest, one load for a lookup.
//!
//! The obvious alternative to searching, and the control for all that claim to be cheap: nothing can
//! read less than one word. What it costs is memory, eight bytes for every frame of the *span*,
//! holes included (6 % of 128-byte page descriptors), which it also has to drag through the
//! cache. So it is fastest while it fits there and not beyond. Linux's flat memory model (`FLATMEM`)
//! indexes the page descriptors themselves in this way, and pays with descriptors for holes.
//!
//! Entries answer page lookups only. Records, their order and their handles live in an ordered
//! index beside it ([`RbTree`]), as do capacity at boot and generations of handles; `find` costs
//! what it costs there.
//!
//! Plug, unplug and cuts write the entries of the frames concerned and no others: O(frames), not
//! O(segment) and not O(span), but for the [`window`] growing.
//!
//! [`window`]: self::window

mod window;

use alloc::format;
use alloc::string::String;

use self::window::Window;
use super::rbtree::RbHandle;
use super::{Backend, Capabilities, Halves, RbTree, Refusal};
use crate::addr::{FrameRange, Pfn};
use crate::page::PageId;
use crate::segment::Segment;

/// Frames that a [`Direct`] spans unless told otherwise: 2^30, that is 4 TiB of 4 KiB pages and 8
/// GiB of entries.
pub const DEFAULT_SPAN_LIMIT: u64 = 1 << 30;

/// A table of page entries. See the [module](self).
#[derive(Debug)]
pub struct Direct {
    order: RbTree,
    window: Window,
}

impl Direct {
    /// An empty one, with room for [`DEFAULT_CAPACITY`](super::DEFAULT_CAPACITY) segments until boot
    /// ends, spanning [`DEFAULT_SPAN_LIMIT`] frames at most.
    pub fn new() -> Self {
        Self::with_boot_capacity(super::DEFAULT_CAPACITY)
    }

    /// As [`new`](Self::new), with room for `segments` segments until boot ends.
    pub fn with_boot_capacity(segments: usize) -> Self {
        Self::with_span_limit(segments, DEFAULT_SPAN_LIMIT)
    }

    /// As [`with_boot_capacity`](Self::with_boot_capacity), refusing ([`Refusal::Span`]) segments
    /// that lie more than `span_limit` frames apart, ends included.
    pub fn with_span_limit(segments: usize, span_limit: u64) -> Self {
        Self { order: RbTree::with_boot_capacity(segments), window: Window::new(span_limit) }
    }

    /// From the lowest frame to the highest.
    fn span(&self) -> Option<FrameRange> {
        let lowest = self.order.get(self.order.first()?)?;
        let highest = self.order.get(self.order.last()?)?;
        FrameRange::new(lowest.start(), highest.end())
    }

    /// Brings the entries from what `old` needs to what `new` needs. One lies inside the other. (As
    /// long as descriptors stay with their frames, what both hold is right already.)
    fn rewrite(&mut self, old: &Segment, new: &Segment) {
        if bias(old) != bias(new) || bias(new).is_none() {
            self.window.clear(old.start().get(), old.end().get());
            self.window.write(new);
            return;
        }
        for (low, high) in [(old.start(), new.start()), (new.end(), old.end())] {
            self.window.clear(low.get(), high.get());
        }
        for (low, high) in [(new.start(), old.start()), (old.end(), new.end())] {
            if let Some(part) = FrameRange::new(low, high) {
                self.window.write_part(new, part);
            }
        }
    }
}

/// What has to be added to a frame's number to get its descriptor's raw word, wrapping.
fn bias(segment: &Segment) -> Option<u64> {
    Some(segment.pages()?.raw().wrapping_sub(segment.start().get()))
}

impl Default for Direct {
    fn default() -> Self {
        Self::new()
    }
}

impl Backend for Direct {
    type Handle = RbHandle;

    const CAPABILITIES: Capabilities = RbTree::CAPABILITIES;

    #[inline]
    fn find(&self, pfn: Pfn) -> Option<(RbHandle, u64)> {
        self.order.find(pfn)
    }

    #[inline]
    fn find_page(&self, pfn: Pfn) -> Option<PageId> {
        // No page is 0 in an entry and in an Option alike, so that this needs no branch.
        PageId::from_raw(self.window.entry(pfn.get()))
    }

    fn find_geq(&self, pfn: Pfn) -> Option<RbHandle> {
        self.order.find_geq(pfn)
    }

    fn find_leq(&self, pfn: Pfn) -> Option<RbHandle> {
        self.order.find_leq(pfn)
    }

    #[inline]
    fn get(&self, handle: RbHandle) -> Option<&Segment> {
        self.order.get(handle)
    }

    fn get_mut(&mut self, handle: RbHandle) -> Option<&mut Segment> {
        self.order.get_mut(handle)
    }

    fn insert(&mut self, segment: Segment) -> Result<RbHandle, Refusal> {
        // Wider than need be does no harm if there is no room for the record.
        self.window.cover(self.span(), segment.range())?;
        let handle = self.order.insert(segment)?;
        self.window.write(&segment);
        Ok(handle)
    }

    fn remove(&mut self, handle: RbHandle) -> Option<Segment> {
        let gone = self.order.remove(handle)?;
        self.window.clear(gone.start().get(), gone.end().get());
        Some(gone)
    }

    fn replace(&mut self, handle: RbHandle, segment: Segment) -> Option<RbHandle> {
        let old = *self.order.get(handle)?;
        let handle = self.order.replace(handle, segment)?;
        self.rewrite(&old, &segment);
        Some(handle)
    }

    fn split(
        &mut self,
        handle: RbHandle,
        head: Segment,
        tail: Segment,
    ) -> Result<Option<Halves<RbHandle>>, Refusal> {
        let Some(&whole) = self.order.get(handle) else {
            return Ok(None);
        };
        let halves = self.order.split(handle, head, tail)?;
        if bias(&whole) == bias(&head) && bias(&whole) == bias(&tail) {
            self.window.clear(head.end().get(), tail.start().get());
        } else {
            self.rewrite(&whole, &head);
            self.window.write(&tail);
        }
        Ok(halves)
    }

    fn first(&self) -> Option<RbHandle> {
        self.order.first()
    }

    fn last(&self) -> Option<RbHandle> {
        self.order.last()
    }

    fn next(&self, handle: RbHandle) -> Option<RbHandle> {
        self.order.next(handle)
    }

    fn prev(&self, handle: RbHandle) -> Option<RbHandle> {
        self.order.prev(handle)
    }

    fn len(&self) -> usize {
        self.order.len()
    }

    /// What was loaded at boot is mostly all there will be: entries reserved beyond it go back.
    fn boot_ended(&mut self) {
        self.window.shrink();
        self.order.boot_ended();
    }

    fn bytes(&self) -> usize {
        self.window.bytes() + self.order.bytes()
    }

    /// The entries alone.
    fn index_bytes(&self) -> usize {
        self.window.bytes()
    }

    #[inline]
    fn handle_word(handle: RbHandle) -> u64 {
        RbTree::handle_word(handle)
    }

    fn check(&self) -> Result<(), String> {
        self.order.check()?;
        let mut with_pages = 0;
        let mut walk = self.order.first();
        while let Some(record) = walk.and_then(|handle| self.order.get(handle)) {
            for pfn in (record.start().get()..record.end().get()).map(Pfn::new) {
                let (entry, page) = (self.find_page(pfn), record.page_of(pfn));
                if entry != page {
                    return Err(format!("the entry of frame {pfn} is {entry:?}, not {page:?}"));
                }
                with_pages += u64::from(page.is_some());
            }
            walk = walk.and_then(|handle| self.order.next(handle));
        }
        match self.window.entries_in_use() {
            in_use if in_use == with_pages => Ok(()),
            in_use => Err(format!("{in_use} entries for {with_pages} frames with pages")),
        }
    }
}

#[cfg(test)]
mod tests;
