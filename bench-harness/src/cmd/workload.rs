//! `workload import` and `workload show`: recorded addresses as files.

use std::io::{self, Write};

use anyhow::Context;

use super::new_file::NewFile;
use super::{Failure, print};
use crate::cli::{ImportAddresses, Unit, WorkloadAction};
use crate::layout::{self, Layout};
use crate::recording::{self, ADDRESSES_MAX, Map, PREFIX, Problem, RecordingError, Scene, import};

pub(super) fn run(action: &WorkloadAction) -> Result<(), Failure> {
    match action {
        WorkloadAction::Import(args) => run_import(args),
        WorkloadAction::Show { recording, layout } => show(recording, layout.as_deref()),
    }
}

fn run_import(args: &ImportAddresses) -> Result<(), Failure> {
    let map = match &args.layout {
        None => None,
        Some(name) => {
            let layout = layout::open(name).context("--layout").map_err(Failure::input)?;
            let map = map_of(&layout, args.page_size.bytes()).map_err(Failure::input)?;
            Some(map)
        }
    };
    let request = import::Request {
        from: args.from,
        name: args.name.clone(),
        page_size: args.page_size,
        in_bytes: args.unit == Unit::Address,
        map,
        at_most: args.at_most.unwrap_or(ADDRESSES_MAX),
    };
    // Before the text is read: it may be standard input, which cannot be given twice.
    let place = NewFile::claim("--out", &args.out)?;
    let imported = import::import(&args.file, &request).map_err(Failure::input)?;
    say(&imported.said);
    place.write(&imported.bytes)
}

/// Lines for people, beside what a command is for.
pub(super) fn say(lines: &[String]) {
    for line in lines {
        // Standard error that is closed is no reason to lose what was made.
        let _ = writeln!(io::stderr(), "{line}");
    }
}

/// What of a layout is kept in a recording of pages of so many bytes.
pub(super) fn map_of(layout: &Layout, page_bytes: u64) -> anyhow::Result<Map> {
    let refused = |problem| RecordingError::from(problem);
    let layout_bytes = layout.page_size.bytes();
    if layout_bytes != page_bytes {
        let layout = layout.name.clone();
        return Err(refused(Problem::OtherPages { layout, layout_bytes, bytes: page_bytes }).into());
    }
    let segments = layout.final_segments()?;
    if segments.len() > recording::SEGMENTS_MAX {
        return Err(refused(Problem::TooManySegments(layout.name.clone(), segments.len())).into());
    }
    if segments.is_empty() || !recording::check_name(&layout.name) {
        anyhow::bail!("--layout: {:?} is empty, or its name is too long", layout.name);
    }
    Ok(Map { name: layout.name.clone(), segments })
}

fn show(typed: &str, layout: Option<&str>) -> Result<(), Failure> {
    // As on other command lines, with or without what says that it is a recording.
    let typed = typed.strip_prefix(PREFIX).unwrap_or(typed);
    let (_, recording) = recording::open(typed).map_err(Failure::input)?;
    let own = recording.head.map.is_some().then(|| format!("{PREFIX}{typed}"));
    let Some(name) = layout.map(str::to_owned).or(own) else {
        return print(recording::show(recording, None));
    };
    let layout = layout::open(&name).context("--layout").map_err(Failure::input)?;
    let page_bytes = recording.head.page_size.bytes();
    if layout.page_size.bytes() != page_bytes {
        let problem = Problem::OtherPages {
            layout_bytes: layout.page_size.bytes(),
            layout: layout.name,
            bytes: page_bytes,
        };
        return Err(Failure::input(RecordingError::from(problem)));
    }
    let segments = layout.final_segments().map_err(Failure::input)?;
    let scene = Scene { name: &layout.name, segments: &segments, lookups: layout.lookups.range };
    print(recording::show(recording, Some(scene)))
}
