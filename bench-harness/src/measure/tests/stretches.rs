//! What happens between two stretches of timing, and in what order.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use super::super::clock::Clock;
use super::super::timed::TimedRun;
use super::*;
use crate::workload::{Addresses, Draw, InPlace};

/// What a loop does, a letter each, in its order.
#[derive(Clone, Default)]
struct Events(Rc<RefCell<String>>);

impl Events {
    fn push(&self, what: char) {
        self.0.borrow_mut().push(what);
    }
}

impl Addresses for Events {
    fn next_pfn(&mut self) -> Pfn {
        self.push('d');
        Pfn::ZERO
    }
}

impl Lookup for Events {
    fn answer(&self, _: Pfn) -> u64 {
        self.push('a');
        1
    }
}

impl Clock for Events {
    type Moment = ();

    fn now(&self) {
        self.push('t');
    }

    fn nanoseconds_since(&self, (): ()) -> u64 {
        self.push('T');
        0
    }
}

#[test]
fn the_clock_is_read_for_nothing_directly_before_every_stretch() {
    let events_of = |mode: &str| {
        let events = Events::default();
        let run = TimedRun { lookup: &events, lookups: 3, clock: events.clone() };
        let mut blocks = InPlace::new(Box::new(events.clone()), TRACE_BLOCK);
        match mode.parse::<Mode>().expect("a mode") {
            Mode::Inline => run.inline(events.clone()),
            Mode::Trace => run.trace(&mut blocks),
            Mode::Chain => run.chain(&mut blocks),
            Mode::Cold(burst) => {
                run.cold(&mut blocks, usize::from(burst.get()), || events.push('w'))
            }
        };
        events.0.take()
    };
    assert_eq!(events_of("inline"), "tdadadaT");
    assert_eq!(events_of("trace"), "dddttaaaT");
    assert_eq!(events_of("chain"), "dddttaaaT");
    assert_eq!(events_of("cold:2"), "wddttaaTwdttaT");
}

/// A lookup with answers that were found beforehand, for so many lookups at once.
#[derive(Default)]
struct Prepared {
    answers: RefCell<VecDeque<u64>>,
    parts: RefCell<Vec<u64>>,
}

impl Lookup for Prepared {
    const AT_ONCE: u64 = 4_096;

    fn make_ready(&self, draw: &mut dyn Draw, lookups: u64) {
        let mut pfns = vec![Pfn::ZERO; usize::try_from(lookups).expect("few")];
        draw.fill(&mut pfns);
        assert!(self.answers.borrow().is_empty(), "all have been asked for");
        self.answers.borrow_mut().extend(pfns.into_iter().map(right));
        self.parts.borrow_mut().push(lookups);
    }

    fn answer(&self, pfn: Pfn) -> u64 {
        let answer = self.answers.borrow_mut().pop_front().expect("found beforehand");
        assert_eq!(answer, right(pfn));
        answer
    }
}

#[test]
fn a_batch_in_parts_is_the_same_batch() {
    let layout = layout();
    let workloads = ["uniform", "hits"].map(|name| name.parse().expect("a workload"));
    let modes = modes().into_iter().filter(|mode| mode.burst() != Some(1)); // which takes long
    for (workload, mode) in modes.flat_map(|mode| workloads.map(|workload| (workload, mode))) {
        for lookups in [0, 1, 4_096, 4_097, 10_000] {
            let batch = Batch { workload, lookups, ..batch(&layout, mode) };
            let whole = batch.run(&By(right)).answers;
            let prepared = Prepared::default();
            assert_eq!(batch.run(&prepared).answers, whole, "{workload}, {mode}");
            let parts = prepared.parts.take();
            assert_eq!(parts.iter().sum::<u64>(), lookups);
            let part = 4_096 - 4_096 % mode.burst().unwrap_or(1);
            assert!(parts.iter().rev().skip(1).all(|&lookups| lookups == part), "{parts:?}");
            let twin = Twin(Prepared::default());
            assert_eq!(batch.run(&twin).answers, whole, "{workload}, {mode}");
            assert_eq!(twin.0.parts.take(), parts);
        }
    }
}
