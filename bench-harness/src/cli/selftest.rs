//! The arguments of `selftest`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{DEFAULT_SEED, values};
use crate::registry::Entry;

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
    /// How long a plugin may be at one thing before it counts as hung: 5s, 10m [default: 60s; 10s while it is loaded]
    #[arg(long, value_name = "DUR", value_parser = values::duration, allow_hyphen_values = true)]
    pub patience: Option<Duration>,
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
