//! Arguments of `workload` and `record-addresses`.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand, ValueEnum};
use physseg::PageSize;

use super::import::page_size;
use super::values;
use crate::recording::Source;

/// What can be done with recorded addresses.
#[derive(Subcommand, Debug)]
pub enum WorkloadAction {
    /// Make a recording of a kernel's trace, of a pagemap, or of plain numbers
    Import(ImportAddresses),
    /// Say what is in a recording, and how local its addresses are, beside as many at random
    Show {
        /// A recording that comes with the program, or a file
        #[arg(value_name = "NAME|FILE")]
        recording: String,
        /// Look at it on this layout [default: the one recorded with it]
        #[arg(long, value_name = "NAME|FILE")]
        layout: Option<String>,
    },
}

/// Arguments of `workload import`.
#[derive(Args, Debug)]
#[command(args_override_self = true)]
pub struct ImportAddresses {
    /// A trace, a pagemap or numbers, or `-` for standard input; .gz is undone
    #[arg(value_name = "FILE|-")]
    pub file: String,
    /// What it is; `auto` finds out
    #[arg(long, default_value = "auto", value_parser = from(), hide_possible_values = false)]
    pub from: From,
    /// What plain numbers are
    #[arg(long, value_enum, default_value_t = Unit::Pfn)]
    pub unit: Unit,
    /// Name of the recording [default: the file's]
    #[arg(long)]
    pub name: Option<String>,
    /// The memory that the addresses are of; kept in the recording
    #[arg(long, value_name = "NAME|FILE")]
    pub layout: Option<String>,
    /// Page size of the machine, in bytes
    #[arg(long, value_name = "BYTES", default_value = "4096", value_parser = page_size)]
    pub page_size: PageSize,
    /// Take only so many addresses, the first ones [default: 67108864]
    #[arg(long, value_name = "N", value_parser = values::addresses)]
    pub at_most: Option<u64>,
    /// Write the recording here, where no file may be yet
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

/// Arguments of `record-addresses`.
#[derive(Args, Debug)]
#[command(args_override_self = true)]
pub struct RecordAddresses {
    /// For how long: 10s, 2m [default: 10s; with a command until it ends]
    #[arg(long = "for", value_name = "DUR", value_parser = values::duration, allow_hyphen_values = true)]
    pub time: Option<Duration>,
    /// Write the recording here, where no file may be yet
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Only what this process touches, and those that it starts meanwhile [default: the whole system]
    #[arg(long, value_name = "N", conflicts_with = "command", value_parser = clap::value_parser!(u32).range(1..))]
    pub pid: Option<u32>,
    /// Name of the recording [default: the file's]
    #[arg(long)]
    pub name: Option<String>,
    /// What the recording says about itself [default: what was recorded, for how long, by which kernel]
    #[arg(long, value_name = "TEXT")]
    pub about: Option<String>,
    /// Take only so many addresses, the first ones [default: 67108864]
    #[arg(long, value_name = "N", value_parser = values::addresses)]
    pub at_most: Option<u64>,
    /// No progress bar
    #[arg(long)]
    pub no_progress: bool,
    /// Only what this command touches, and all that it starts
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}

/// In what plain numbers count.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// Page frames
    Pfn,
    /// Byte addresses
    Address,
}

/// What a file is; `None` is to be found out.
pub type From = Option<Source>;

fn from() -> impl TypedValueParser<Value = From> {
    let names = std::iter::once("auto").chain(Source::ALL.map(Source::name));
    PossibleValuesParser::new(names).map(|name| Source::named(&name))
}
