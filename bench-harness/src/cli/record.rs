//! Arguments of `record`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Where records are kept unless said otherwise.
pub const DEFAULT_RECORDS: &str = "results/record";

/// What can be done with records that are kept.
#[derive(Subcommand, Debug)]
pub enum RecordAction {
    /// Check a finished run, and file it with its report among the records that are kept
    Add(Add),
    /// Make the tables between `<!-- record:begin -->` and `<!-- record:end -->` anew from the records
    Splice(Splice),
}

/// Arguments of `record add`.
#[derive(Args, Debug)]
pub struct Add {
    /// Folder of the run
    pub dir: PathBuf,
    /// What to put behind date and machine in the record's name
    #[arg(long, value_name = "SLUG", value_parser = slug)]
    pub name: Option<String>,
    /// Day of the record [default: the day on which the run began]
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = date)]
    pub date: Option<String>,
    /// Folder in which records are kept
    #[arg(long, value_name = "DIR", default_value = DEFAULT_RECORDS)]
    pub into: PathBuf,
    /// File a run that was cut off, too
    #[arg(long)]
    pub unfinished: bool,
    /// File a run in which a backend failed, too
    #[arg(long)]
    pub failed: bool,
    /// Put `~` and `HOST` in the place of home folders and this machine's name, which else are refused
    #[arg(long)]
    pub redact: bool,
}

/// Arguments of `record splice`.
#[derive(Args, Debug)]
pub struct Splice {
    /// Markdown files with markers in them
    #[arg(required = true, value_name = "FILE.md")]
    pub files: Vec<PathBuf>,
    /// Write nothing; exit with status 1 where a file is not what the records give
    #[arg(long)]
    pub check: bool,
    /// Folder in which records are kept
    #[arg(long, value_name = "DIR", default_value = DEFAULT_RECORDS)]
    pub records: PathBuf,
}

/// Part of a folder's name that every system and every link takes as it is.
fn slug(text: &str) -> Result<String, String> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !text.is_empty() && text.len() <= 60 && text.chars().all(plain) && !text.starts_with('-') {
        Ok(text.to_owned())
    } else {
        Err("expected small letters, digits and hyphens, at most 60".to_owned())
    }
}

fn date(text: &str) -> Result<String, String> {
    if crate::record::is_date(text) {
        Ok(text.to_owned())
    } else {
        Err("expected a day as YYYY-MM-DD".to_owned())
    }
}
