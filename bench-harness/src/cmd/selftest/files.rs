//! The folder of a self-test: selftest.csv, on disk after every comparison or second, and
//! environment.json.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};

use crate::cli::Selftest;
use crate::cmd::{Failure, session};
use crate::machine;
use crate::record::{
    self, ChurnRun, Environment, RunDir, SelftestRow, read_environment, read_selftest,
    write_environment, write_selftest,
};

/// selftest.csv is written no more often than this.
const WRITTEN_EVERY: Duration = Duration::from_secs(1);

pub(super) struct Files {
    dir: PathBuf,
    rows: Vec<SelftestRow>,
    environment: Environment,
    written: Instant,
    /// Locked while this process writes to the folder.
    lock: Option<File>,
}

impl Files {
    /// Settles the folder. Nothing is written yet.
    ///
    /// # Errors
    /// A folder that holds a self-test already, unless it is to be resumed; one of other arguments.
    pub(super) fn open(args: &Selftest, scenarios: &[&str]) -> Result<Self, Failure> {
        let mut environment = machine::capture();
        environment.run_id = session::run_id();
        environment.seed = args.seed;
        environment.command_line = session::command_line();
        environment.started = session::now();
        environment.plan = serde_json::json!({
            "selftest": if args.quick { "quick" } else { "thorough" },
            "backend": args.backend.name,
            "layout": args.layout,
            "with_load": args.with_load,
            "seed": args.seed,
            "scenarios": scenarios,
        });
        // Only where there is one: other plans are recorded as they always were.
        let plugins = session::libraries::to_json(&[args.backend]);
        if !plugins.is_empty() {
            environment.plan["plugins"] = serde_json::json!(plugins);
        }
        let dir = match &args.out {
            Some(dir) => dir.clone(),
            None => PathBuf::from("results").join(format!("selftest-{}", environment.run_id)),
        };
        if RunDir::at(&dir).holds_run() || ChurnRun::is_in(&dir) {
            return Err(Failure::input(anyhow!(
                "--out {}: a run is filed there; give the self-test a folder of its own",
                dir.display()
            )));
        }
        let csv = dir.join(CSV);
        let mut files =
            Self { dir, rows: Vec::new(), environment, written: Instant::now(), lock: None };
        if !csv.exists() {
            return Ok(files);
        }
        if !args.resume {
            return Err(Failure::input(anyhow!(
                "--out {}: a self-test is filed there already; --resume goes on with it, another \
                 folder keeps both",
                files.dir.display()
            )));
        }
        // Claimed before it is read: what another process is still writing would be lost.
        files.lock = Some(files.claim()?);
        files.rows = read_selftest(&csv).map_err(Failure::input)?;
        let earlier = read_environment(&files.dir.join(ENVIRONMENT)).map_err(Failure::input)?;
        if earlier.plan != files.environment.plan
            || earlier.tool_commit != files.environment.tool_commit
        {
            return Err(Failure::input(anyhow!(
                "--resume: the self-test in {} was begun with other arguments, another plugin or by another build; \
                 give the same ones, or another --out",
                files.dir.display()
            )));
        }
        files.environment = earlier;
        Ok(files)
    }

    /// Makes the folder and writes what is known.
    pub(super) fn begin(&mut self, pinned: String) -> Result<(), Failure> {
        fs::create_dir_all(&self.dir)
            .with_context(|| format!("--out {}: cannot make this folder", self.dir.display()))
            .map_err(Failure::input)?;
        if self.lock.is_none() {
            self.lock = Some(self.claim()?);
        }
        self.environment.pinned = pinned;
        self.environment.warnings = machine::warnings(&self.environment);
        self.write_environment().map_err(Failure::input)?;
        write_selftest(&self.dir.join(CSV), &self.rows).map_err(Failure::input)
    }

    /// Keeps other processes from writing to the folder; the system lets go when this one ends. The file
    /// stays: removed, another process could lock one of the same name.
    fn claim(&self) -> Result<File, Failure> {
        let path = self.dir.join(LOCK);
        let file = File::create(&path)
            .with_context(|| format!("{}: cannot be made", path.display()))
            .map_err(Failure::input)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => Err(Failure::input(anyhow!(
                "--out {}: another self-test is writing to this folder; wait for it, or give \
                 another folder",
                self.dir.display()
            ))),
            // A file system without locks: as before there were any.
            Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
        }
    }

    /// How many comparisons of a scenario there are.
    pub(super) fn done(&self, scenario: &str) -> u64 {
        self.rows.iter().filter(|row| row.scenario == scenario).count() as u64
    }

    pub(super) fn push(&mut self, row: SelftestRow) -> Result<(), Failure> {
        self.rows.push(row);
        if self.written.elapsed() >= WRITTEN_EVERY {
            self.write()?;
        }
        Ok(())
    }

    pub(super) fn write(&mut self) -> Result<(), Failure> {
        write_selftest(&self.dir.join(CSV), &self.rows).map_err(Failure::running)?;
        self.written = Instant::now();
        Ok(())
    }

    pub(super) fn finish(&mut self) -> Result<(), Failure> {
        self.write()?;
        self.environment.ended = Some(session::now());
        self.environment.load_after = machine::load_average();
        self.write_environment().map_err(Failure::running)
    }

    fn write_environment(&self) -> Result<(), record::RecordError> {
        write_environment(&self.dir.join(ENVIRONMENT), &self.environment)
    }

    pub(super) fn rows(&self) -> &[SelftestRow] {
        &self.rows
    }

    pub(super) fn environment(&self) -> &Environment {
        &self.environment
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }
}

const CSV: &str = "selftest.csv";
const ENVIRONMENT: &str = "environment.json";
const LOCK: &str = ".lock";
