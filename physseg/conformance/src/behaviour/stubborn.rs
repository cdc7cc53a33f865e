//! A backend that refuses to insert or split when told to, and is otherwise the one inside it: what the
//! table does when a structure is out of memory.

use std::cell::Cell;
use std::rc::Rc;

use physseg::backend::{Backend, Capabilities, Halves, Refusal};
use physseg::{PageId, Pfn, Segment};

use super::support::Subject;

/// What it says when it refuses.
pub(crate) const REFUSAL: Refusal = Refusal::NoMemory { bytes: 4711 };

/// See the module. The switch is shared with the test, because the table owns the backend.
#[derive(Debug)]
pub(crate) struct Stubborn<S> {
    inner: S,
    refuses: Rc<Cell<bool>>,
}

impl<S: Subject> Stubborn<S> {
    /// Obliging until the switch is set.
    pub(crate) fn new() -> (Self, Rc<Cell<bool>>) {
        let refuses = Rc::new(Cell::new(false));
        let inner = S::fresh();
        let shared = Rc::clone(&refuses);
        (Self { inner, refuses }, shared)
    }
}

impl<S: Backend> Backend for Stubborn<S> {
    type Handle = S::Handle;

    const CAPABILITIES: Capabilities = S::CAPABILITIES;

    fn insert(&mut self, segment: Segment) -> Result<S::Handle, Refusal> {
        if self.refuses.get() {
            return Err(REFUSAL);
        }
        self.inner.insert(segment)
    }

    fn find(&self, pfn: Pfn) -> Option<(S::Handle, u64)> {
        self.inner.find(pfn)
    }

    fn find_page(&self, pfn: Pfn) -> Option<PageId> {
        self.inner.find_page(pfn)
    }

    fn find_geq(&self, pfn: Pfn) -> Option<S::Handle> {
        self.inner.find_geq(pfn)
    }

    fn find_leq(&self, pfn: Pfn) -> Option<S::Handle> {
        self.inner.find_leq(pfn)
    }

    fn get(&self, handle: S::Handle) -> Option<&Segment> {
        self.inner.get(handle)
    }

    fn get_mut(&mut self, handle: S::Handle) -> Option<&mut Segment> {
        self.inner.get_mut(handle)
    }

    fn remove(&mut self, handle: S::Handle) -> Option<Segment> {
        self.inner.remove(handle)
    }

    fn replace(&mut self, handle: S::Handle, segment: Segment) -> Option<S::Handle> {
        self.inner.replace(handle, segment)
    }

    /// The structure's own, unless told to refuse. A refusal comes as late as that of a structure
    /// that has no split of its own: the head has been cut, and is made whole again.
    fn split(
        &mut self,
        handle: S::Handle,
        head: Segment,
        tail: Segment,
    ) -> Result<Option<Halves<S::Handle>>, Refusal> {
        if !self.refuses.get() {
            return self.inner.split(handle, head, tail);
        }
        let Some(&whole) = self.inner.get(handle) else {
            return Ok(None);
        };
        let cut = self.inner.replace(handle, head);
        cut.and_then(|at| self.inner.replace(at, whole));
        Err(REFUSAL)
    }

    fn first(&self) -> Option<S::Handle> {
        self.inner.first()
    }

    fn last(&self) -> Option<S::Handle> {
        self.inner.last()
    }

    fn next(&self, handle: S::Handle) -> Option<S::Handle> {
        self.inner.next(handle)
    }

    fn prev(&self, handle: S::Handle) -> Option<S::Handle> {
        self.inner.prev(handle)
    }

    fn len(&self) -> usize {
        self.inner.len()
    }

    fn boot_ended(&mut self) {
        self.inner.boot_ended();
    }

    fn bytes(&self) -> usize {
        self.inner.bytes()
    }

    fn index_bytes(&self) -> usize {
        self.inner.index_bytes()
    }

    fn handle_word(handle: S::Handle) -> u64 {
        S::handle_word(handle)
    }

    fn check(&self) -> Result<(), String> {
        self.inner.check()
    }
}
