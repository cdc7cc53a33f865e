//! The records of plug and unplug: churn.csv, one row a timed phase, and churn-summary.csv, which
//! follows from it.
//!
//! As with samples.csv, a round is on disk whole before the next begins, and the figures can be
//! computed again: a folder is read by taking from churn-summary.csv who took part and what tables
//! occupied, and from churn.csv everything else, so that a run that was cut off has its figures too.

mod agree;
mod occupancy;
mod row;
mod summarise;
mod summary;
mod writer;

pub use occupancy::Occupancy;
pub use row::{ChurnRow, read_churn, recover_churn};
pub use summarise::summarise_churn;
pub use summary::{ChurnSummaryRow, read_churn_summary, write_churn_summary};
pub use writer::ChurnWriter;

use std::path::{Path, PathBuf};

use super::{Environment, RecordError, STATISTICS_VERSION, read_environment, write_environment};

/// The participant that is the slabs alone.
pub const EXTENT: &str = "extent";

const CHURN: &str = "churn.csv";
const SUMMARY: &str = "churn-summary.csv";
const ENVIRONMENT: &str = "environment.json";

/// A run of `churn` as it stands on disk.
#[derive(Clone, PartialEq, Debug)]
pub struct ChurnRun {
    /// churn.csv.
    pub rows: Vec<ChurnRow>,
    /// churn-summary.csv, its figures computed from the rows.
    pub summary: Vec<ChurnSummaryRow>,
    /// environment.json.
    pub environment: Environment,
}

impl ChurnRun {
    /// Whether a folder holds such a run.
    pub fn is_in(dir: &Path) -> bool {
        Self::churn(dir).exists()
    }

    /// Refuses a folder that another process is writing such a run to.
    ///
    /// # Errors
    /// [`RecordError::InUse`]; [`RecordError::Io`] where churn.csv cannot be opened.
    pub fn refuse_if_in_use(dir: &Path) -> Result<(), RecordError> {
        let path = Self::churn(dir);
        super::files::refuse_irregular(&path)?;
        let opened = std::fs::File::open(&path);
        let file = opened.map_err(|source| super::files::open_error(&path, source))?;
        super::sample_writer::lock(&path, &file)
    }

    /// churn.csv in a folder.
    pub fn churn(dir: &Path) -> PathBuf {
        dir.join(CHURN)
    }

    /// churn-summary.csv in a folder.
    pub fn summary(dir: &Path) -> PathBuf {
        dir.join(SUMMARY)
    }

    /// environment.json in a folder.
    pub fn environment(dir: &Path) -> PathBuf {
        dir.join(ENVIRONMENT)
    }

    /// All files that such a run may have.
    pub fn all(dir: &Path) -> Vec<PathBuf> {
        [CHURN, SUMMARY, ENVIRONMENT].map(|name| dir.join(name)).to_vec()
    }

    /// Refuses what was read of a folder where its files contradict each other.
    ///
    /// # Errors
    /// [`RecordError::Disagrees`] with file, row and column of the first disagreement;
    /// [`RecordError::Lacking`] where it has ended without all of its plan.
    pub fn check(
        dir: &Path,
        rows: &[ChurnRow],
        declared: &[ChurnSummaryRow],
        environment: &Environment,
    ) -> Result<(), RecordError> {
        agree::check(dir, rows, declared, environment)
    }

    /// Reads a folder.
    ///
    /// # Errors
    /// [`RecordError`] naming the file and what is wrong with it.
    pub fn read(dir: &Path) -> Result<Self, RecordError> {
        let rows = read_churn(&Self::churn(dir))?;
        let declared = read_churn_summary(&Self::summary(dir))?;
        let mut environment = read_environment(&Self::environment(dir))?;
        agree::check(dir, &rows, &declared, &environment)?;
        if environment.statistics_version < STATISTICS_VERSION {
            environment.warnings.push(format!(
                "churn-summary.csv is from version {} of the statistics (docs/METHODOLOGY.md); the figures shown \
                 are computed from churn.csv with version {STATISTICS_VERSION}, and `report --refile` files them",
                environment.statistics_version
            ));
        }
        Ok(Self { summary: summarise_churn(&rows, &declared), rows, environment })
    }

    /// Files the figures as the rows have them, where an earlier version of the statistics made those
    /// that are there; whether there was anything to do.
    ///
    /// # Errors
    /// As [`read`](Self::read), and [`RecordError::Io`] where a file cannot be replaced.
    pub fn refile(dir: &Path) -> Result<bool, RecordError> {
        let mut environment = read_environment(&Self::environment(dir))?;
        if environment.statistics_version >= STATISTICS_VERSION {
            return Ok(false);
        }
        write_churn_summary(&Self::summary(dir), &Self::read(dir)?.summary)?;
        environment.statistics_version = STATISTICS_VERSION;
        write_environment(&Self::environment(dir), &environment)?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
