//! A backend that is watched: what must not ask for memory does not.

use physseg::backend::{Backend, Capabilities, Halves, Refusal};
use physseg::{PageId, Pfn, Segment};

use super::allocator::{asked, relent};

/// See the module.
#[derive(Debug)]
pub(crate) struct Counted<B> {
    inner: B,
    /// Whether taking a record out may copy the others. (It has to succeed without, too.)
    removal_copies: bool,
}

impl<B> Counted<B> {
    pub(crate) const fn new(inner: B, removal_copies: bool) -> Self {
        Self { inner, removal_copies }
    }
}

/// Carries out what needs no memory.
fn without_memory<T>(what: &str, action: impl FnOnce() -> T) -> T {
    let before = asked();
    let outcome = action();
    let times = asked() - before;
    if times > 0 {
        relent();
        panic!("{what} asked for memory {times} times");
    }
    outcome
}

impl<B: Backend> Backend for Counted<B> {
    type Handle = B::Handle;

    const CAPABILITIES: Capabilities = B::CAPABILITIES;

    fn find(&self, pfn: Pfn) -> Option<(B::Handle, u64)> {
        self.inner.find(pfn)
    }

    fn find_page(&self, pfn: Pfn) -> Option<PageId> {
        self.inner.find_page(pfn)
    }

    fn find_geq(&self, pfn: Pfn) -> Option<B::Handle> {
        self.inner.find_geq(pfn)
    }

    fn find_leq(&self, pfn: Pfn) -> Option<B::Handle> {
        self.inner.find_leq(pfn)
    }

    fn get(&self, handle: B::Handle) -> Option<&Segment> {
        self.inner.get(handle)
    }

    fn get_mut(&mut self, handle: B::Handle) -> Option<&mut Segment> {
        self.inner.get_mut(handle)
    }

    fn insert(&mut self, segment: Segment) -> Result<B::Handle, Refusal> {
        self.inner.insert(segment)
    }

    fn remove(&mut self, handle: B::Handle) -> Option<Segment> {
        if self.removal_copies {
            return self.inner.remove(handle);
        }
        without_memory("remove", || self.inner.remove(handle))
    }

    fn replace(&mut self, handle: B::Handle, segment: Segment) -> Option<B::Handle> {
        without_memory("replace", || self.inner.replace(handle, segment))
    }

    fn split(
        &mut self,
        handle: B::Handle,
        head: Segment,
        tail: Segment,
    ) -> Result<Option<Halves<B::Handle>>, Refusal> {
        self.inner.split(handle, head, tail)
    }

    fn first(&self) -> Option<B::Handle> {
        self.inner.first()
    }

    fn last(&self) -> Option<B::Handle> {
        self.inner.last()
    }

    fn next(&self, handle: B::Handle) -> Option<B::Handle> {
        self.inner.next(handle)
    }

    fn prev(&self, handle: B::Handle) -> Option<B::Handle> {
        self.inner.prev(handle)
    }

    fn len(&self) -> usize {
        self.inner.len()
    }

    fn boot_ended(&mut self) {
        without_memory("the end of boot", || self.inner.boot_ended());
    }

    fn bytes(&self) -> usize {
        self.inner.bytes()
    }

    fn handle_word(handle: B::Handle) -> u64 {
        B::handle_word(handle)
    }

    fn check(&self) -> Result<(), String> {
        self.inner.check()
    }
}
