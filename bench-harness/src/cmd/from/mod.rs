//! Recorded runs compared: `compare --from`, and what `check` does once it has measured.
//!
//! Reads folders of earlier runs, prints how each figure changed, files that if asked to, and holds it
//! against a gate. Measures nothing.

mod gate;
pub(super) mod recorded_plan;

use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::Failure;
use super::results::{self, WIDTH};
use crate::cli::{Compare, Format, NO_FOLDER};
use crate::record::{self, Across, ChurnRun, Run, RunDir, SelftestRun};
use crate::report::across::{self, Recorded};

/// How runs are compared and what becomes of it.
pub(super) struct Request<'a> {
    /// Changes within this many percent count as the same.
    pub equivalence_pct: f64,
    /// How many percent slower is allowed.
    pub gate_pct: Option<f64>,
    /// Whether a gate needs everything of the first run to be there in the second.
    pub whole: bool,
    /// Folder for across.csv and across.md.
    pub out: Option<&'a Path>,
    /// How it is printed.
    pub format: Format,
}

/// `compare --from A --from B ...`: every further run against the first.
pub(super) fn run(args: &Compare) -> Result<(), Failure> {
    if args.from.len() < 2 {
        return Err(Failure::input(anyhow!(
            "--from: give the folders of two recorded runs or more, each with a --from of its own; \
             the first is what the others are compared with"
        )));
    }
    let out = Some(args.output.out.as_path()).filter(|out| *out != Path::new(NO_FOLDER));
    let runs = args
        .from
        .iter()
        .map(|folder| Ok((folder.clone(), read(folder, "--from")?)))
        .collect::<Result<Vec<_>, Failure>>()?;
    let request = Request {
        equivalence_pct: args.judgement.equivalence,
        gate_pct: args.judgement.gate,
        whole: false,
        out,
        format: args.output.format,
    };
    compare(&runs, &request)
}

/// Reads a recorded run; `flag` named it.
///
/// # Errors
/// Whatever is wrong with the folder or its files: bad input.
pub(super) fn read(folder: &Path, flag: &str) -> Result<Run, Failure> {
    let other = if RunDir::at(folder).holds_run() {
        None
    } else if ChurnRun::is_in(folder) {
        Some("churn")
    } else {
        SelftestRun::is_in(folder).then_some("selftest")
    };
    if let Some(other) = other {
        let folder = folder.display();
        return Err(Failure::input(anyhow!(
            "{flag}: {folder} is a record of `{other}`; only records of `compare` can be held against \
             each other (`bench-harness report {folder}` shows it)"
        )));
    }
    RunDir::open(folder)
        .and_then(|dir| dir.read())
        .map_err(|error| Failure::input(anyhow!("{flag}: {error}")))
}

/// Compares every run with the first: prints, files, and gates.
///
/// # Errors
/// Runs without anything in common; a folder that cannot be written; a gate that is violated, or
/// cannot decide.
pub(super) fn compare(runs: &[(PathBuf, Run)], request: &Request<'_>) -> Result<(), Failure> {
    let Some(((first_folder, first), others)) = runs.split_first() else { return Ok(()) };
    let mut all = Vec::new();
    let mut text = String::new();
    let mut pages = String::new();
    for (folder, run) in others {
        let across = record::across_all(first, run, request.equivalence_pct / 100.0);
        if across.rows.is_empty() {
            return Err(Failure::input(nothing_in_common(first_folder, folder, &across)));
        }
        let names = [first_folder, folder].map(|folder| folder.display().to_string());
        let a = Recorded { folder: &names[0], run: first };
        let b = Recorded { folder: &names[1], run };
        if !text.is_empty() {
            text.push('\n');
            pages.push('\n');
        }
        text += &across::tables(a, b, &across, WIDTH);
        pages += &across::page(a, b, &across);
        all.push(across);
    }
    let filed = request.out.map_or(Ok(()), |out| file(out, &all, &pages));
    let of: Vec<&Run> = runs.iter().map(|(_, run)| run).collect();
    results::of_across(&of, &all, [&text, &pages], request.format)?;
    filed?;
    match request.gate_pct {
        None => Ok(()),
        Some(allowed) => {
            for line in gate::check(&all.iter().collect::<Vec<_>>(), allowed, request.whole)? {
                eprintln!("{line}");
            }
            Ok(())
        }
    }
}

/// Refuses a run against which no gate could ever decide, before anything is measured.
///
/// # Errors
/// Bad input, with the reason: one round, say.
pub(super) fn refuse_if_undecidable(run: &Run, folder: &Path) -> Result<(), Failure> {
    let folder = folder.display();
    let with_itself = record::across_all(run, run, 0.0);
    if with_itself.rows.is_empty() {
        return Err(Failure::input(anyhow!("--against {folder}: nothing was measured in it")));
    }
    match gate::gated(&with_itself.rows).find(|row| row.low_pct.is_none()) {
        None => Ok(()),
        Some(row) => Err(Failure::input(anyhow!(
            "--against {folder}: {} has too little for an interval ({} {}, and it takes 2), so nothing \
             can be held against it; record the run with more",
            gate::place(row),
            row.units_a,
            row.unit_a,
        ))),
    }
}

/// Writes across.csv and across.md. Folders may be shared with a run: these are names of their own.
fn file(out: &Path, all: &[Across], pages: &str) -> Result<(), Failure> {
    let rows: Vec<_> = all.iter().flat_map(|across| across.rows.iter().cloned()).collect();
    RunDir::create(out)
        .and_then(|_| record::write_across(&out.join("across.csv"), &rows))
        .and_then(|()| record::write_atomically(&out.join("across.md"), pages.as_bytes()))
        .map_err(Failure::running)
}

fn nothing_in_common(first: &Path, other: &Path, across: &Across) -> anyhow::Error {
    let edited = across.left_out.iter().find_map(|left| match left {
        record::LeftOut::Layout { layout } => Some(layout),
        _ => None,
    });
    let why = match edited {
        Some(layout) => format!(
            "layout `{layout}` has other contents in one than in the other, and nothing else is in \
             both"
        ),
        None => "no backend was measured in both under the same layout, workload, mode, target, \
                 generator and number of lookups"
            .to_owned(),
    };
    anyhow!("{} and {}: nothing to compare: {why}", first.display(), other.display())
}
