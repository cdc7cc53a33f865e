//! Where the process that measures leaves what it measured: in the run's folder, or with the process
//! that started it.

use std::time::Duration;

use super::barred::Barred;
use super::checks::Checked;
use super::folder::Folder;
use super::part::Part;
use super::plan::Plan;
use super::progress::Progress;
use crate::cmd::Failure;
use crate::machine::Disturbance;
use crate::record::{self, BatchEnd, Configuration, SampleRow, Status, SummaryRow};

/// What a measurement tells on its way. Nothing of it is called while a batch is timed.
pub(super) trait Sink {
    /// Who takes part in the batches of a layout, and who cannot: rows without figures.
    fn take_part(&mut self, rows: Vec<SummaryRow>) -> Result<(), Failure>;

    /// What is made before anything can be measured, in words.
    fn prepare(&mut self, what: String);

    /// What is measured, in words: said when it begins.
    fn say(&mut self, what: String);

    /// A round, whole and verified.
    fn round(&mut self, rows: Vec<SampleRow>) -> Result<(), Failure>;

    /// A batch size whose number of rounds was not given beforehand has had enough.
    fn ended(&mut self, end: BatchEnd) -> Result<(), Failure>;

    /// Whether nothing is left to do of a layout.
    fn is_complete(&self, part: &Part) -> bool;

    /// Whether a layout still has to be checked.
    fn wants_checks(&self, part: &Part) -> bool;

    /// What the checks of a layout gave.
    fn checked(&mut self, checked: Checked) -> Result<(), Failure>;

    /// So much time went into what is not the measurement, and is not taken from its own.
    fn beside(&mut self, took: Duration);

    /// What others did while this process measured.
    fn disturbed(&mut self, by: Disturbance);

    /// How many samples there are of a batch size by now.
    fn count(&self, configuration: &Configuration) -> usize;

    /// What there is of a batch size by now, in the order of measurement.
    fn samples(&self, configuration: &Configuration) -> Vec<SampleRow>;

    /// Whether a batch size had had enough of its `done` rounds before a resume.
    fn is_over(&self, configuration: &Configuration, done: u32) -> bool;

    /// The error to end with if the program was asked to end.
    fn interrupted(&self) -> Failure;
}

/// The run's folder and its progress: what only one process of a run has.
pub(super) struct Recorder<'a> {
    pub plan: &'a Plan,
    pub folder: Folder,
    pub progress: Progress,
    /// Rows of the summary, their statistics still empty.
    pub rows: Vec<SummaryRow>,
    /// Time that is not taken from that of the measurement.
    pub beside: Duration,
    /// Backends that failed.
    pub barred: Vec<Barred>,
}

impl Recorder<'_> {
    /// A resumed run has rows from before, also of layouts that it has not come to yet, and a run of
    /// several processes those of the first. Whether it says anything new.
    fn put_row(&mut self, row: SummaryRow) -> bool {
        let same = |other: &&mut SummaryRow| {
            other.backend == row.backend && other.configuration() == row.configuration()
        };
        let folder = &self.folder;
        match self.rows.iter_mut().find(same) {
            // How the table was built is recorded once: the process that began says it.
            Some(earlier) if earlier.status == row.status => return false,
            Some(earlier) if matches!(row.status, Status::Failed(_)) => {
                return fail(earlier, &row.status, self.plan, folder);
            }
            Some(earlier) => *earlier = row,
            None => self.rows.push(row),
        }
        true
    }

    /// Leaves a backend out of the rest of the run, and says and records why.
    ///
    /// # Errors
    /// The records cannot be written.
    pub(super) fn bar(&mut self, barred: Barred) -> Result<(), Failure> {
        let folder = &mut self.folder;
        self.progress.aside(|| folder.note_failure(&barred));
        folder.write_environment()?;
        let status = Status::Failed(barred.why.clone());
        for row in self.rows.iter_mut().filter(|row| row.backend == barred.backend) {
            fail(row, &status, self.plan, folder);
        }
        self.barred.push(barred);
        if self.rows.is_empty() { Ok(()) } else { self.folder.write_summary(&self.rows).map(drop) }
    }

    /// Layouts of which nothing is left to do.
    pub(super) fn complete_layouts(&self) -> Vec<String> {
        let takes_part = |row: &&SummaryRow| row.status.is_ok();
        let is_done = |part: &&Part| {
            let name = &part.layout.name;
            let mut planned = self.plan.configurations().filter(|(of, _)| of.layout == *name);
            planned.all(|(of, _)| {
                let mut of_it = self.rows.iter().filter(|row| row.configuration() == of).peekable();
                of_it.peek().is_some()
                    && of_it
                        .filter(takes_part)
                        .all(|row| self.folder.has_all(self.plan, &of, &row.backend))
            }) && !self.folder.wants_checks(part)
        };
        let done = self.plan.parts.iter().filter(is_done);
        done.map(|part| part.layout.name.clone()).collect()
    }
}

/// Notes in a row that its backend failed, unless all that it says had been measured by then. Whether that is new.
fn fail(row: &mut SummaryRow, status: &Status, plan: &Plan, folder: &Folder) -> bool {
    let is_new = row.status.is_ok() && !folder.has_all(plan, &row.configuration(), &row.backend);
    if is_new {
        row.status = status.clone();
    }
    is_new
}

impl Sink for Recorder<'_> {
    fn take_part(&mut self, rows: Vec<SummaryRow>) -> Result<(), Failure> {
        self.progress.take_part(&rows);
        let news = rows.into_iter().filter(|row| self.put_row(row.clone())).count();
        // From here on the folder says who takes part, which a resumed run needs to know. Not for each
        // process and layout again: it summarises every sample there is.
        if news > 0 { self.folder.write_summary(&self.rows).map(drop) } else { Ok(()) }
    }

    fn prepare(&mut self, what: String) {
        self.progress.prepare(what);
    }

    fn say(&mut self, what: String) {
        self.progress.say(what);
    }

    fn round(&mut self, rows: Vec<SampleRow>) -> Result<(), Failure> {
        let whose = rows.first().map(|row| (row.configuration(), row.process));
        self.folder.append(rows)?;
        if let Some((configuration, process)) = whose {
            self.progress.round_done(self.plan, &configuration, process);
        }
        Ok(())
    }

    fn ended(&mut self, end: BatchEnd) -> Result<(), Failure> {
        self.progress.batch_ended(&end);
        self.folder.environment.stopping.put(end);
        self.folder.write_environment()
    }

    /// Its tables are built again all the same: nobody has to be spared one of its own.
    fn is_complete(&self, _: &Part) -> bool {
        false
    }

    fn wants_checks(&self, part: &Part) -> bool {
        self.folder.wants_checks(part)
    }

    fn checked(&mut self, checked: Checked) -> Result<(), Failure> {
        self.folder.add_checks(checked)
    }

    fn beside(&mut self, took: Duration) {
        self.beside += took;
        self.progress.extend(took);
    }

    fn disturbed(&mut self, by: Disturbance) {
        self.folder.disturbed(by);
    }

    fn count(&self, configuration: &Configuration) -> usize {
        self.folder.samples().iter().filter(|row| row.is_of(configuration)).count()
    }

    fn samples(&self, configuration: &Configuration) -> Vec<SampleRow> {
        let of_it = |row: &&SampleRow| row.is_of(configuration);
        let all: Vec<_> = self.folder.samples().iter().filter(of_it).cloned().collect();
        record::compared(&all, &self.rows).into_owned()
    }

    fn is_over(&self, configuration: &Configuration, done: u32) -> bool {
        let stopping = &self.folder.environment.stopping;
        let ended = stopping.of(configuration);
        ended.is_some_and(|end| u64::from(done) >= end.rounds)
    }

    fn interrupted(&self) -> Failure {
        Failure::running(anyhow::anyhow!(
            "interrupted after {} samples; they are in {}, and the same command with --resume goes on",
            self.folder.samples().len(),
            self.folder.dir().display()
        ))
    }
}
