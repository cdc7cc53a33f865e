//! How many operations a phase may have, and when a trial is given up. Times here are made up: a fake says
//! how long it took.

use std::cell::Cell;
use std::ops::Range;
use std::rc::Rc;

use physseg::backend::Capabilities;

use super::super::bench::Participant;
use super::super::trial::Trial;
use super::*;

const FREE: Capabilities = Capabilities {
    plug_after_boot: true,
    split: true,
    stable_handles: true,
    reuses_boot_records: true,
    linear_updates: false,
};
const LINEAR: Capabilities = Capabilities { linear_updates: true, ..FREE };
/// As the static array: its updates would be linear if it could do any.
const STATIC: Capabilities = Capabilities { plug_after_boot: false, split: false, ..LINEAR };

const MILLISECOND: u64 = 1_000_000;

/// A participant that does nothing and says that it took as long as it is told.
struct Fake {
    can: Capabilities,
    /// Nanoseconds of an operation, by its scenario and number.
    run_ns: fn(Scenario, usize) -> u64,
    prepare_ns: u64,
    room: fn(&Size) -> Result<(), String>,
    /// The most operations that it was ever prepared by.
    prepared: Rc<Cell<usize>>,
}

impl Default for Fake {
    fn default() -> Self {
        let prepared = Rc::default();
        Self { can: FREE, run_ns: |_, _| 1, prepare_ns: 1, room: |_| Ok(()), prepared }
    }
}

impl Churn for Fake {
    fn capabilities(&self) -> Option<Capabilities> {
        Some(self.can)
    }

    fn room(&self, size: &Size) -> Result<(), String> {
        (self.room)(size)
    }

    fn begin(&mut self, _work: &Work) -> Result<(), Stopped> {
        let none_yet = Size { segments: 0, frames: 0, bytes: 0 };
        assert!((self.room)(&none_yet).is_ok(), "begun without room");
        Ok(())
    }

    fn prepare(&mut self, _work: &Work, part: Range<usize>) -> Result<u64, Stopped> {
        self.prepared.set(self.prepared.get().max(part.end));
        Ok(part.len() as u64 * self.prepare_ns)
    }

    fn run(&mut self, work: &Work, part: Range<usize>) -> Result<u64, Stopped> {
        Ok(part.map(|n| (self.run_ns)(work.script.scenario, n)).sum())
    }

    fn verify(&self, _work: &Work) -> Result<(), String> {
        Ok(())
    }

    fn occupied(&self) -> Option<Occupied> {
        None
    }

    fn end(&mut self) {}
}

/// What a trial of fakes finds, the control being another fake so that no clock is read.
fn trial(layout: &str, scenario: Scenario, fakes: Vec<Fake>) -> Trial {
    try_out(layout, scenario, fakes, &mut || true).expect("not interrupted")
}

fn try_out(
    layout: &str,
    scenario: Scenario,
    fakes: Vec<Fake>,
    tick: &mut dyn FnMut() -> bool,
) -> Option<Trial> {
    let layout = layout::open(layout).expect("shipped");
    let segments = layout.final_segments().expect("checked");
    let plan = Plan { layout: &layout, segments: &segments };
    let all = fakes.into_iter().chain([Fake::default()]);
    let participants =
        all.map(|fake| Participant { name: "fake", churn: Box::new(fake) }).collect();
    ChurnBench { plan, participants }.trial(scenario, 1, tick).expect("nothing goes wrong")
}

#[test]
fn whose_updates_are_linear_shortens_everybodys_phases_from_the_start() {
    let limit = |can: Capabilities| {
        trial("frag-1gb", Scenario::Fragment, vec![Fake { can, ..Fake::default() }]).limit
    };
    assert_eq!(limit(FREE), 32_768);
    assert_eq!(limit(LINEAR), LINEAR_OPERATIONS_MAX);
    assert_eq!(limit(STATIC), 32_768, "who cannot take part shortens nothing");
}

#[test]
fn a_trial_ends_where_the_next_doubling_could_take_longer_than_a_phase() {
    let limit = |run_ns: fn(Scenario, usize) -> u64| {
        trial("frag-256mb", Scenario::Inflate, vec![Fake { run_ns, ..Fake::default() }]).limit
    };
    // 512 ms: a doubling that takes four times as long would take as long as a phase may.
    assert_eq!(limit(|_, _| MILLISECOND), 512);
    assert_eq!(limit(|_, n| n as u64 * 1_000), 1_024);
    assert_eq!(limit(|_, _| 1), 4_096, "all there is");
}

#[test]
fn no_more_is_inflated_to_be_deflated_than_a_phase_takes() {
    let prepared = Rc::default();
    let slow = Fake {
        run_ns: |scenario, _| if scenario == Scenario::Inflate { MILLISECOND } else { 1 },
        prepared: Rc::clone(&prepared),
        ..Fake::default()
    };
    assert_eq!(trial("frag-256mb", Scenario::Deflate, vec![slow]).limit, 512);
    assert_eq!(prepared.get(), 3 + 512, "load, boot, plug");
}

#[test]
fn who_does_not_get_to_the_beginning_in_a_minute_cannot() {
    let slow = Fake { prepare_ns: 1_000 * MILLISECOND, ..Fake::default() };
    let trial = trial("frag-64mb", Scenario::Replug, vec![Fake::default(), slow]);
    let [(1, reason)] = &trial.unsupported[..] else { panic!("{:?}", trial.unsupported) };
    assert!(
        reason.starts_with("more than 60 s for 6") && reason.ends_with("before it begins"),
        "{reason}"
    );
}

#[test]
fn a_table_that_gets_slower_and_slower_is_given_up_soon_after_a_minute() {
    let slow = Fake { run_ns: |_, n| n as u64 * MILLISECOND, ..Fake::default() };
    let trial = trial("frag-64mb", Scenario::Build, vec![slow]);
    let [(0, reason)] = &trial.unsupported[..] else { panic!("{:?}", trial.unsupported) };
    // n segments take n²/2 ms: a minute is over after 347.
    let done: Option<usize> = reason
        .strip_prefix("more than 60 s for ")
        .and_then(|rest| rest.split(' ').next()?.parse().ok());
    assert!(done.is_some_and(|done| (346..360).contains(&done)), "{reason}");
}

#[test]
fn a_trial_ends_when_asked_to() {
    for scenario in Scenario::ALL {
        for calls in 0..4 {
            let mut left = calls;
            let mut tick = || {
                left -= 1;
                left >= 0
            };
            assert_eq!(try_out("frag-64mb", scenario, vec![Fake::default()], &mut tick), None);
            assert_eq!(left, -1, "{scenario}: asked again after it had been told");
        }
    }
}

#[test]
fn without_memory_nothing_is_begun_and_the_others_go_on() {
    let refused = || Fake { room: |_| Err("no memory".to_owned()), ..Fake::default() };
    for scenario in Scenario::ALL {
        let one = trial("frag-64mb", scenario, vec![refused(), Fake::default()]);
        assert_eq!(one.unsupported, [(0, "no memory".to_owned())], "{scenario}");
        let all = trial("frag-64mb", scenario, vec![refused(), refused()]);
        assert!(!all.can(0) && !all.can(1), "{scenario}");
    }
}

#[test]
fn the_size_of_a_scenario_covers_what_it_takes() {
    each(|scenario, plan, work| {
        let size = Size::of(scenario, plan, usize::MAX).expect("a valid layout");
        assert!(size.segments >= work.segments_most as u64, "{scenario}: {size:?}");
        let span = plan.segments.last().expect("some").end().get();
        assert!(size.frames >= span - plan.segments[0].start().get(), "{scenario}: {size:?}");
        let operations = work.script.before.capacity() + work.script.timed.capacity();
        let steps = work.steps_before.capacity() + work.steps.capacity();
        let taken = operations * size_of::<Operation>()
            + steps * size_of::<super::super::step::Step>()
            + work.end.capacity() * size_of::<super::super::model::Expected>();
        assert!(size.bytes >= taken as u64, "{scenario}: {size:?}, {taken}");
        // And is not out of all proportion.
        let model = work.segments_most as u64 * super::super::model::BYTES_PER_SEGMENT;
        let is_large = work.segments_most > 1000;
        assert!(
            !is_large || size.bytes <= 3 * (taken as u64 + model),
            "{scenario}: {size:?}, {taken}"
        );
    });
}
