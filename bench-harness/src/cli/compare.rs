//! The arguments of `compare`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::ArgPredicate;

use super::{DEFAULT_SEED, NO_FOLDER, Output, values};
use crate::layout::build::Build;
use crate::measure::{Mode, Target};
use crate::registry::{ArrayCapacity, Entry};
use crate::workload::{RngKind, WorkloadKind};

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
        "patience",
    ])]
    pub from: Vec<PathBuf>,
    /// Backends, comma-separated; the first is the reference
    #[arg(long, required_unless_present = "from", value_delimiter = ',', value_parser = values::backend)]
    pub backends: Vec<&'static Entry>,
    /// What the others are compared to
    #[arg(long, value_parser = values::backend)]
    pub reference: Option<&'static Entry>,
    /// A layout by name, a TOML file, or `recorded:FILE` for the memory that addresses were recorded on; can
    /// be given several times
    #[arg(long = "layout", value_name = "NAME|FILE", default_value = "paper-32x8")]
    pub layouts: Vec<String>,
    /// Lookups in a batch, comma-separated; K, M and G are powers of 1000; `auto` is as many as the
    /// timer needs, about 0.4 ms [default: 1K,10K,100K,1M,10M; auto with --precision or --max-time]
    #[arg(long, value_name = "N|auto", value_delimiter = ',', value_parser = values::lookups)]
    pub lookups: Vec<Lookups>,
    /// Rounds of every batch, in each process; with --precision or --max-time the least number of
    /// them [default: 20]
    #[arg(long, value_name = "N", value_parser = values::rounds, allow_negative_numbers = true)]
    pub runs: Option<u32>,
    /// Rounds go on until every change is known to so many percentage points to either side (95 %),
    /// for 60 s a batch size at most unless --max-time is given
    #[arg(long, value_name = "PCT", value_parser = values::precision, allow_negative_numbers = true)]
    pub precision: Option<f64>,
    /// Rounds go on until so much time is spent in all: 30s, 5m, 1h30m
    #[arg(long, value_name = "DUR", value_parser = values::duration, allow_hyphen_values = true)]
    pub max_time: Option<Duration>,
    /// How long a plugin may be at one thing (a batch, some thousand calls of building) before it counts as hung
    /// and is left out: 5s, 10m [default: 60s; 10s while it is loaded]
    #[arg(long, value_name = "DUR", value_parser = values::duration, allow_hyphen_values = true)]
    pub patience: Option<Duration>,
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
    /// How many segments an array may hold, up to 1048576 [default: the layout's `physseg_max`]
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
