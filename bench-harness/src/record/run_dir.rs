//! The folder of a run, and which file of it is called what.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    RecordError, Run, STATISTICS_VERSION, read_comparison, read_environment, read_samples,
    read_summary, write_comparison, write_environment,
};

const SAMPLES: &str = "samples.csv";
const SUMMARY: &str = "summary.csv";
const COMPARISON: &str = "comparison.csv";
const ENVIRONMENT: &str = "environment.json";
const TWIN: &str = "twin.csv";
const MODES: &str = "modes.csv";

/// The output folder of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RunDir {
    folder: PathBuf,
}

impl RunDir {
    /// The folder, made with its parents if it is not there yet. Nothing in it is touched.
    ///
    /// # Errors
    /// [`RecordError::Io`] where it cannot be made.
    pub fn create(folder: impl Into<PathBuf>) -> Result<Self, RecordError> {
        let folder = folder.into();
        match fs::create_dir_all(&folder) {
            Ok(()) => Ok(Self { folder }),
            Err(source) => Err(RecordError::Io { path: folder, doing: "make this folder", source }),
        }
    }

    /// The folder, whether it is there or not.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// Whether samples are in it.
    pub fn holds_run(&self) -> bool {
        self.samples().exists()
    }

    /// Refuses a folder that another process is writing a run to.
    ///
    /// # Errors
    /// [`RecordError::InUse`]; [`RecordError::Io`] where the samples cannot be opened.
    pub fn refuse_if_in_use(&self) -> Result<(), RecordError> {
        let path = self.samples();
        super::files::refuse_irregular(&path)?;
        let file =
            fs::File::open(&path).map_err(|source| super::files::open_error(&path, source))?;
        super::sample_writer::lock(&path, &file)
    }

    /// A folder that has to be there and hold samples.
    ///
    /// # Errors
    /// [`RecordError::Missing`] or [`RecordError::NoRun`] where it is not or does not.
    pub fn open(folder: impl Into<PathBuf>) -> Result<Self, RecordError> {
        let folder = folder.into();
        if let Err(source) = fs::read_dir(&folder) {
            return Err(match source.kind() {
                io::ErrorKind::NotFound => RecordError::Missing { path: folder },
                io::ErrorKind::NotADirectory => RecordError::NotAFolder { path: folder },
                _ => RecordError::Io { path: folder, doing: "read this folder", source },
            });
        }
        let run = Self { folder };
        if !run.samples().exists() {
            return Err(RecordError::NoRun { folder: run.folder });
        }
        Ok(run)
    }

    /// The folder itself.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// samples.csv in it.
    pub fn samples(&self) -> PathBuf {
        self.folder.join(SAMPLES)
    }

    /// summary.csv in it.
    pub fn summary(&self) -> PathBuf {
        self.folder.join(SUMMARY)
    }

    /// comparison.csv in it.
    pub fn comparison(&self) -> PathBuf {
        self.folder.join(COMPARISON)
    }

    /// environment.json in it.
    pub fn environment(&self) -> PathBuf {
        self.folder.join(ENVIRONMENT)
    }

    /// twin.csv in it.
    pub fn twin(&self) -> PathBuf {
        self.folder.join(TWIN)
    }

    /// modes.csv in it.
    pub fn modes(&self) -> PathBuf {
        self.folder.join(MODES)
    }

    /// All files that a run may have.
    pub fn all(&self) -> Vec<PathBuf> {
        let names = [SAMPLES, SUMMARY, COMPARISON, ENVIRONMENT, TWIN, MODES];
        names.map(|name| self.folder.join(name)).to_vec()
    }

    /// Files the comparison as the samples have it, where an earlier version of the statistics made
    /// the one that is there; whether there was anything to do.
    ///
    /// # Errors
    /// As [`read`](Self::read), and [`RecordError::Io`] where a file cannot be replaced.
    pub fn refile(&self) -> Result<bool, RecordError> {
        let mut environment = read_environment(&self.environment())?;
        if environment.statistics_version >= STATISTICS_VERSION {
            return Ok(false);
        }
        let run = self.read()?;
        // If it ends in between, the file agrees with the samples and the next attempt writes it again.
        write_comparison(&self.comparison(), &run.comparison)?;
        environment.statistics_version = STATISTICS_VERSION;
        write_environment(&self.environment(), &environment)?;
        Ok(true)
    }

    /// Reads all files. A comparison that an earlier version of the statistics made is computed anew,
    /// and a warning says so.
    ///
    /// # Errors
    /// [`RecordError::Unfinished`] where samples are there and another file is not,
    /// [`RecordError::Disagrees`] where they contradict each other; otherwise what reading each may give.
    pub fn read(&self) -> Result<Run, RecordError> {
        let samples = read_samples(&self.samples())?;
        for missing in [ENVIRONMENT, SUMMARY, COMPARISON] {
            if !self.folder.join(missing).exists() {
                return Err(RecordError::Unfinished { folder: self.folder.clone(), missing });
            }
        }
        let summary = read_summary(&self.summary())?;
        let comparison = read_comparison(&self.comparison())?;
        let mut environment = read_environment(&self.environment())?;
        let earlier = environment.statistics_version < STATISTICS_VERSION;
        let comparison = super::agree::check(self, &samples, &summary, comparison, earlier)?;
        if earlier && !comparison.is_empty() {
            environment.warnings.push(format!(
                "comparison.csv is from version {} of the statistics (docs/METHODOLOGY.md); the changes shown \
                 are computed from samples.csv with version {STATISTICS_VERSION}, and `report --refile` files them",
                environment.statistics_version
            ));
        }
        let modes = super::read_modes(&self.modes())?;
        Ok(Run { samples, summary, comparison, environment, modes })
    }
}
