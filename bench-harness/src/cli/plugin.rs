//! The arguments of `plugin`.

use std::path::PathBuf;

use clap::Subcommand;

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
        /// Where the process that the program starts for a case learns which
        #[arg(long, hide = true)]
        as_worker: bool,
    },
}
