//! Rounds: in the order of the design, each batch settled, each sample that of its backend.

use std::cell::Cell;
use std::rc::Rc;

use super::super::settle::settle;
use super::*;

#[test]
fn a_round_is_in_the_order_of_the_design_each_batch_settled() {
    let log = Log::default();
    let names = ["a", "b", "c"];
    let fakes = names.map(|name| Fake { log: Rc::clone(&log), ..Fake::right(name) });
    let bench = prepare(Vec::from(fakes)).expect("right");
    let layout = layout();
    let batch = batch(&layout, Mode::Inline);
    let mut orders = Vec::new();
    for number in 0..4 {
        log.borrow_mut().clear();
        let samples = bench.round(&batch, number, || true).expect("right").expect("not stopped");
        let by: Vec<Option<usize>> = samples.iter().map(|sample| sample.backend).collect();
        let wanted = super::order::order(4, batch.order_seed, number);
        let wanted: Vec<_> = wanted.into_iter().map(|item| (item < 3).then_some(item)).collect();
        assert_eq!(by, wanted);
        assert!((0..).zip(&samples).all(|(position, sample)| sample.position == position));
        // Only the timed batch is returned: its hits are those of as many lookups.
        let hits = |sample: &Sample| sample.timed.answers.hits;
        assert!(samples.iter().all(|s| s.backend.is_some() || hits(s) == batch.lookups));
        let ran: Vec<_> = by
            .iter()
            .flatten()
            .flat_map(|&index| {
                let name = names[index];
                [(name, SETTLE_LOOKUPS, !batch.seed), (name, batch.lookups, batch.seed)]
            })
            .collect();
        assert_eq!(*log.borrow(), ran);
        orders.push(by);
    }
    orders.sort();
    orders.dedup();
    assert_eq!(orders.len(), 4, "four rounds of four items have four orders");
}

#[test]
fn a_round_told_to_stop_gives_no_samples() {
    let bench = prepare(vec![Fake::right("right")]).expect("right");
    let mut left = 1;
    let mut tick = || {
        left -= 1;
        left >= 0
    };
    assert!(matches!(bench.round(&batch(&layout(), Mode::Inline), 0, &mut tick), Ok(None)));
}

#[test]
fn a_cold_round_settles_with_one_burst() {
    let layout = layout();
    let fake = Fake::right("one");
    let log = Rc::clone(&fake.log);
    let bench = prepare(vec![fake]).expect("right");
    bench.round(&batch(&layout, "cold:16".parse().expect("a mode")), 0, || true).expect("right");
    let lookups: Vec<u64> = log.borrow().iter().map(|&(_, lookups, _)| lookups).collect();
    assert_eq!(lookups, [16, 5_000]);
}

#[test]
fn a_large_structure_settles_longer_and_its_timed_batch_is_the_same() {
    let layout = layout();
    let fake = Fake { index_bytes: 64 * 10_000, ..Fake::right("large") };
    let log = Rc::clone(&fake.log);
    let bench = prepare(vec![fake, Fake::right("small")]).expect("right");
    let batch = batch(&layout, Mode::Trace);
    let samples = bench.round(&batch, 0, || true).expect("right").expect("not stopped");
    let ran = log.borrow();
    let [first, rest, timed] = ran.as_slice() else { panic!("{ran:?}") };
    assert_eq!(*first, ("large", SETTLE_LOOKUPS, !batch.seed));
    assert!(rest.1 > 0 && rest.1 <= 20_000 && rest.2 != first.2 && rest.2 != batch.seed);
    assert_eq!(*timed, ("large", batch.lookups, batch.seed));
    assert_eq!(samples.len(), 3, "what settles is not among them");
}

#[test]
fn a_copy_does_more_than_it_is_billed_for_and_is_checked() {
    let layout = layout();
    let mut bench = prepare(vec![Fake::right("one")]).expect("right");
    assert_eq!(bench.copy_last("itself", 0.5), Some(1));
    let batch = Batch { lookups: 1_000, ..batch(&layout, Mode::Inline) };
    let samples = bench.round(&batch, 0, || true).expect("right answers").expect("not abandoned");
    let hits = |backend| {
        let of = samples.iter().find(|sample| sample.backend == backend).expect("takes part");
        of.timed.answers.hits
    };
    // The baseline's every address is a hit: so many lookups were made.
    assert_eq!((hits(None), bench.cycle(Target::Page)), (1_000, 6));
    assert!(hits(Some(1)) > hits(Some(0)) * 5 / 4, "{samples:?}");

    let wrong = Fake { in_batches: |_| 1, ..Fake::right("wrong") };
    let mut bench = prepare(vec![wrong]).expect("right in single lookups");
    bench.copy_last("itself", 0.0);
    assert!(bench.round(&batch, 0, || true).is_err());
}

#[test]
fn a_twin_runs_in_the_other_copy_and_is_checked_alike() {
    let layout = layout();
    let batch = batch(&layout, Mode::Trace);
    let twin = Fake::right("twin");
    let log = Rc::clone(&twin.log);
    let mut bench = prepare(vec![Fake::right("one"), twin]).expect("right");
    bench.make_last_twin();
    bench.round(&batch, 0, || true).expect("right answers");
    let runs = log.borrow().iter().filter(|(name, ..)| *name == "second copy").count();
    assert_eq!(runs, 2, "settled and timed");
}

#[test]
fn counted_batches_are_checked_too() {
    let layout = layout();
    let batch = batch(&layout, Mode::Inline);
    let bench = prepare(vec![Fake::right("one"), Fake::right("two")]).expect("right");
    let counted = bench.each(&batch, |lookups| lookups()).expect("right answers");
    assert_eq!(counted, [("one", ()), ("two", ())]);
    let wrong = Fake { in_batches: |_| 1, ..Fake::right("wrong") };
    let bench = prepare(vec![wrong]).expect("right in single lookups");
    assert!(bench.each(&batch, |lookups| lookups()).is_err());
}

#[test]
fn only_batches_that_are_nothing_but_the_timed_loop_are_counted() {
    let (layout, segments) = (layout(), segments());
    let plan = Plan { layout: &layout, segments: &segments };
    let streamed = Streamed::new(&plan).expect("small"); // finds answers beside it
    let tables: [(_, Outcome); 2] =
        [("oracle", Ok(Box::new(streamed))), ("one", Ok(Box::new(Fake::right("one"))))];
    let bench = Bench::prepare(&plan, tables, &[Target::Page]).expect("right");
    for (workload, mode) in workloads().into_iter().flat_map(|w| modes().map(|m| (w, m))) {
        let batch = Batch { workload, ..batch(&layout, mode) };
        let counted = bench.each(&batch, |lookups| lookups()).expect("right answers");
        let is_bare = mode == Mode::Inline && workload.is_inline();
        let wanted: &[(&str, ())] = if is_bare { &[("one", ())] } else { &[] };
        assert_eq!(counted, wanted, "{workload}, {mode}");
    }
}

thread_local!(static ASKED: Cell<u64> = const { Cell::new(0) });

/// How often a subject is asked while `act` runs, which is given a bench of it alone.
fn asked_by(act: impl FnOnce(&Bench)) -> u64 {
    let in_batches: Answer = |pfn| {
        ASKED.set(ASKED.get() + 1);
        right(pfn)
    };
    let fake = Fake { in_batches, ..Fake::right("one") };
    let bench = prepare(vec![fake]).expect("right");
    ASKED.set(0);
    act(&bench);
    ASKED.take()
}

#[test]
fn where_addresses_are_drawn_far_ahead_the_caches_come_back_before_the_clock_runs() {
    let layout = layout();
    let batch = Batch { workload: WorkloadKind::Hits, ..batch(&layout, Mode::Trace) };
    let round = |bench: &Bench| {
        bench.round(&batch, 0, || true).expect("right").expect("not stopped");
    };
    // What is settled with, as much again after drawing, and what is timed.
    assert_eq!(asked_by(round), 2 * SETTLE_LOOKUPS + batch.lookups);
    let trial = |batch: Batch<'_>| asked_by(|bench| assert!(bench.time_first(&batch).is_some()));
    assert_eq!(trial(batch), 2 * SETTLE_LOOKUPS + batch.lookups, "a trial, too");
    let uniform = Batch { workload: WorkloadKind::Uniform, ..batch };
    assert_eq!(trial(uniform), batch.lookups, "trials settle each other");
    let cold = Batch { mode: "cold:16".parse().expect("a mode"), ..batch };
    assert_eq!(trial(cold), batch.lookups, "nothing is to be warm");
}

#[test]
fn what_is_restored_is_as_much_as_settling_takes() {
    let layout = layout();
    let batch = Batch { workload: WorkloadKind::Misses, ..batch(&layout, Mode::Chain) };
    let ran = Cell::new(0);
    let settled = settle(&batch, 64 * 100_000, |untimed| {
        ran.set(ran.get() + untimed.lookups);
        Timed { elapsed_ns: 10 * untimed.lookups, ..Timed::default() }
    });
    assert_eq!((ran.get(), settled.restoring), (SETTLE_LOOKUPS, 300_000));
    assert_eq!((settled.lookups, settled.seed), (batch.lookups, batch.seed));
}
