//! The timed loops: what the clock sees, and that every mode asks for the same addresses.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::super::clock::Clock;
use super::super::timed::TimedRun;
use super::*;
use crate::workload::{AHEAD, Addresses, InPlace};

/// Addresses, and a lookup, that count how often they are asked.
#[derive(Clone, Default)]
struct Counted(Rc<Cell<u64>>);

impl Addresses for Counted {
    fn next_pfn(&mut self) -> Pfn {
        self.0.set(self.0.get() + 1);
        Pfn::new(self.0.get())
    }
}

impl Lookup for Counted {
    fn answer(&self, pfn: Pfn) -> u64 {
        self.0.set(self.0.get() + 1);
        pfn.get() % 3
    }
}

/// A clock whose time is what was counted.
impl Clock for Counted {
    type Moment = u64;

    fn now(&self) -> u64 {
        self.0.get()
    }

    fn nanoseconds_since(&self, start: u64) -> u64 {
        self.0.get() - start
    }
}

/// A batch run in a mode's loop, with a clock of the test's choice.
fn timed(
    mode: Mode,
    lookup: &impl Lookup,
    addresses: &Counted,
    lookups: u64,
    clock: Counted,
) -> Timed {
    let run = TimedRun { lookup, lookups, clock };
    let mut blocks = InPlace::new(Box::new(addresses.clone()), TRACE_BLOCK);
    match mode {
        Mode::Inline => run.inline(addresses.clone()),
        Mode::Trace => run.trace(&mut blocks),
        Mode::Chain => run.chain(&mut blocks),
        Mode::Cold(burst) => {
            let other_work = run.clock.clone();
            // As if it took so long, by either clock.
            let work = || other_work.0.set(other_work.0.get() + 1_000_000);
            run.cold(&mut blocks, usize::from(burst.get()), work)
        }
    }
}

#[test]
fn the_clock_runs_during_lookups_and_during_the_generator_only_inline() {
    for lookups in [0_u64, 1, 2_047, 2_048, 2_049, 10_000] {
        for mode in modes() {
            let bursts = mode.burst().map_or(0, |burst| lookups.div_ceil(burst));
            let (draws, answered) = (Counted::default(), Counted::default());
            let run = timed(mode, &answered, &draws, lookups, draws.clone());
            let drawn_in_time = if mode == Mode::Inline { lookups } else { 0 };
            assert_eq!(run.elapsed_ns, drawn_in_time, "{mode}, {lookups}");
            let others = bursts * 1_000_000;
            assert_eq!((draws.0.get(), answered.0.get()), (lookups + others, lookups));
            let given = run.answers;
            if bursts == 0 {
                assert_eq!(given.hits, lookups - lookups / 3);
                let sum = (1..=lookups).map(|frame| frame % 3).sum::<u64>();
                assert_eq!(given.checksum, sum);
            }

            let answered = Counted::default();
            let run = timed(mode, &answered, &Counted::default(), lookups, answered.clone());
            assert_eq!(run.elapsed_ns, lookups, "{mode}");
            assert_eq!(answered.0.get(), lookups + others);
        }
    }
}

#[test]
fn every_mode_asks_for_the_same_addresses_of_every_workload() {
    let layout = layout();
    for workload in workloads() {
        for rng in RngKind::ALL {
            let of = |mode| Batch { workload, rng, ..batch(&layout, mode) };
            let run = |mode| of(mode).run(&By(right)).answers;
            let inline = run(Mode::Inline);
            for mode in modes() {
                assert_eq!(run(mode), inline, "{workload}, {mode}");
                let expected = Oracle::new(runs()).expect(&of(mode));
                assert_eq!(expected.lookups, inline, "{workload}, {mode}");
                assert_eq!(expected.baseline, of(mode).run(&Baseline).answers);
            }
            match workload.to_string().as_str() {
                "hits" => assert_eq!(inline.hits, 5_000),
                "misses" => assert_eq!(inline.hits, 0),
                _ => assert!((1..5_000).contains(&inline.hits), "{workload}: {inline:?}"),
            }
        }
    }
}

#[test]
fn a_chain_asks_for_each_address_once_the_answer_before_is_known() {
    // Addresses that repeat after a while would show in the sum of many batches' answers: a
    // sequence that fell into a circle would give the same answers for different numbers of lookups.
    let layout = layout();
    let chain = |lookups| {
        let batch = Batch { lookups, ..batch(&layout, Mode::Chain) };
        batch.run(&Baseline).answers.checksum
    };
    let trace = |lookups| {
        let batch = Batch { lookups, ..batch(&layout, Mode::Trace) };
        batch.run(&Baseline).answers.checksum
    };
    for lookups in [1, 2_048, 2_049, 100_000] {
        assert_eq!(chain(lookups), trace(lookups), "the addresses are the ones that were drawn");
    }
}

#[test]
fn lookups_that_bring_the_caches_back_are_in_no_answer() {
    let layout = layout();
    let more = AHEAD as u64 + 7;
    for (workload, lookups, restoring) in
        [("hits", 5_000, 4_099), ("misses", 3_000, 1), ("hits", more, 4_099), ("hits", 9, more)]
    {
        let workload = workload.parse().expect("a workload");
        for mode in [Mode::Trace, Mode::Chain] {
            let plain = Batch { workload, lookups, ..batch(&layout, mode) };
            let restored = Batch { restoring, ..plain };
            let asked = Counted::default();
            let answers = restored.run(&asked).answers;
            assert_eq!(answers, plain.run(&Counted::default()).answers, "{workload}, {mode}");
            let refills = lookups.div_ceil(AHEAD as u64);
            assert_eq!(asked.0.get(), lookups + refills * restoring, "{workload}, {mode}");
        }
    }
}

/// A lookup that remembers what it was asked for.
#[derive(Default)]
struct Asked(RefCell<Vec<u64>>);

impl Lookup for Asked {
    fn answer(&self, pfn: Pfn) -> u64 {
        self.0.borrow_mut().push(pfn.get());
        pfn.get().wrapping_mul(3)
    }
}

#[test]
fn in_a_chain_the_answer_goes_into_the_next_address_of_its_block() {
    let lookups = TRACE_BLOCK as u64 + 2;
    let asked_with = |mask| {
        let asked = Asked::default();
        let run = TimedRun { lookup: &asked, lookups, clock: Counted::default() };
        run.chained(&mut InPlace::new(Box::new(Counted::default()), TRACE_BLOCK), mask);
        asked.0.take()
    };
    let drawn: Vec<u64> = (1..=lookups).collect();
    assert_eq!(asked_with(0), drawn, "where the mask is 0 the addresses are those that were drawn");
    let asked = asked_with(!0);
    for (asked, drawn) in asked.chunks(TRACE_BLOCK).zip(drawn.chunks(TRACE_BLOCK)) {
        let mut last = 0;
        for (&asked, &drawn) in asked.iter().zip(drawn) {
            assert_eq!(asked, drawn ^ last);
            last = asked.wrapping_mul(3);
        }
    }
}

#[test]
fn what_brings_the_caches_back_is_other_lookups_than_the_timed_ones() {
    let layout = layout();
    for mode in [Mode::Trace, Mode::Chain] {
        let asked_with = |restoring| {
            let asked = Asked::default();
            let workload = WorkloadKind::Hits;
            let batch = Batch { workload, lookups: 100, restoring, ..batch(&layout, mode) };
            batch.run(&asked);
            asked.0.take()
        };
        let (timed, all) = (asked_with(0), asked_with(100));
        assert_eq!(all[100..], timed);
        assert_ne!(all[..100], timed);
    }
}
