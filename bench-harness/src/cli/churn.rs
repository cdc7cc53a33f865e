//! The arguments of `churn`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{DEFAULT_CHURN_OUT, DEFAULT_SEED, Format, values};
use crate::measure::churn::Scenario;
use crate::registry::Entry;

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
    /// How long a plugin may be at one thing (a timed phase, a part of what leads to one) before it counts as hung
    /// and is left out: 5s, 10m [default: 3m; 10s while it is loaded]
    #[arg(long, value_name = "DUR", value_parser = values::duration, allow_hyphen_values = true)]
    pub patience: Option<Duration>,
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
    /// How results are printed
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    pub format: Format,
}
