//! How long a run takes: guessed from what is known before anything is built, corrected by the rounds
//! that have been measured.
//!
//! A round counts with all that belongs to it: lookups that settle a structure before each batch, answers
//! worked out to hold the measured ones against, files. So forecasts are held against the wall clock and
//! not against timed batches, which are about half of it. How long tables take to build is not guessed.

use std::time::Duration;

use super::measuring::WARM_UP_LOOKUPS;
use super::part::Part;
use super::plan::Plan;
use super::question::Planned;
use crate::measure::SETTLE_LOOKUPS;
use crate::record::{BASELINE, BatchEnd, Configuration, Status, SummaryRow};

/// A first guess, in nanoseconds a lookup for each halving of the segments, by which searches come to one.
/// Once something is measured, nothing is left of it but that many segments cost more than few.
const GUESS_NS: f64 = 7.0;
/// As many segments cost no less than this many.
const SEGMENTS_MIN: f64 = 8.0;
/// A first guess of what lies between two bursts of mode `cold`, in nanoseconds: branches and pages, and
/// for each byte that is gone through.
const BURST_GUESS_NS: f64 = 25_000.0;
const BYTE_GUESS_NS: f64 = 0.0125;

/// What is left of a run.
#[derive(Debug)]
pub(super) struct Forecast {
    pieces: Vec<Piece>,
    /// What is done, of ordinary batches and of bursts: how far the guess is off for one says nothing
    /// about the other.
    done: [Done; 2],
    /// Of which batch size and process the newest round is.
    newest: Option<(Configuration, u32)>,
}

/// Nanoseconds that what is done was guessed to take, and that it took.
#[derive(Clone, Copy, Debug, Default)]
struct Done {
    guessed_ns: f64,
    took_ns: f64,
}

/// What is left of one batch size.
#[derive(Debug)]
struct Piece {
    of: Configuration,
    /// Which of the two kinds it is: 1 for bursts.
    kind: usize,
    /// Guess of one participant's part in a round, and in the warm-up before the first of a process.
    batch_ns: f64,
    warm_up_ns: f64,
    /// Who takes part, the baseline too.
    participants: usize,
    /// Rounds of a process at most, and how long it may go on with them.
    rounds: u32,
    time: Option<Duration>,
    /// Of all processes: what is still to come of these, and the processes that have not begun.
    rounds_left: f64,
    time_left: Option<Duration>,
    processes_left: u32,
}

impl Forecast {
    /// All of `plan` but what is done: so many processes, or, where there is only one, so many rounds of
    /// each batch size (`None` if it has had enough).
    pub(super) fn of(
        plan: &Plan,
        processes_done: u32,
        rounds_done: impl Fn(&Configuration) -> Option<u32>,
    ) -> Self {
        let processes = match plan.processes {
            1 => 1,
            all => all.saturating_sub(processes_done),
        };
        let piece = |part: &Part, planned: &Planned| {
            let of = plan.configuration(part, planned.question, planned.lookups);
            let limits = planned.rounds.limits();
            let done = if plan.processes == 1 { rounds_done(&of) } else { Some(0) };
            let rounds = f64::from(limits.at_most) * f64::from(processes);
            let rounds_left = done.map_or(0.0, |done| (rounds - f64::from(done)).max(0.0));
            let (batch_ns, warm_up_ns) = guess(part, planned);
            Piece {
                of,
                kind: usize::from(planned.question.mode.burst().is_some()),
                batch_ns,
                warm_up_ns,
                participants: plan.backends.len() + 1,
                rounds: limits.at_most,
                time: limits.time,
                rounds_left,
                time_left: limits.time.map(|time| time.saturating_mul(processes)),
                processes_left: if rounds_left > 0.0 { processes } else { 0 },
            }
        };
        let piece = &piece;
        let pieces = plan
            .parts
            .iter()
            .flat_map(|part| part.batches.iter().map(move |planned| piece(part, planned)))
            .collect();
        Self { pieces, done: [Done::default(); 2], newest: None }
    }

    /// Notes who takes part in what.
    pub(super) fn take_part(&mut self, rows: &[SummaryRow]) {
        for piece in &mut self.pieces {
            let mut of_it = rows.iter().filter(|row| row.configuration() == piece.of).peekable();
            if of_it.peek().is_none() {
                continue;
            }
            let able = |row: &&SummaryRow| row.status == Status::Ok && row.backend != BASELINE;
            piece.participants = of_it.filter(able).count() + 1;
            if piece.participants == 1 {
                (piece.rounds_left, piece.processes_left) = (0.0, 0);
            }
        }
    }

    /// Notes a round of process `process`, which took so long with all that belongs to it. Before the
    /// first of a batch size there was a warm-up.
    pub(super) fn round_done(&mut self, of: &Configuration, process: u32, took: Duration) {
        let Some(piece) = self.pieces.iter_mut().find(|piece| piece.of == *of) else { return };
        let this = (of.clone(), process);
        let participants = piece.participants as f64;
        let done = &mut self.done[piece.kind];
        done.guessed_ns += piece.batch_ns * participants;
        done.took_ns += took.as_secs_f64() * 1e9;
        if self.newest.as_ref() != Some(&this) {
            done.guessed_ns += piece.warm_up_ns * participants;
            piece.processes_left = piece.processes_left.saturating_sub(1);
            self.newest = Some(this);
        }
        piece.rounds_left = (piece.rounds_left - 1.0).max(0.0);
        piece.time_left = piece.time_left.map(|time| time.saturating_sub(took));
    }

    /// Notes that a process has had enough of a batch size.
    pub(super) fn batch_ended(&mut self, end: &BatchEnd) {
        for piece in self.pieces.iter_mut().filter(|piece| end.is_of(&piece.of)) {
            piece.rounds_left = f64::from(piece.rounds) * f64::from(piece.processes_left);
            piece.time_left = piece.time.map(|time| time.saturating_mul(piece.processes_left));
        }
    }

    /// Whether rounds of every kind that is left have been measured, so that there is more than a guess.
    pub(super) fn is_measured(&self) -> bool {
        let measured = |kind: usize| self.done[kind].guessed_ns > 0.0;
        (measured(0) || measured(1))
            && self.pieces.iter().all(|piece| piece.rounds_left <= 0.0 || measured(piece.kind))
    }

    /// What has been measured took so long.
    pub(super) fn done(&self) -> Duration {
        of_ns(self.done.iter().map(|done| done.took_ns).sum())
    }

    /// What is left takes so long at most.
    pub(super) fn left(&self) -> Duration {
        let scales = self
            .done
            .map(|done| if done.guessed_ns > 0.0 { done.took_ns / done.guessed_ns } else { 1.0 });
        of_ns(self.pieces.iter().map(|piece| piece.left_ns(scales[piece.kind])).sum())
    }
}

impl Piece {
    fn left_ns(&self, scale: f64) -> f64 {
        let warm_ups = f64::from(self.processes_left) * self.warm_up_ns;
        let ns = (self.rounds_left * self.batch_ns + warm_ups) * self.participants as f64 * scale;
        self.time_left.map_or(ns, |time| ns.min(time.as_secs_f64() * 1e9))
    }
}

/// As a duration; what never ends is a very long one.
fn of_ns(ns: f64) -> Duration {
    Duration::try_from_secs_f64(ns / 1e9).unwrap_or(Duration::MAX)
}

/// Nanoseconds of one participant's batch and of its warm-up, by what is known beforehand.
fn guess(part: &Part, planned: &Planned) -> (f64, f64) {
    let lookup_ns = GUESS_NS * (part.segments.len() as f64).max(SEGMENTS_MIN).log2();
    let lookups = planned.lookups as f64;
    match planned.question.mode.burst() {
        None => {
            let with_settling = |lookups: f64| (lookups + SETTLE_LOOKUPS as f64) * lookup_ns;
            (with_settling(lookups), with_settling(WARM_UP_LOOKUPS as f64))
        }
        // Of a burst the lookups are the smallest part, and one burst is all that settles and warms up.
        Some(burst) => {
            let between_ns = BURST_GUESS_NS + BYTE_GUESS_NS * part.displaced_bytes as f64;
            let burst_ns = between_ns + burst as f64 * lookup_ns;
            let bursts = planned.lookups.div_ceil(burst) as f64;
            ((bursts + 1.0) * burst_ns, 2.0 * burst_ns)
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::{Cli, Command};
    use crate::record::Limit;

    /// What `compare` makes of these arguments.
    pub(in crate::cmd::session) fn plan(words: &str) -> Plan {
        let words = format!("bench-harness compare {words}");
        match Cli::try_parse_from(words.split_whitespace()).expect("valid").command {
            Command::Compare(args) => crate::cmd::compare::plan(&args).expect("a plan"),
            other => panic!("{other:?}"),
        }
    }

    fn anew(plan: &Plan) -> Forecast {
        Forecast::of(plan, 0, |_| Some(0))
    }

    fn first(plan: &Plan) -> Configuration {
        plan.configurations().next().expect("a batch size").0
    }

    #[test]
    fn more_of_anything_takes_longer() {
        let less = anew(&plan("--backends array,rbtree --lookups 1M --runs 10")).left();
        for more in [
            "--backends array,rbtree,section --lookups 1M --runs 10",
            "--backends array,rbtree --lookups 1M --runs 11",
            "--backends array,rbtree --lookups 1M,2M --runs 10",
            "--backends array,rbtree --lookups 2M --runs 10",
            "--backends array,rbtree --lookups 1M --runs 10 --target page,handle",
            "--backends array,rbtree --lookups 1M --runs 10 --processes 2",
            "--backends array,rbtree --lookups 1M --runs 10 --layout frag-64mb",
            "--backends array,rbtree --lookups 1M --runs 10 --mode cold:16",
        ] {
            assert!(anew(&plan(more)).left() > less, "{more}");
        }
    }

    #[test]
    fn what_is_left_is_as_slow_as_what_is_done() {
        let plan = plan("--backends array,rbtree --lookups 1M --runs 4");
        let of = first(&plan);
        let mut forecast = anew(&plan);
        assert!(!forecast.is_measured());
        // The warm-up has as many lookups as a round.
        forecast.round_done(&of, 0, Duration::from_secs(20));
        assert!(forecast.is_measured());
        let left_s = forecast.left().as_secs_f64();
        assert!((29.0..31.0).contains(&left_s), "{left_s}");
        for _ in 0..3 {
            forecast.round_done(&of, 0, Duration::from_secs(10));
        }
        assert_eq!((forecast.left(), forecast.done()), (Duration::ZERO, Duration::from_secs(50)));
    }

    #[test]
    fn how_long_bursts_take_is_not_known_from_other_batches() {
        let plan = plan("--backends array,rbtree --lookups 1K --runs 4 --mode trace,cold:16");
        let both: Vec<_> = plan.configurations().map(|(of, _)| of).collect();
        let mut forecast = anew(&plan);
        for _ in 0..4 {
            forecast.round_done(&both[0], 0, Duration::from_secs(1_000));
        }
        assert!(!forecast.is_measured());
        assert!(forecast.left() < Duration::from_secs(1_000), "as guessed for bursts");
        forecast.round_done(&both[1], 0, Duration::from_secs(100));
        assert!(forecast.is_measured());
        assert!(forecast.left() > Duration::from_secs(200), "as slow as the first");
    }

    #[test]
    fn nothing_is_expected_of_who_cannot_take_part() {
        let plan = plan("--backends array,rbtree --lookups 1M --runs 4 --layout frag-64mb");
        let mut forecast = anew(&plan);
        let all = forecast.left();
        let row = |backend: &str, able: bool| SummaryRow {
            status: if able { Status::Ok } else { Status::Unsupported("no room".to_owned()) },
            ..SummaryRow::unmeasured(&first(&plan), backend)
        };
        forecast.take_part(&[row("array", false), row("rbtree", true), row(BASELINE, true)]);
        assert!((forecast.left().as_secs_f64() / all.as_secs_f64() - 2.0 / 3.0).abs() < 1e-6);
        forecast.take_part(&[row("array", false), row("rbtree", false)]);
        assert_eq!(forecast.left(), Duration::ZERO);
    }

    #[test]
    fn a_run_that_goes_on_is_expected_to_do_what_is_left() {
        let one = plan("--backends array,rbtree --lookups 1M --runs 4");
        let (all, left) = (anew(&one).left(), Forecast::of(&one, 1, |_| Some(3)).left());
        assert!(left < all && left > Duration::ZERO, "{left:?} of {all:?}");
        assert_eq!(Forecast::of(&one, 1, |_| None).left(), Duration::ZERO);
        let three = plan("--backends array,rbtree --lookups 1M --runs 4 --processes 3");
        let (all, left) = (anew(&three).left(), Forecast::of(&three, 2, |_| Some(1)).left());
        assert!((left.as_secs_f64() * 3.0 / all.as_secs_f64() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn a_limit_of_time_is_the_most_and_ends_with_its_batch_size() {
        let plan = plan("--backends array,rbtree --lookups 1M,2M --precision 1");
        let mut forecast = anew(&plan);
        assert_eq!(forecast.left(), Duration::from_secs(120));
        let of = first(&plan);
        forecast.round_done(&of, 0, Duration::from_secs(1));
        assert_eq!(forecast.left(), Duration::from_secs(119));
        forecast.batch_ended(&BatchEnd {
            layout: of.layout,
            workload: of.workload,
            mode: of.mode,
            target: of.target,
            lookups: of.lookups,
            limit: Limit::Precision,
            rounds: 1,
            elapsed_s: 1.0,
            half_width_pct: None,
            wanted_half_width_pct: None,
            more_rounds: None,
            more_processes: None,
            more_s: None,
        });
        assert_eq!(forecast.left(), Duration::from_secs(60));
    }
}
