//! The runs that markers name, each read once.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use anyhow::{Context, anyhow};

use crate::record::{ChurnRun, RunDir, files_in, kept_in, read_environment};
use crate::report::excerpt::{Data, Request, Table, is_reproduction};

/// A run of a record.
pub(super) struct Quotable {
    /// The record, and behind a slash the run in it.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    pub files: Vec<String>,
    pub data: Data,
}

/// Reads runs as they are asked for.
pub(super) struct Sources {
    records: PathBuf,
    read: HashMap<String, Rc<Quotable>>,
    newest: Option<Rc<Quotable>>,
}

impl Sources {
    pub(super) fn new(records: &Path) -> Self {
        Self { records: records.to_owned(), read: HashMap::new(), newest: None }
    }

    /// The runs that a marker names; the newest record of the paper's experiments, if it names none.
    pub(super) fn of(&mut self, request: &Request) -> anyhow::Result<Vec<Rc<Quotable>>> {
        let Some(record) = request.record() else {
            if request.table() != Table::Reproduce {
                return Err(anyhow!(
                    "which record is meant? `record=FOLDER`, of those in {}",
                    self.records.display()
                ));
            }
            return Ok(vec![self.newest()?]);
        };
        if request.runs().is_empty() {
            return Ok(vec![self.read(record)?]);
        }
        request.runs().iter().map(|run| self.read(&format!("{record}/{run}"))).collect()
    }

    fn read(&mut self, name: &str) -> anyhow::Result<Rc<Quotable>> {
        if let Some(known) = self.read.get(name) {
            return Ok(Rc::clone(known));
        }
        // Names come from a document, which shall not reach out of the records.
        if name.split('/').any(|part| matches!(part, "" | "." | "..")) || name.contains('\\') {
            return Err(anyhow!("record: `{name}` is no folder in {}", self.records.display()));
        }
        let folder = self.records.join(name);
        let data = if ChurnRun::is_in(&folder) {
            Data::Churn(Box::new(ChurnRun::read(&folder)?))
        } else {
            Data::Lookups(Box::new(RunDir::open(&folder)?.read()?))
        };
        let files = files_in(&folder);
        let quotable = Rc::new(Quotable { name: name.to_owned(), folder, files, data });
        self.read.insert(name.to_owned(), Rc::clone(&quotable));
        Ok(quotable)
    }

    /// The newest record with a run of `reproduce` at its top level; of one day, the run begun last.
    fn newest(&mut self) -> anyhow::Result<Rc<Quotable>> {
        if let Some(known) = &self.newest {
            return Ok(Rc::clone(known));
        }
        let mut candidates = Vec::new();
        for kept in kept_in(&self.records)? {
            let run = RunDir::at(&kept.path);
            if run.holds_run() {
                let environment = read_environment(&run.environment())
                    .with_context(|| format!("looking for the newest record: {}", kept.name))?;
                candidates.push((kept.date().to_owned(), environment.started, kept.name));
            }
        }
        candidates.sort();
        for (.., name) in candidates.into_iter().rev() {
            let run = self.read(&name)?;
            let Data::Lookups(data) = &run.data else { continue };
            if is_reproduction(data) {
                self.newest = Some(Rc::clone(&run));
                return Ok(run);
            }
        }
        Err(anyhow!(
            "no record in {} holds a run of `reproduce`; measure one, and `bench-harness record add DIR` files it",
            self.records.display()
        ))
    }
}
