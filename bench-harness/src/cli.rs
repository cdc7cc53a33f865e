//! The command line. Names here are a contract with users (docs/FORMATS.md): extend, never rename.

mod check;
mod churn;
mod compare;
mod format;
mod import;
mod plugin;
mod record;
mod recording;
mod selftest;
mod values;

pub use check::Check;
pub use churn::Churn;
pub use compare::{Compare, Judgement, Lookups};
pub use format::Format;
pub use import::Import;
pub use plugin::PluginAction;
pub use record::{Add, DEFAULT_RECORDS, RecordAction, Splice};
pub use recording::{From, ImportAddresses, RecordAddresses, Unit, WorkloadAction};
pub use selftest::Selftest;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

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
    /// Keep runs as records, and make the tables of documents from them
    Record {
        /// What to do with them.
        #[command(subcommand)]
        action: RecordAction,
    },
    /// Measure what is known, and count how often the program is right about it on this machine
    Selftest(Selftest),
    /// Keep a core busy until standard input ends; for `selftest --with-load`
    #[command(hide = true)]
    Busy,
    /// List what can be named on the command line
    List {
        /// What to list; everything if not given
        what: Option<Listed>,
        /// How results are printed
        #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
        format: Format,
    },
    /// Look at a layout, check one, or make one of a machine's memory map
    Layout {
        /// What to do with it.
        #[command(subcommand)]
        action: LayoutAction,
    },
    /// Work on a backend of your own, a shared object in C
    Plugin {
        /// What to do with it.
        #[command(subcommand)]
        action: PluginAction,
    },
    /// Make a workload of addresses that a running system touched, or look at one
    Workload {
        /// What to do with it.
        #[command(subcommand)]
        action: WorkloadAction,
    },
    /// Record the page frames that this machine touches, for the workload `recorded:FILE` (Linux, as root)
    RecordAddresses(RecordAddresses),
    /// Check what about this machine matters to a measurement, and what to do about it
    Doctor {
        /// How results are printed
        #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
        format: Format,
    },
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
    /// How results are printed
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    pub format: Format,
}

/// Arguments of `report`.
#[derive(Args, Debug)]
pub struct Report {
    /// Folder of a recorded run
    pub dir: PathBuf,
    /// Folder for the figures and pages [default: DIR/report; report/latest for results/latest]
    #[arg(long, value_name = "DIR")]
    pub report: Option<PathBuf>,
    /// Replace comparison.csv (of churn, churn-summary.csv) where earlier statistics made it
    #[arg(long)]
    pub refile: bool,
    /// How results are printed
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    pub format: Format,
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
        /// Draw the map as a figure into this file too; one that is there is replaced
        #[arg(long, value_name = "FILE")]
        svg: Option<PathBuf>,
    },
    /// Check a layout file, and say what is wrong with it
    Check {
        /// A TOML file
        #[arg(value_name = "FILE")]
        layout: String,
    },
    /// Make a layout of a boot log, or of another text that shows a machine's memory map
    Import(Import),
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
