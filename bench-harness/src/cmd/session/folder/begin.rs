//! The first thing written: the folder, claimed by its samples, or nothing at all.

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::Context;

use super::Folder;
use crate::cmd::Failure;
use crate::cmd::session::claim::{Claimed, claim, name_beside};
use crate::machine;
use crate::record::{self, RecordError, RunDir, SampleWriter};

impl Folder {
    /// Creates the folder and its first files. A run that is there already by default is moved
    /// aside.
    ///
    /// # Errors
    /// A folder that cannot be made or written: bad input, since nothing has been measured yet.
    pub(in crate::cmd::session) fn begin(&mut self) -> Result<(), Failure> {
        let dir = self.files.folder().to_owned();
        let (environment, samples) = (self.files.environment(), self.files.samples());
        if self.resumed {
            // First the samples, which say whether another process has the run.
            self.writer = Some(SampleWriter::append(&samples).map_err(Failure::input)?);
            // It will not follow from the samples any more; a run without it is one to resume.
            remove_if_there(&self.files.comparison()).map_err(Failure::input)?;
            self.environment.ended = None;
            // What is filed at the end is computed here, whoever began.
            self.environment.statistics_version = record::STATISTICS_VERSION;
            return record::write_environment(&environment, &self.environment)
                .map_err(Failure::input);
        }
        let mut aside = None;
        if self.is_default && self.files.holds_run() {
            self.files.refuse_if_in_use().map_err(Failure::input)?;
            aside = Some(name_beside(&dir, &environment, "")?);
        }
        let files = self.files.all();
        self.claimed = Some(claim(&dir, aside.as_deref(), files, || self.create())?);
        if let Some(aside) = aside.filter(|_| !self.quiet) {
            eprintln!("the run in {} is now {}", dir.display(), aside.display());
        }
        Ok(())
    }

    /// Leaves everything as it was before a run began of which nothing could be measured, so that the
    /// same command is not refused because of it. What was there before [`begin`](Self::begin) stays, a
    /// resumed run among it.
    pub(in crate::cmd::session) fn withdraw(&mut self) {
        self.writer = None;
        let back = self.claimed.take().and_then(Claimed::withdraw);
        if let Some(back) = back.filter(|_| !self.quiet) {
            eprintln!("the run that was in {} is there again", back.display());
        }
    }

    /// Makes the folder, claims it by its samples, and only then writes the rest; files made here are
    /// removed again if that fails.
    fn create(&mut self) -> Result<(), RecordError> {
        let (environment, samples) = (self.files.environment(), self.files.samples());
        RunDir::create(self.files.folder())?;
        if samples.exists() {
            // Another process came first since this one looked.
            return Err(RecordError::InUse { path: samples });
        }
        self.environment.warnings = machine::warnings(&self.environment);
        let writer = SampleWriter::create(&samples).inspect_err(|error| {
            if !matches!(error, RecordError::InUse { .. }) {
                let _ = fs::remove_file(&samples);
            }
        })?;
        record::write_environment(&environment, &self.environment).inspect_err(|_| {
            let _ = fs::remove_file(&samples);
        })?;
        self.writer = Some(writer);
        Ok(())
    }
}

fn remove_if_there(path: &Path) -> anyhow::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}
