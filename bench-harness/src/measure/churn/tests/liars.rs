//! Tables that look right and are not: what only the last checks find.

use physseg::backend::{Backend, Capabilities, Refusal};
use physseg::{PageId, Pfn, Segment};

use super::super::tables::hold_answers;
use super::*;

/// Says of itself that it is broken.
const BROKEN: u8 = 0;
/// Answers for frames that are not there.
const GENEROUS: u8 = 1;
/// Neither.
const HONEST: u8 = 2;

type Inner = RbTree;
type Handle = <Inner as Backend>::Handle;

/// A tree that lies in one way.
struct Liar<const HOW: u8>(Inner);

impl<const HOW: u8> Backend for Liar<HOW> {
    type Handle = Handle;

    const CAPABILITIES: Capabilities = Inner::CAPABILITIES;

    fn find_page(&self, pfn: Pfn) -> Option<PageId> {
        self.0.find_page(pfn).or_else(|| PageId::from_raw(1).filter(|_| HOW == GENEROUS))
    }

    fn check(&self) -> Result<(), String> {
        if HOW == BROKEN { Err("a red node has a red child".to_owned()) } else { self.0.check() }
    }

    fn find(&self, pfn: Pfn) -> Option<(Handle, u64)> {
        self.0.find(pfn)
    }

    fn find_geq(&self, pfn: Pfn) -> Option<Handle> {
        self.0.find_geq(pfn)
    }

    fn find_leq(&self, pfn: Pfn) -> Option<Handle> {
        self.0.find_leq(pfn)
    }

    fn get(&self, handle: Handle) -> Option<&Segment> {
        self.0.get(handle)
    }

    fn get_mut(&mut self, handle: Handle) -> Option<&mut Segment> {
        self.0.get_mut(handle)
    }

    fn insert(&mut self, segment: Segment) -> Result<Handle, Refusal> {
        self.0.insert(segment)
    }

    fn remove(&mut self, handle: Handle) -> Option<Segment> {
        self.0.remove(handle)
    }

    fn replace(&mut self, handle: Handle, segment: Segment) -> Option<Handle> {
        self.0.replace(handle, segment)
    }

    fn first(&self) -> Option<Handle> {
        self.0.first()
    }

    fn last(&self) -> Option<Handle> {
        self.0.last()
    }

    fn next(&self, handle: Handle) -> Option<Handle> {
        self.0.next(handle)
    }

    fn prev(&self, handle: Handle) -> Option<Handle> {
        self.0.prev(handle)
    }

    fn len(&self) -> usize {
        self.0.len()
    }

    fn boot_ended(&mut self) {
        self.0.boot_ended();
    }

    fn bytes(&self) -> usize {
        self.0.bytes()
    }

    fn handle_word(handle: Handle) -> u64 {
        Inner::handle_word(handle)
    }
}

/// What is said of such a table after a scenario in which nothing went wrong.
fn verified<const HOW: u8>(work: &Work) -> Result<(), String> {
    let mut tables = Tables::new(|boot| Liar::<HOW>(Inner::with_boot_capacity(boot)));
    begin(&mut tables, work);
    tables.run(work, 0..work.script.timed.len()).expect("a script that can be done");
    tables.verify(work)
}

#[test]
fn a_structure_that_finds_itself_broken_is_wrong_whatever_it_answers() {
    each(|scenario, _, work| {
        assert_eq!(verified::<HONEST>(work), Ok(()), "{scenario}");
        assert_eq!(
            verified::<BROKEN>(work),
            Err("a red node has a red child".to_owned()),
            "{scenario}"
        );
    });
}

#[test]
fn an_answer_in_a_hole_is_wrong() {
    each(|scenario, _, work| {
        let what = verified::<GENEROUS>(work).expect_err("holes have no pages");
        assert!(what.contains("is in a hole"), "{scenario}: {what}");
    });
}

#[test]
fn both_ends_of_a_segment_have_their_own_page() {
    each(|scenario, _, work| {
        let few = &work.end[..work.end.len().min(40)];
        let right = |pfn: Pfn| {
            let of = few.iter().find(|segment| segment.frames.contains(pfn))?;
            of.first?.checked_add(pfn.get() - of.frames.start().get())
        };
        assert_eq!(hold_answers(few, right), Ok(()), "{scenario}");
        for wrong in [few[0].frames.start(), few[few.len() - 1].frames.last()] {
            let answers = |pfn: Pfn| right(pfn).filter(|_| pfn != wrong);
            let what = hold_answers(few, answers).expect_err("one frame has no page");
            assert!(what.starts_with(&format!("frame {wrong} has None")), "{scenario}: {what}");
        }
    });
}
