//! The arguments of `plugin`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Subcommand;

use super::values;

/// What can be done with a plugin.
#[derive(Subcommand, Debug)]
pub enum PluginAction {
    /// Make a directory with a working backend in C to begin with: source, header and Makefile
    New {
        /// The directory, which must not be there yet or be empty
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
    /// Try a backend of your own against what its interface demands, case by case
    Check {
        /// The shared object, as ./libmine.so
        file: PathBuf,
        /// Seed of the random operations
        #[arg(long, default_value_t = 1)]
        seed: u64,
        /// How long a single call, or a block of lookups, may take before it counts as hung: 5s, 10m [default: 10s, and
        /// 2s once one has hung]
        #[arg(long, value_name = "DUR", value_parser = values::duration, allow_hyphen_values = true)]
        patience: Option<Duration>,
        /// Where the process that the program starts for a case learns which
        #[arg(long, hide = true)]
        as_worker: bool,
    },
}
