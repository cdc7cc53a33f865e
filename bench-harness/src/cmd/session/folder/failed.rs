//! What becomes of a folder when a backend failed: a warning, and another process that goes on.

use super::{Folder, warn};
use crate::cmd::Failure;
use crate::cmd::session::barred::Barred;
use crate::console;
use crate::record::{self, SampleWriter};

impl Folder {
    /// Notes among the warnings that a backend failed, and says so.
    pub(in crate::cmd::session) fn note_failure(&mut self, barred: &Barred) {
        let recorded = barred.recorded();
        if !self.said.contains(&recorded) {
            if !self.quiet {
                console::warning(barred.in_words());
            }
            self.said.push(recorded.clone());
        }
        warn(&mut self.environment, [recorded]);
    }

    /// The same of one that failed before there was a folder, which was said then.
    pub(in crate::cmd::session) fn note_earlier_failure(&mut self, barred: &Barred) {
        self.said.push(barred.recorded());
        self.note_failure(barred);
    }

    /// Drops what there is of the process under way, of a run of several: each is one piece of evidence, and half of
    /// one is none.
    ///
    /// # Errors
    /// samples.csv cannot be replaced.
    pub(in crate::cmd::session) fn drop_process(&mut self) -> Result<(), Failure> {
        let ends = &self.environment.stopping.process_ends;
        let whole = ends.last().map_or(0, |&end| usize::try_from(end).unwrap_or(usize::MAX));
        if whole < self.samples.len() {
            self.samples.truncate(whole);
            self.writer = None; // another file takes the place of the one that is open
            let path = self.files.samples();
            record::keep_samples(&path, &self.samples).map_err(Failure::running)?;
            self.writer = Some(SampleWriter::append(&path).map_err(Failure::running)?);
        }
        Ok(())
    }

    /// Goes on as another process, where this one has measured anything.
    pub(in crate::cmd::session) fn next_process(&mut self) {
        let last = self.samples.iter().map(|row| row.process).max();
        self.process = last.map_or(self.process, |last| last.saturating_add(1).max(self.process));
    }
}
