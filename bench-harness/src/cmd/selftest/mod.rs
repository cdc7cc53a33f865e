//! `selftest`: is the program right about itself, on this machine?
//!
//! Comparisons whose true answer is known (a backend against itself, and against itself doing some
//! lookups more than it is billed for) are measured and judged exactly as `compare` does. Counting
//! what came out gives the false-alarm rate, the power and the coverage that a user of this machine can expect.

mod compared;
mod files;
mod load;
mod scenario;
mod stand;
mod watched;

pub(super) use load::busy;
pub(super) use watched::work;

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::{Deserialize, Serialize};

use self::files::Files;
use self::load::Load;
use self::scenario::Scenario;
use self::stand::Stand;
use super::session::interrupt;
use super::{Failure, print};
use crate::cli::Selftest;
use crate::measure::Clockwork;
use crate::record::SelftestRun;
use crate::{layout, machine, report};

pub(super) fn run(args: &Selftest) -> Result<(), Failure> {
    let scenarios = chosen(args)?;
    interrupt::listen();
    let progress = progress(args, &scenarios);
    let mut heed = |seen: Seen| match seen {
        Seen::Began { .. } => {}
        Seen::At { what } => {
            progress.set_message(what);
            progress.tick();
        }
        Seen::Done { ms } => progress.inc(ms),
    };
    // Foreign code may end the process that it is measured in.
    let measured = match args.backend.plugin_file() {
        Some(_) => watched::measure(args, &mut heed),
        None => measure(args, &mut heed),
    };
    progress.finish_and_clear();
    let dir = measured?;
    let run = SelftestRun::read(&dir).map_err(Failure::running)?;
    print(report::selftest::terminal(&run, 80))?;
    report::selftest::render(&run, &dir).map_err(Failure::running)?;
    if !args.quiet {
        eprintln!("every comparison, figure and page: {}", dir.display());
    }
    Ok(())
}

/// What is seen of a self-test while it is measured.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "seen", rename_all = "snake_case")]
pub(super) enum Seen {
    /// It begins; comparisons will be in this folder.
    Began { dir: PathBuf },
    /// What is compared.
    At { what: String },
    /// So many milliseconds' worth of comparisons are done.
    Done { ms: u64 },
}

/// Measures what there is not yet, and says in which folder it is.
fn measure(args: &Selftest, heed: &mut dyn FnMut(Seen)) -> Result<PathBuf, Failure> {
    let scenarios = chosen(args)?;
    let layout = layout::open(&args.layout).context("--layout").map_err(Failure::input)?;
    let names: Vec<&str> = scenarios.iter().map(|scenario| scenario.name).collect();
    let mut files = Files::open(args, &names)?;
    let mut load = if args.with_load { Some(Load::start()?) } else { None };
    let pinned = machine::pin_to_one_core();
    let timer = files.environment();
    let clock = Clockwork {
        resolution_ns: timer.timer_resolution_ns,
        overhead_ns: timer.timer_overhead_ns,
    };
    let core = pinned.as_ref().ok().copied();
    let stand = |scenario| Stand::new(args.backend, &layout, scenario, clock, core);
    if let Some(first) = scenarios.first() {
        stand(first)?; // what cannot be built is found before anything is written
    }
    files.begin(machine::pinning_in_words(&pinned))?;
    heed(Seen::Began { dir: files.dir().to_owned() });
    for scenario in &scenarios {
        let stand = stand(scenario)?;
        for comparison in files.done(scenario.name)..scenario.comparisons {
            heed(Seen::At { what: format!("{} {}", scenario.name, comparison + 1) });
            if load.as_mut().is_some_and(|load| !load.is_at_work()) {
                files.write()?;
                return Err(Failure::running(anyhow!(
                    "--with-load: the busy program was ended from outside; --resume goes on"
                )));
            }
            let measured = compared::measure(&stand, scenario, comparison, args.seed)
                .inspect_err(|_| drop(files.write()))?;
            let Some(row) = measured else {
                files.write()?;
                return Err(interrupted(files.rows().len(), files.dir()));
            };
            files.push(row)?;
            heed(Seen::Done { ms: milliseconds(scenario.time.as_secs_f64()) });
        }
    }
    drop(load);
    files.finish()?;
    Ok(files.dir().to_owned())
}

/// What is said where somebody asked to stop.
fn interrupted(comparisons: usize, dir: &Path) -> Failure {
    let dir = dir.display();
    Failure::running(anyhow!(
        "interrupted after {comparisons} comparisons; they are in {dir}, and the same command with \
         --resume --out {dir} goes on"
    ))
}

/// The scenarios asked for, with the number of comparisons asked for.
fn chosen(args: &Selftest) -> Result<Vec<Scenario>, Failure> {
    let mut scenarios = if args.quick { scenario::quick() } else { scenario::thorough() };
    if !args.scenarios.is_empty() {
        let names: Vec<&str> = scenarios.iter().map(|scenario| scenario.name).collect();
        for name in &args.scenarios {
            if !names.contains(&name.as_str()) {
                let unknown = crate::names::UnknownName::new("scenario", name, &names);
                return Err(Failure::input(anyhow!("--scenarios: {unknown}")));
            }
        }
        scenarios.retain(|scenario| args.scenarios.iter().any(|name| name == scenario.name));
    }
    if let Some(comparisons) = args.comparisons {
        for scenario in &mut scenarios {
            scenario.comparisons = comparisons;
        }
    }
    Ok(scenarios)
}

fn progress(args: &Selftest, scenarios: &[Scenario]) -> ProgressBar {
    let shown = !args.quiet && std::io::IsTerminal::is_terminal(&std::io::stderr());
    let target = if shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let whole = scenarios.iter().map(|scenario| milliseconds(scenario.seconds())).sum();
    let bar = ProgressBar::with_draw_target(Some(whole), target);
    if let Ok(style) =
        ProgressStyle::with_template("{bar:20} {percent:>3} % {eta:>4} left  {wide_msg}")
    {
        bar.set_style(style);
    }
    bar
}

fn milliseconds(seconds: f64) -> u64 {
    // Hours at the most, and not negative.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let milliseconds = (1e3 * seconds) as u64;
    milliseconds
}
