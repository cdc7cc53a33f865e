//! `record add`: files a finished run among the records that are kept.
//!
//! Checked first, then copied into a folder beside its place, rendered there, and renamed: a record is there whole
//! or not at all, and none is ever overwritten.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};

use super::told::{README, tell};
use crate::cli::Add;
use crate::cmd::{Failure, print};
use crate::console;
use crate::machine;
use crate::record::{
    ChurnRun, Environment, Lenience, Private, REPORT, Run, RunDir, SelftestRun, files_in, is_date,
    kept_in, machine_slug, read_environment, read_finished, read_finished_churn, runs_in,
    write_atomically,
};
use crate::report;

/// What a folder under way is called, which nobody lists.
const STAGE: &str = ".record-";

pub(in crate::cmd) fn run(args: &Add) -> Result<(), Failure> {
    let checked = Checked::of(args).map_err(Failure::Input)?;
    // From here on it is not the arguments that fail.
    let copy = file(&checked, &args.into).map_err(Failure::Running)?;
    tell(copy.environment(), &checked.place, args, &checked.private);
    let place = checked.place.display();
    if let Err(failure) = print(format!("{place}\n")) {
        // The record is there; a status other than 0 would say that it is to be filed again.
        console::warning(format_args!(
            "{place}: filed; standard output cannot be written: {failure}"
        ));
    }
    Ok(())
}

/// What may be filed, and where.
struct Checked {
    run: Kind,
    /// Names of files, and what goes into them.
    texts: Vec<(String, String)>,
    private: Private,
    name: String,
    place: PathBuf,
}

impl Checked {
    fn of(args: &Add) -> anyhow::Result<Self> {
        let run = Kind::read(args)?;
        let private = Private::new(std::env::var("HOME").ok(), machine::host_name());
        let texts = texts(&run.files(&args.dir), &private, args.redact)?;
        let name = name(args, run.environment())?;
        fs::create_dir_all(&args.into)
            .with_context(|| format!("--into {}: cannot make this folder", args.into.display()))?;
        let place = args.into.join(&name);
        refuse_if_there(args, &place, run.environment())?;
        Ok(Self { run, texts, private, name, place })
    }
}

/// Makes the record in `into`; what was filed, read again.
fn file(of: &Checked, into: &Path) -> anyhow::Result<Kind> {
    let stage = tempfile::Builder::new()
        .prefix(STAGE)
        .tempdir_in(into)
        .with_context(|| format!("--into {}: cannot write there", into.display()))?;
    for (file, text) in &of.texts {
        write_atomically(&stage.path().join(file), text.as_bytes())?;
    }
    // What is filed is read again: the report is of that, and what was put in the place of names broke nothing.
    let copy = of.run.again(stage.path()).context("the copy that was to be filed")?;
    let page = copy.render(stage.path(), &of.name)?;
    write_atomically(&stage.path().join(README), page.as_bytes())?;
    settle(stage, &of.place)?;
    Ok(copy)
}

/// What is filed: a run of lookups, or one of `churn`.
enum Kind {
    Lookups(Box<Run>),
    Churn(Box<ChurnRun>),
}

impl Kind {
    /// Reads the run, and refuses one that is not fit to be kept.
    fn read(args: &Add) -> anyhow::Result<Self> {
        let lenience = Lenience { unfinished: args.unfinished, failed: args.failed };
        if ChurnRun::is_in(&args.dir) {
            return Ok(Self::Churn(Box::new(read_finished_churn(&args.dir, lenience)?)));
        }
        if SelftestRun::is_in(&args.dir) {
            return Err(anyhow!(
                "{}: a self-test; `record add` files runs, so copy this folder by hand",
                args.dir.display()
            ));
        }
        Ok(Self::Lookups(Box::new(read_finished(&RunDir::open(&args.dir)?, lenience)?)))
    }

    /// Reads a run of the same kind.
    fn again(&self, folder: &Path) -> anyhow::Result<Self> {
        Ok(match self {
            Self::Lookups(_) => Self::Lookups(Box::new(RunDir::at(folder).read()?)),
            Self::Churn(_) => Self::Churn(Box::new(ChurnRun::read(folder)?)),
        })
    }

    fn environment(&self) -> &Environment {
        match self {
            Self::Lookups(run) => &run.environment,
            Self::Churn(run) => &run.environment,
        }
    }

    /// All files of such a run in a folder.
    fn files(&self, folder: &Path) -> Vec<PathBuf> {
        match self {
            Self::Lookups(_) => RunDir::at(folder).all(),
            Self::Churn(_) => ChurnRun::all(folder),
        }
    }

    /// Renders the report beside the files of a record called `name`; its README.
    fn render(&self, folder: &Path, name: &str) -> anyhow::Result<String> {
        let out = folder.join(REPORT);
        Ok(match self {
            Self::Lookups(run) => {
                report::render(run, &out)?;
                report::kept::readme(run, name, &files_in(folder))
            }
            Self::Churn(run) => {
                report::churn::render(run, &out)?;
                report::kept::churn_readme(run, name, &files_in(folder))
            }
        })
    }
}

/// The files of the run as text, with private things taken out or refused.
fn texts(
    files: &[PathBuf],
    private: &Private,
    redact: bool,
) -> anyhow::Result<Vec<(String, String)>> {
    let mut texts = Vec::new();
    for path in files {
        let shown = path.display();
        let text = fs::read_to_string(path).with_context(|| format!("{shown}: cannot read"))?;
        let found = private.found_in(&text);
        if !found.is_empty() && !redact {
            return Err(anyhow!(
                "{shown}: holds {}, a home folder or the name of this machine, and records are public; --redact \
                 files `~` and `HOST` in their place",
                found.iter().map(|what| format!("`{what}`")).collect::<Vec<_>>().join(", ")
            ));
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        texts.push((name, if redact { private.redacted(&text) } else { text }));
    }
    Ok(texts)
}

/// `2026-11-21-epyc-2core-vm`, and what was asked for behind it.
fn name(args: &Add, environment: &Environment) -> anyhow::Result<String> {
    let begun = environment.started.get(..10).filter(|day| is_date(day));
    let date = args.date.as_deref().or(begun).ok_or_else(|| {
        anyhow!(
            "--date: the run says that it began on `{}`, which is no day; give the day as YYYY-MM-DD",
            environment.started
        )
    })?;
    let machine = machine_slug(environment);
    let more = args.name.as_ref().map_or_else(String::new, |name| format!("-{name}"));
    Ok(format!("{date}-{machine}{more}"))
}

/// Refuses a name that is taken, and a run that is filed already.
fn refuse_if_there(args: &Add, place: &Path, environment: &Environment) -> anyhow::Result<()> {
    let kept = kept_in(&args.into)?;
    for folder in kept.iter().flat_map(|kept| runs_in(&kept.path)) {
        let known = read_environment(&RunDir::at(&folder).environment());
        if known.is_ok_and(|known| known.run_id == environment.run_id) {
            return Err(anyhow!(
                "{}: run {} is filed already, as {}",
                args.dir.display(),
                environment.run_id,
                folder.display()
            ));
        }
    }
    if fs::symlink_metadata(place).is_ok() {
        return Err(anyhow!(
            "{}: a record of that day and machine is there already, and none is overwritten; give this one a name \
             of its own with --name SLUG, or another day with --date",
            place.display()
        ));
    }
    Ok(())
}

/// Moves the finished folder to its place.
fn settle(stage: tempfile::TempDir, place: &Path) -> anyhow::Result<()> {
    open_to_all(stage.path());
    // Renaming never replaces a folder with something in it: a record filed meanwhile stays.
    fs::rename(stage.path(), place)
        .with_context(|| format!("{}: cannot be made", place.display()))?;
    let _: PathBuf = stage.keep(); // it is not there any more
    Ok(())
}

/// A temporary folder is made for its owner alone; a record is for everybody.
fn open_to_all(folder: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let _ = fs::set_permissions(folder, fs::Permissions::from_mode(0o755));
    }
    #[cfg(not(unix))]
    let _ = folder;
}
