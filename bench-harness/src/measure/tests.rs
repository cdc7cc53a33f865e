//! What a measurement must not let pass, shown by subjects that are wrong in one way each.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use physseg::{FrameRange, PageSize, Pfn};

use super::clock::Clock;
use super::timed::TimedRun;
use super::*;
use crate::layout::build::{BuiltBy, Plan};
use crate::layout::{Layout, LookupRange, Origin};
use crate::workload::{Addresses, Generator, Present, RngKind, WorkloadKind, Xoshiro};

type Answer = fn(Pfn) -> u64;

fn frames(start: u64, end: u64) -> FrameRange {
    FrameRange::new(Pfn::new(start), Pfn::new(end)).expect("not empty")
}

fn run(start: u64, end: u64, first_answer: u64) -> Run {
    Run { frames: frames(start, end), first_answer }
}

/// Two segments, [8, 16) and [24, 32).
fn segments() -> Vec<FrameRange> {
    vec![frames(8, 16), frames(24, 32)]
}

fn runs() -> Vec<Run> {
    vec![run(8, 16, 101), run(24, 32, 201)]
}

fn right(pfn: Pfn) -> u64 {
    match pfn.get() {
        frame @ 8..16 => frame + 93,
        frame @ 24..32 => frame + 177,
        _ => 0,
    }
}

fn layout() -> Layout {
    Layout {
        name: "two".to_owned(),
        description: String::new(),
        source: String::new(),
        page_size: PageSize::FOUR_KIB,
        physseg_max: 32,
        steps: Vec::new(),
        lookups: LookupRange { range: frames(0, 40), fold_below: None },
        origin: Origin::Shipped,
    }
}

/// What is present in [`layout`].
fn present() -> &'static Present {
    static PRESENT: LazyLock<Present> =
        LazyLock::new(|| Present::new(Arc::new(segments()), frames(0, 40)));
    &PRESENT
}

/// Every mode, with bursts of different lengths.
fn modes() -> [Mode; 6] {
    ["inline", "trace", "chain", "cold:1", "cold:7", "cold:2048"]
        .map(|name| name.parse().expect(name))
}

fn batch(layout: &Layout, mode: Mode) -> Batch<'_> {
    Batch {
        workload: WorkloadKind::Uniform,
        rng: RngKind::Xoshiro256pp,
        mode,
        target: Target::Page,
        layout,
        present: present(),
        lookups: 5_000,
        seed: 11,
        order_seed: 12,
        displaced_bytes: 1 << 12,
        descriptors: &[],
    }
}

/// A batch that was run: who ran it, how many lookups, from which seed.
type Log = Rc<RefCell<Vec<(&'static str, u64, u64)>>>;

struct Fake {
    name: &'static str,
    walk: Option<Vec<Run>>,
    single: Answer,
    by_address: Answer,
    in_batches: Answer,
    check: Result<(), String>,
    log: Log,
}

impl Fake {
    fn right(name: &'static str) -> Self {
        Self {
            name,
            walk: Some(runs()),
            single: right,
            by_address: right,
            in_batches: right,
            check: Ok(()),
            log: Log::default(),
        }
    }
}

struct By(Answer);

impl Lookup for By {
    fn answer(&self, pfn: Pfn) -> u64 {
        (self.0)(pfn)
    }
}

impl Subject for Fake {
    fn run(&self, batch: &Batch<'_>) -> Timed {
        self.log.borrow_mut().push((self.name, batch.lookups, batch.seed));
        batch.run(&By(self.in_batches))
    }

    fn run_twin(&self, batch: &Batch<'_>) -> Timed {
        self.log.borrow_mut().push(("second copy", batch.lookups, batch.seed));
        batch.run(&Twin(By(self.in_batches)))
    }

    fn answer(&self, _: Target, pfn: Pfn) -> u64 {
        (self.single)(pfn)
    }

    fn answer_by_address(&self, pfn: Pfn) -> Option<u64> {
        Some((self.by_address)(pfn))
    }

    fn walk(&self, _: Target) -> Option<Vec<Run>> {
        self.walk.clone()
    }

    fn check(&self) -> Result<(), String> {
        self.check.clone()
    }

    fn facts(&self) -> Facts {
        Facts {
            built_by: BuiltBy::Final,
            build_s: 0.0,
            bytes_total: 0,
            index_bytes: 0,
            segments: 2,
            frames: 2,
        }
    }
}

fn prepare(fakes: Vec<Fake>) -> Result<Bench, MeasureError> {
    let (layout, segments) = (layout(), segments());
    let plan = Plan { layout: &layout, segments: &segments };
    let tables = fakes.into_iter().map(|fake| (fake.name, Ok(Box::new(fake) as Box<dyn Subject>)));
    Bench::prepare(&plan, tables, &[Target::Page])
}

fn round(in_batches: Answer, mode: Mode) -> Result<Option<Vec<Sample>>, MeasureError> {
    let wrong = Fake { in_batches, ..Fake::right("wrong") };
    let bench = prepare(vec![Fake::right("right"), wrong]).expect("right in single lookups");
    bench.round(&batch(&layout(), mode), 3, || true)
}

#[test]
fn one_wrong_frame_is_found_before_anything_is_timed() {
    let wrong_page: Answer = |pfn| if pfn.get() == 27 { 202 } else { right(pfn) };
    let false_hit: Answer = |pfn| if pfn.get() == 16 { 1 } else { right(pfn) };
    let beyond: Answer = |pfn| if pfn.get() == 40 { 1 } else { right(pfn) };
    let missed: Answer = |pfn| if pfn.get() == 8 { 0 } else { right(pfn) };
    for (frame, single) in [(27, wrong_page), (16, false_hit), (40, beyond), (8, missed)] {
        let fake = Fake { single, by_address: single, ..Fake::right("wrong") };
        match prepare(vec![Fake::right("right"), fake]) {
            Err(MeasureError::WrongAnswer { backend, pfn, expected, given }) => {
                let pfn_wanted = Pfn::new(frame);
                assert_eq!((backend.as_str(), pfn), ("wrong", pfn_wanted));
                assert_eq!((expected, given), (right(pfn), single(pfn)));
            }
            other => panic!("frame {frame}: {other:?}"),
        }
    }
}

#[test]
fn a_page_must_be_found_by_its_address_too() {
    let by_address: Answer = |pfn| if pfn.get() == 30 { 0 } else { right(pfn) };
    match prepare(vec![Fake { by_address, ..Fake::right("wrong") }]) {
        Err(MeasureError::WrongByAddress { pfn, by_frame, by_address, .. }) => {
            assert_eq!((pfn, by_frame, by_address), (Pfn::new(30), 207, 0));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_table_that_is_not_the_layout_is_found() {
    let walks = [
        (None, "no page descriptors"),
        (Some(vec![run(8, 16, 101)]), "meets 1 segments"),
        (Some(vec![run(8, 16, 101), run(25, 33, 201)]), "the walk meets"),
        (Some(vec![run(8, 25, 101), run(24, 32, 201)]), "the walk meets"),
        (Some(vec![run(8, 16, 101), run(24, 32, 108)]), "share an answer"),
        (Some(vec![run(8, 16, 101), run(24, 32, 101)]), "share an answer"),
    ];
    for (walk, words) in walks {
        match prepare(vec![Fake { walk, ..Fake::right("wrong") }]) {
            Err(MeasureError::WrongTable { what, .. }) => assert!(what.contains(words), "{what}"),
            other => panic!("{words}: {other:?}"),
        }
    }
    let broken = Fake { check: Err("two red nodes".to_owned()), ..Fake::right("wrong") };
    assert!(matches!(
        prepare(vec![broken]),
        Err(MeasureError::WrongTable { what, .. }) if what == "two red nodes"
    ));
}

#[test]
fn answers_wrong_only_in_batches_are_found() {
    let off_by_one: Answer = |pfn| right(pfn).wrapping_add(u64::from(right(pfn) != 0));
    let never: Answer = |_| 0;
    for mode in modes() {
        for in_batches in [off_by_one, never] {
            match round(in_batches, mode) {
                Err(MeasureError::WrongBatch { backend, round, expected, given }) => {
                    assert_eq!((backend.as_str(), round), ("wrong", 3));
                    assert_ne!(expected, given);
                }
                other => panic!("{other:?}"),
            }
        }
        assert!(matches!(round(right, mode), Ok(Some(samples)) if samples.len() == 3));
    }
}

#[test]
fn errors_that_cancel_in_the_checksum_are_found_by_the_hits() {
    thread_local!(static CARRIED: Cell<u64> = const { Cell::new(0) });
    // Frame 8 misses; the next frame that is not it gives the lost answers back.
    let in_batches: Answer = |pfn| {
        if pfn.get() == 8 {
            CARRIED.set(CARRIED.get() + right(pfn));
            return 0;
        }
        match right(pfn) {
            0 => 0,
            answer => answer + CARRIED.take(),
        }
    };
    let seeds_end_carried = |seed| {
        let layout = layout();
        let fake = Fake { in_batches, ..Fake::right("wrong") };
        let bench = prepare(vec![fake]).expect("right in single lookups");
        let batch = Batch { seed, ..batch(&layout, Mode::Inline) };
        let outcome = bench.round(&batch, 0, || true);
        match outcome {
            Err(MeasureError::WrongBatch { expected, given, .. }) => {
                assert!(given.hits < expected.hits);
                expected.checksum == given.checksum
            }
            other => panic!("{other:?}"),
        }
    };
    assert!((0..20).any(seeds_end_carried), "no seed where the checksum is right");
}

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
    let mut addresses = addresses.clone();
    match mode {
        Mode::Inline => run.inline(addresses),
        Mode::Trace => run.trace(&mut addresses),
        Mode::Chain => run.chain(&mut addresses),
        Mode::Cold(burst) => {
            let other_work = run.clock.clone();
            // As if it took so long, by either clock.
            let work = || other_work.0.set(other_work.0.get() + 1_000_000);
            run.cold(&mut addresses, usize::from(burst.get()), work)
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

/// Every workload that the two segments allow.
fn workloads() -> [WorkloadKind; 7] {
    ["uniform", "atf", "hits", "misses", "sequential", "zipf:1.1", "repeat:0.9"]
        .map(|name| name.parse().expect(name))
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

/// Tables of two structures, one built in another order, so that names of pages differ.
fn tables() -> Vec<(&'static str, Outcome)> {
    use physseg::backend::{Array, Bsearch, RbTree};
    let (layout, segments) = (layout(), segments());
    let plan = Plan { layout: &layout, segments: &segments };
    let how = crate::layout::build::Build::Final;
    let array = plan.build(how, |_| Array::<Bsearch>::new(None)).expect("two segments");
    let tree = plan.build(how, RbTree::with_boot_capacity).expect("two segments");
    vec![("array", Ok(Box::new(array))), ("rbtree", Ok(Box::new(tree)))]
}

#[test]
fn every_target_is_asked_of_the_same_tables_and_checked() {
    let (layout, segments) = (layout(), segments());
    let plan = Plan { layout: &layout, segments: &segments };
    let bench = Bench::prepare(&plan, tables(), &Target::ALL).expect("right");
    for target in Target::ALL {
        assert_eq!(bench.supported(target).count(), 2);
        for (workload, mode) in workloads().into_iter().flat_map(|w| modes().map(|m| (w, m))) {
            let batch = Batch { workload, target, ..batch(&layout, mode) };
            let samples = bench.round(&batch, 0, || true).expect("right answers");
            let samples = samples.expect("not abandoned");
            assert_eq!(samples.len(), 3);
            let sums: Vec<u64> = samples
                .iter()
                .filter(|sample| sample.backend.is_some())
                .map(|sample| sample.timed.answers.checksum)
                .collect();
            assert!(target == Target::Handle || sums[0] == sums[1], "{target}, {workload}");
        }
    }
    assert_eq!(bench.descriptor_bytes(), 16 * 128, "one array for both");
    assert_eq!(bench.unsupported("array", Target::Touch), None);
}

#[test]
fn a_wrong_descriptor_is_found() {
    let layout = layout();
    let (_, array) = tables().remove(0);
    let subject = array.expect("built");
    let pages = subject.walk(Target::Page).expect("pages");
    let descriptors = descriptors_of(&pages).expect("sixteen");
    let oracle = Oracle::new(subject.walk(Target::Touch).expect("pages"));
    let touch = Batch { target: Target::Touch, ..batch(&layout, Mode::Trace) };
    let answers = |descriptors: &[Descriptor]| subject.run(&Batch { descriptors, ..touch }).answers;
    let expected = oracle.expect(&touch).lookups;
    assert_eq!(answers(&descriptors), expected);
    let mut wrong = descriptors.clone();
    wrong.swap(3, 12);
    wrong[5] = wrong[6];
    assert_ne!(answers(&wrong), expected);
    assert_eq!(answers(&[]), Answers::default(), "no array: every lookup misses");
}

#[test]
fn too_many_descriptors_leave_the_other_targets_alone() {
    // Two segments of 16 GiB.
    let segments = vec![frames(0, 1 << 22), frames(1 << 24, (1 << 24) + (1 << 24))];
    let layout =
        Layout { lookups: LookupRange { range: frames(0, 64), fold_below: None }, ..layout() };
    let plan = Plan { layout: &layout, segments: &segments };
    let array = || {
        use physseg::backend::{Array, Bsearch};
        let how = crate::layout::build::Build::Final;
        plan.build(how, |_| Array::<Bsearch>::new(None)).expect("two segments")
    };
    let tables = [("array", Ok(Box::new(array()) as Box<dyn Subject>))];
    let bench = Bench::prepare(&plan, tables, &[Target::Touch, Target::Page]).expect("right");
    let why = bench.unsupported("array", Target::Touch).expect("too many");
    assert_eq!(why, "descriptors of 20971520 frames take 2.5 GiB, more than 2 GiB");
    assert_eq!(bench.unsupported("array", Target::Page), None);
    assert_eq!(
        (bench.supported(Target::Touch).count(), bench.samples_per_round(Target::Page)),
        (0, 2)
    );
    let touch = Batch { target: Target::Touch, ..batch(&layout, Mode::Trace) };
    let samples = bench.round(&touch, 0, || true).expect("nobody is wrong").expect("a baseline");
    assert_eq!(samples.len(), 1);
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
fn the_dense_oracle_answers_as_the_search() {
    for seed in 0..20 {
        let mut generator = Xoshiro::seeded(seed);
        let (mut runs, mut at, mut answer) = (Vec::new(), generator.below(100), 1);
        for _ in 0..50 {
            let (start, length) = (at + generator.below(5), 1 + generator.below(9));
            runs.push(run(start, start + length, answer));
            (at, answer) = (start + length, answer + length + generator.below(3));
        }
        let near = Oracle::new(runs.clone());
        // One more run, too far away for a table of words.
        runs.push(run(1 << 40, (1 << 40) + 3, 1 << 50));
        let far = Oracle::new(runs);
        for frame in 0..at + 10 {
            let pfn = Pfn::new(frame);
            assert_eq!(near.answer(pfn), near.search(pfn), "frame {frame}, seed {seed}");
            assert_eq!(near.answer(pfn), far.answer(pfn), "frame {frame}, seed {seed}");
        }
        assert_eq!(far.answer(Pfn::new((1 << 40) + 2)), (1 << 50) + 2);
        assert_eq!(near.answer(Pfn::new(u64::MAX)), 0);
    }
}

#[test]
fn a_real_table_is_found_by_address() {
    use physseg::backend::{Array, Bsearch};
    let segments = segments();
    let layout = layout();
    let plan = Plan { layout: &layout, segments: &segments };
    let built = plan
        .build(crate::layout::build::Build::Final, |_| Array::<Bsearch>::new(None))
        .expect("two segments");
    for frame in 0..40 {
        let pfn = Pfn::new(frame);
        assert_eq!(built.answer_by_address(pfn), Some(built.answer(Target::Page, pfn)));
        assert_eq!(built.answer_by_address(pfn) == Some(0), right(pfn) == 0);
    }
    assert_eq!(built.answer_by_address(Pfn::new(u64::MAX)), None);
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
