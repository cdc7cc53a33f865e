//! The folder of a run: churn.csv, on disk after every round, churn-summary.csv and environment.json.

mod watched;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::anyhow;

use super::plan::Plan;
use super::recorded::{Recorded, Round};
use super::{resume, warnings};
use crate::cli::{Churn, DEFAULT_CHURN_OUT};
use crate::cmd::{Failure, session};
use crate::console;
use crate::machine::{self, Disturbance};
use crate::record::{
    self, ChurnRow, ChurnRun, ChurnSummaryRow, ChurnWriter, Environment, RecordError, RunDir,
    SelftestRun,
};

pub(super) struct Files {
    dir: PathBuf,
    writer: Option<ChurnWriter>,
    /// What was made for the run, and how it was before; nothing for a resumed one.
    claimed: Option<session::Claimed>,
    rows: Vec<ChurnRow>,
    /// Who takes part in what, and what their tables occupy.
    declared: Vec<ChurnSummaryRow>,
    environment: Environment,
    /// The worst that others did before a resume.
    disturbed_before: Disturbance,
    resumed: bool,
    /// Warnings that were said already.
    said: Vec<String>,
    quiet: bool,
}

impl Files {
    /// Settles the folder. Nothing is written yet, but for a round cut off from a run that goes on.
    ///
    /// # Errors
    /// A folder that holds a run of any kind already, but for one of this kind in the default folder,
    /// which will be moved aside, or one that is the same and is to go on.
    pub(super) fn open(args: &Churn, plan: &Plan) -> Result<Self, Failure> {
        let dir = args.out.clone();
        let taken = |by: &str| {
            Err(Failure::input(anyhow!(
                "--out {}: {by} is filed there already; --resume goes on with one of `churn` that was cut off, another \
                 folder keeps both",
                dir.display()
            )))
        };
        if RunDir::at(&dir).holds_run() {
            return taken("a run of lookups");
        }
        if SelftestRun::is_in(&dir) {
            return taken("a self-test");
        }
        let resume = args.resume && ChurnRun::is_in(&dir);
        if ChurnRun::is_in(&dir) && !resume && !is_default(&dir) {
            return taken("a run of plug and unplug");
        }
        let mut environment = machine::capture();
        environment.run_id = session::run_id();
        environment.seed = plan.seed;
        environment.plan = plan.to_json();
        environment.command_line = session::command_line();
        environment.started = session::now();
        environment.warnings = machine::warnings(&environment);
        let (mut rows, mut declared) = (Vec::new(), Vec::new());
        if resume {
            let resumed = resume::take_over(&dir, &environment, args.quiet)?;
            (rows, declared, environment) = (resumed.rows, resumed.declared, resumed.environment);
        } else if args.resume && !args.quiet {
            eprintln!("nothing to resume in {}: beginning anew", dir.display());
        }
        Ok(Self {
            dir,
            writer: None,
            claimed: None,
            disturbed_before: session::disturbance_of(&environment),
            rows,
            declared,
            environment,
            resumed: resume,
            said: Vec::new(),
            quiet: args.quiet,
        })
    }

    /// Makes the folder and writes what is known.
    ///
    /// # Errors
    /// A folder that cannot be made or written: bad input, since nothing has been measured yet. It is then
    /// as it was before, also where an older run was to be moved aside.
    pub(super) fn begin(&mut self, pinned: Option<String>) -> Result<(), Failure> {
        if let Some(pinned) = pinned {
            session::note_pinned(&mut self.environment, pinned, "what followed --resume");
        }
        if self.resumed {
            // First the rows, which say whether another process has the run.
            let path = ChurnRun::churn(&self.dir);
            self.writer = Some(ChurnWriter::append(&path).map_err(Failure::input)?);
            return self.write_environment().map_err(Failure::input);
        }
        let dir = self.dir.clone();
        let mut aside = None;
        if is_default(&dir) && ChurnRun::is_in(&dir) {
            ChurnRun::refuse_if_in_use(&dir).map_err(Failure::input)?;
            aside = Some(session::name_beside(&dir, &ChurnRun::environment(&dir), "churn-")?);
        }
        let files = ChurnRun::all(&dir);
        self.claimed = Some(session::claim(&dir, aside.as_deref(), files, || self.create())?);
        if let Some(aside) = aside.filter(|_| !self.quiet) {
            eprintln!("the run in {} is now {}", dir.display(), aside.display());
        }
        Ok(())
    }

    /// Leaves everything as it was before a run began of which nothing could be measured; what was there
    /// stays, a resumed run among it.
    pub(super) fn withdraw(&mut self) {
        self.writer = None;
        let back = self.claimed.take().and_then(session::Claimed::withdraw);
        if let Some(back) = back.filter(|_| !self.quiet) {
            eprintln!("the run that was in {} is there again", back.display());
        }
    }

    /// Makes the folder, claims it by its rows, and only then writes the rest; files made here are removed
    /// again if that fails.
    fn create(&mut self) -> Result<(), RecordError> {
        let (churn, environment) = (ChurnRun::churn(&self.dir), ChurnRun::environment(&self.dir));
        RunDir::create(&self.dir)?;
        if churn.exists() {
            // Another process came first since this one looked.
            return Err(RecordError::InUse { path: churn });
        }
        let writer = ChurnWriter::create(&churn).inspect_err(|error| {
            if !matches!(error, RecordError::InUse { .. }) {
                let _ = fs::remove_file(&churn);
            }
        })?;
        self.write_environment().and_then(|()| self.write_summary()).inspect_err(|_| {
            for made in [&churn, &environment] {
                let _ = fs::remove_file(made);
            }
        })?;
        self.writer = Some(writer);
        Ok(())
    }

    /// What is on disk of a scenario: who takes part, and how many rounds of how many operations.
    pub(super) fn recorded(&self, layout: &str, scenario: &str) -> Recorded {
        let declared: Vec<_> = self
            .declared
            .iter()
            .filter(|row| (row.layout.as_str(), row.scenario.as_str()) == (layout, scenario))
            .cloned()
            .collect();
        let rows = self.rows.iter();
        let of =
            rows.filter(|row| (row.layout.as_str(), row.scenario.as_str()) == (layout, scenario));
        Recorded {
            declared,
            rounds: of.clone().map(|row| row.round + 1).max().unwrap_or(0),
            operations: of.map(|row| row.operations).max(),
        }
    }

    /// Whether everything was measured and filed.
    pub(super) fn is_complete(&self) -> bool {
        self.resumed && self.environment.ended.is_some()
    }

    /// Files who takes part in a scenario.
    pub(super) fn declare(&mut self, rows: Vec<ChurnSummaryRow>) -> Result<(), Failure> {
        self.declared.extend(rows);
        self.write_summary().map_err(Failure::running)
    }

    /// Appends a round, and files what tables occupied.
    pub(super) fn append(&mut self, round: Round) -> Result<(), Failure> {
        let Round { rows, occupied } = round;
        if let Some(writer) = &mut self.writer {
            writer.write_round(&rows).map_err(Failure::running)?;
        }
        if let Some(first) = rows.first().filter(|_| !occupied.is_empty()) {
            let of_it = |row: &&mut ChurnSummaryRow| {
                (&row.layout, &row.scenario) == (&first.layout, &first.scenario)
            };
            for row in self.declared.iter_mut().filter(of_it) {
                if let Some((_, seen)) = occupied.iter().find(|(name, _)| *name == row.backend) {
                    row.occupied(*seen);
                }
            }
            self.rows.extend(rows);
            return self.write_summary().map_err(Failure::running);
        }
        self.rows.extend(rows);
        Ok(())
    }

    /// Writes what follows from the rows, and when the run ended if it did.
    pub(super) fn finish(&mut self, by: Disturbance, complete: bool) -> Result<(), Failure> {
        by.worse(self.disturbed_before).note_in(&mut self.environment);
        session::warn(&mut self.environment, by.warnings());
        if complete {
            self.environment.ended = Some(session::now());
            self.environment.load_after = machine::load_average();
            let summary = record::summarise_churn(&self.rows, &self.declared);
            let timer_ns = self.environment.timer_overhead_ns;
            let of_figures = warnings::of_figures(&summary, timer_ns);
            session::warn(&mut self.environment, of_figures.into_iter().map(|one| one.words));
        }
        self.write_summary().and_then(|()| self.write_environment()).map_err(Failure::running)
    }

    /// Prints warnings that were not printed before, many of one kind together.
    pub(super) fn say_warnings(&mut self) {
        let summary = record::summarise_churn(&self.rows, &self.declared);
        let many = warnings::of_figures(&summary, self.environment.timer_overhead_ns);
        let file = ChurnRun::environment(&self.dir);
        for warning in session::together(&self.environment.warnings, &many, &file) {
            if !self.quiet && !self.said.contains(&warning) {
                console::warning(&warning);
                self.said.push(warning);
            }
        }
    }

    pub(super) fn run_id(&self) -> &str {
        &self.environment.run_id
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    /// Timed phases on disk.
    pub(super) fn phases(&self) -> usize {
        self.rows.len()
    }

    fn write_summary(&self) -> Result<(), record::RecordError> {
        let rows = record::summarise_churn(&self.rows, &self.declared);
        record::write_churn_summary(&ChurnRun::summary(&self.dir), &rows)
    }

    fn write_environment(&self) -> Result<(), record::RecordError> {
        record::write_environment(&ChurnRun::environment(&self.dir), &self.environment)
    }
}

fn is_default(dir: &Path) -> bool {
    dir.components().eq(Path::new(DEFAULT_CHURN_OUT).components())
}
