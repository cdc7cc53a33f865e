//! The command line. Names here are a contract with users (docs/FORMATS.md): extend, never rename.

mod values;

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::ArgPredicate;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::layout::build::Build;
use crate::measure::churn::Scenario;
use crate::measure::{Mode, Target};
use crate::registry::{ArrayCapacity, Entry};
use crate::workload::{RngKind, WorkloadKind};

/// What a segment backend costs, with the uncertainty of the answer.
#[derive(Parser, Debug)]
#[command(name = "bench-harness", version, about, long_about = None, max_term_width = 100)]
#[command(
    after_help = "Exit status: 0 done; 1 failed while running (what was measured is on disk); \
    2 bad arguments or input; 3 something is slower than --gate allows."
)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Measure the paper's two experiments on this machine, beside the paper's figures
    Reproduce(Reproduce),
    /// Compare backends on layouts of your choice, or recorded runs
    Compare(Compare),
    /// Measure a recorded run anew, and fail if anything became slower than allowed
    Check(Check),
    /// Measure plug and unplug, operation by operation, and the extent's share of them
    Churn(Churn),
    /// Render the figures and tables of a recorded run again, from its files alone
    Report(Report),
    /// Measure what is known, and count how often the program is right about it on this machine
    Selftest(Selftest),
    /// Keep a core busy until standard input ends; for `selftest --with-load`
    #[command(hide = true)]
    Busy,
    /// List what can be named on the command line
    List {
        /// What to list; everything if not given
        what: Option<Listed>,
    },
    /// Look at a layout, or check one
    Layout {
        /// What to do with it.
        #[command(subcommand)]
        action: LayoutAction,
    },
    /// Check what about this machine matters to a measurement, and what to do about it
    Doctor,
    /// Print a completion script for a shell
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page (roff)
    Man,
    /// What the program starts itself with, one process after the other
    #[command(hide = true)]
    Worker {
        /// The arguments of the run
        #[arg(last = true)]
        words: Vec<OsString>,
    },
}

/// Arguments of `reproduce`.
#[derive(Args, Debug)]
#[command(args_override_self = true)]
pub struct Reproduce {
    /// How thoroughly
    #[arg(long, value_enum, default_value_t = Profile::Figure)]
    pub profile: Profile,
    /// Seed of all addresses
    #[arg(long, default_value_t = DEFAULT_SEED)]
    pub seed: u64,
    /// How changes are judged
    #[command(flatten)]
    pub judgement: Judgement,
    /// Where results go and how much is said on the way
    #[command(flatten)]
    pub output: Output,
}

/// How thoroughly the paper's experiments are repeated.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Profile {
    /// Everything once over with few lookups: under a minute
    Quick,
    /// The real 100M lookups until the change is known to +-1 %: under five minutes
    Figure,
    /// 100 runs of everything, as the paper: about an hour, can be resumed
    Paper,
}

/// Arguments of `compare`.
#[derive(Args, Debug)]
#[command(args_override_self = true)]
// Recorded runs are compared in the terminal; only a folder that is named gets files.
#[command(mut_arg("out", |out| out.default_value_if("from", ArgPredicate::IsPresent, NO_FOLDER)))]
pub struct Compare {
    /// Folder of a recorded run; given twice or more, the others are compared with the first
    #[arg(long, value_name = "DIR", conflicts_with_all = [
        "backends", "reference", "layouts", "lookups", "runs", "workload", "mode", "target", "rng",
        "seed", "array_capacity", "build", "resume", "no_progress", "precision", "max_time", "processes",
    ])]
    pub from: Vec<PathBuf>,
    /// Backends, comma-separated; the first is the reference
    #[arg(long, required_unless_present = "from", value_delimiter = ',', value_parser = values::backend)]
    pub backends: Vec<&'static Entry>,
    /// What the others are compared to
    #[arg(long, value_parser = values::backend)]
    pub reference: Option<&'static Entry>,
    /// A layout by name, or a TOML file; can be given several times
    #[arg(long = "layout", value_name = "NAME|FILE", default_value = "paper-32x8")]
    pub layouts: Vec<String>,
    /// Lookups in a batch, comma-separated; K, M and G are powers of 1000; `auto` is as many as the
    /// timer needs, about 0.4 ms [default: 1K,10K,100K,1M,10M; auto with --precision or --max-time]
    #[arg(long, value_name = "N|auto", value_delimiter = ',', value_parser = values::lookups)]
    pub lookups: Vec<Lookups>,
    /// Rounds of every batch, in each process; with --precision or --max-time the least number of
    /// them [default: 10]
    #[arg(long, value_name = "N", value_parser = values::rounds, allow_negative_numbers = true)]
    pub runs: Option<u32>,
    /// Rounds go on until every change is known to so many percentage points to either side (95 %),
    /// for 60 s a batch size at most unless --max-time is given
    #[arg(long, value_name = "PCT", value_parser = values::precision, allow_negative_numbers = true)]
    pub precision: Option<f64>,
    /// Rounds go on until so much time is spent in all: 30s, 5m, 1h30m
    #[arg(long, value_name = "DUR", value_parser = values::duration, allow_hyphen_values = true)]
    pub max_time: Option<Duration>,
    /// Which addresses are looked up, comma-separated; every workload is combined with every mode and
    /// target, all on the same tables (`list workloads` has their names)
    #[arg(long, default_value = "uniform", value_name = "W", value_delimiter = ',', value_parser = values::workload)]
    pub workload: Vec<WorkloadKind>,
    /// When addresses are drawn, and what lies between two lookups, comma-separated: inline, trace,
    /// chain, cold:K [default: inline; trace if a workload cannot be drawn inside the timed loop]
    #[arg(long, value_name = "M", value_delimiter = ',', value_parser = values::mode)]
    pub mode: Vec<Mode>,
    /// What is asked, comma-separated: the page, the segment's handle, or the page with its
    /// descriptor touched
    #[arg(long, default_value = "page", value_name = "T", value_delimiter = ',', value_parser = values::target)]
    pub target: Vec<Target>,
    /// Random number generator
    #[arg(long, default_value = "xoshiro256++", value_name = "R")]
    pub rng: RngKind,
    /// Seed of all addresses
    #[arg(long, default_value_t = DEFAULT_SEED)]
    pub seed: u64,
    /// How many segments an array may hold [default: the layout's `physseg_max`]
    #[arg(long, value_name = "N|unlimited", value_parser = values::array_capacity)]
    pub array_capacity: Option<ArrayCapacity>,
    /// Carry out the layout's steps, or load what remains at boot (auto: as the backend can)
    #[arg(long, default_value = "auto", value_name = "auto|replay|final", value_parser = values::build)]
    pub build: Build,
    /// How changes are judged
    #[command(flatten)]
    pub judgement: Judgement,
    /// Where results go and how much is said on the way
    #[command(flatten)]
    pub output: Output,
}

/// How many lookups a batch has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lookups {
    /// So many.
    Count(u64),
    /// As many as the timer needs.
    Auto,
}

/// How changes are judged.
#[derive(Args, Debug)]
pub struct Judgement {
    /// Measure in so many processes, one after the other, each with a placement in memory of its own;
    /// with more than one, each is one piece of evidence
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = values::processes, allow_negative_numbers = true)]
    pub processes: u32,
    /// Changes within so many percent count as the same
    #[arg(long, value_name = "PCT", default_value = "1", value_parser = values::equivalence, allow_negative_numbers = true)]
    pub equivalence: f64,
    /// End with status 3 if a backend is shown to be slower than the reference, or with --from than
    /// before, by more than so many percent
    #[arg(long, value_name = "PCT", value_parser = values::gate, allow_negative_numbers = true)]
    pub gate: Option<f64>,
}

/// Arguments of `check`.
#[derive(Args, Debug)]
#[command(args_override_self = true)]
pub struct Check {
    /// Folder of the recorded run
    #[arg(long, value_name = "DIR")]
    pub against: PathBuf,
    /// How many percent slower is allowed
    #[arg(long, value_name = "PCT", default_value = "5", value_parser = values::gate)]
    #[arg(allow_negative_numbers = true)]
    pub gate: f64,
    /// Changes within so many percent count as the same
    #[arg(long, value_name = "PCT", default_value = "1", value_parser = values::equivalence)]
    #[arg(allow_negative_numbers = true)]
    pub equivalence: f64,
    /// Rounds of every batch [default: as recorded]
    #[arg(long, value_name = "N", value_parser = values::rounds, allow_negative_numbers = true)]
    pub runs: Option<u32>,
    /// Measure no longer than this, as 90s or 5m (two rounds of everything at least)
    #[arg(long, value_name = "DUR", value_parser = values::duration)]
    pub max_time: Option<Duration>,
    /// Folder for the new run [default: results/check-RUN_ID]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Go on with the check in that folder where it was cut off
    #[arg(long, requires = "out")]
    pub resume: bool,
    /// Print results only
    #[arg(long)]
    pub quiet: bool,
    /// No progress bar
    #[arg(long)]
    pub no_progress: bool,
}

/// Arguments of `churn`.
#[derive(Args, Debug)]
#[command(args_override_self = true)]
pub struct Churn {
    /// Backends, comma-separated
    #[arg(long, required = true, value_delimiter = ',', value_parser = values::backend)]
    pub backends: Vec<&'static Entry>,
    /// What the others are compared to [default: the first backend that can do the scenario]
    #[arg(long, value_parser = values::backend)]
    pub reference: Option<&'static Entry>,
    /// A layout by name, or a TOML file; can be given several times
    #[arg(long = "layout", value_name = "NAME|FILE", default_value = "frag-256mb")]
    pub layouts: Vec<String>,
    /// Only these, comma-separated: build, fragment, inflate, deflate, replug
    #[arg(long, value_name = "NAME", value_delimiter = ',', value_parser = values::scenario)]
    pub scenarios: Vec<Scenario>,
    /// Rounds of every scenario
    #[arg(long, value_name = "N", default_value = "20", value_parser = values::rounds, allow_negative_numbers = true)]
    pub runs: u32,
    /// Seed of everything that is random in a scenario
    #[arg(long, default_value_t = DEFAULT_SEED)]
    pub seed: u64,
    /// Changes within so many percent count as the same
    #[arg(long, value_name = "PCT", default_value = "1", value_parser = values::equivalence, allow_negative_numbers = true)]
    pub equivalence: f64,
    /// Folder for the CSV files and environment.json
    #[arg(long, value_name = "DIR", default_value = DEFAULT_CHURN_OUT)]
    pub out: PathBuf,
    /// Go on with the run in the folder where it was cut off
    #[arg(long)]
    pub resume: bool,
    /// Print results only
    #[arg(long)]
    pub quiet: bool,
    /// No progress bar
    #[arg(long)]
    pub no_progress: bool,
}

/// Where results go and how much is said on the way.
#[derive(Args, Debug)]
pub struct Output {
    /// Folder for the CSV files and environment.json
    #[arg(long, value_name = "DIR", default_value = DEFAULT_OUT)]
    pub out: PathBuf,
    /// Go on with the run in the folder where it was cut off
    #[arg(long)]
    pub resume: bool,
    /// Print results only
    #[arg(long)]
    pub quiet: bool,
    /// No progress bar
    #[arg(long)]
    pub no_progress: bool,
}

/// Arguments of `selftest`.
#[derive(Args, Debug)]
#[command(args_override_self = true)]
#[allow(clippy::struct_excessive_bools)] // each is a flag of its own
pub struct Selftest {
    /// Once over, under a minute; the whole of it takes most of an hour
    #[arg(long)]
    pub quick: bool,
    /// Keep another core busy meanwhile
    #[arg(long)]
    pub with_load: bool,
    /// Only these scenarios, comma-separated, as the table names them
    #[arg(long, value_delimiter = ',', value_name = "NAME")]
    pub scenarios: Vec<String>,
    /// So many comparisons of each scenario
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub comparisons: Option<u64>,
    /// The backend that is compared with itself
    #[arg(long, default_value = "array", value_parser = values::backend)]
    pub backend: &'static Entry,
    /// The layout that it is built on
    #[arg(long, default_value = "paper-32x8", value_name = "NAME|FILE")]
    pub layout: String,
    /// Seed of all addresses and orders
    #[arg(long, default_value_t = DEFAULT_SEED)]
    pub seed: u64,
    /// Folder for selftest.csv and what is made of it [default: results/selftest-RUN]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Go on with the self-test in the folder where it was cut off
    #[arg(long, requires = "out")]
    pub resume: bool,
    /// Print results only
    #[arg(long)]
    pub quiet: bool,
}

/// Arguments of `report`.
#[derive(Args, Debug)]
pub struct Report {
    /// Folder of a recorded run
    pub dir: PathBuf,
    /// Folder for the figures and report.md [default: DIR/report; report/latest for results/latest]
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
}

/// What can be listed.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Listed {
    /// Data structures
    Backends,
    /// Memory layouts
    Layouts,
    /// Address streams and generators, modes and targets
    Workloads,
    /// When addresses are drawn, and what lies between two lookups
    Modes,
    /// What is asked
    Targets,
}

/// What can be done with a layout.
#[derive(Subcommand, Debug)]
pub enum LayoutAction {
    /// Draw a layout: segments, holes, sizes
    Show {
        /// A shipped layout, `this-machine`, or a TOML file
        #[arg(value_name = "NAME|FILE")]
        layout: String,
    },
    /// Check a layout file, and say what is wrong with it
    Check {
        /// A TOML file
        #[arg(value_name = "FILE")]
        layout: String,
    },
}

/// Where results go unless said otherwise.
pub const DEFAULT_OUT: &str = "results/latest";

/// Where the results of `churn` go unless said otherwise.
pub const DEFAULT_CHURN_OUT: &str = "results/churn-latest";

/// What `--out` is with `--from` unless said otherwise: results go to standard output alone.
pub const NO_FOLDER: &str = "-";

/// Addresses are the same from run to run unless another seed is given: two runs then differ by the
/// machine alone.
const DEFAULT_SEED: u64 = 20_170_921;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
