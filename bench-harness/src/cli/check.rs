//! The arguments of `check`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{Format, values};

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
    /// How long a plugin may go without a sign of life [default: 60s; 10s while it is loaded]
    #[arg(long, value_name = "DUR", value_parser = values::duration)]
    pub patience: Option<Duration>,
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
    /// How results are printed
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table)]
    pub format: Format,
}
