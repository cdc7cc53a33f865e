//! What was found besides addresses: what is said of an import.

use std::collections::BTreeMap;

/// Kinds of other events that are told apart; a hostile text may have as many as lines.
const KINDS_MAX: usize = 16;

/// Characters of a line that are quoted.
const QUOTED_CHARS_MAX: usize = 60;

/// Counts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(in crate::recording) struct Found {
    /// What `lines` are, if not lines.
    pub(in crate::recording) unit: Option<&'static str>,
    /// Lines; of a binary file records.
    pub(in crate::recording) lines: u64,
    /// Events that gave addresses, by name.
    pub(in crate::recording) taken: BTreeMap<String, u64>,
    /// Other events, by name.
    pub(super) others: BTreeMap<String, u64>,
    /// Other events of further names.
    pub(super) further: u64,
    /// Taken events of blocks of several pages.
    pub(in crate::recording) blocks: u64,
    /// Allocations that failed.
    pub(in crate::recording) failed: u64,
    /// Events that the tracer lost.
    pub(in crate::recording) lost: u64,
    /// Pages that a pagemap says are not present.
    pub(super) absent: u64,
    /// Pages whose frame it does not tell.
    pub(super) hidden: u64,
    /// Lines that are nothing of what was looked for.
    pub(super) foreign: u64,
    /// The first of them that looks as if it was meant: its number and what it says.
    pub(super) first_foreign: Option<(u64, String)>,
    /// Whether there was more than is kept.
    pub(in crate::recording) cut: bool,
    /// Whether the input ended in the middle of something.
    pub(super) cut_short: bool,
}

impl Found {
    /// Nothing yet, of what comes in such units.
    #[cfg(target_os = "linux")]
    pub(in crate::recording) fn of(unit: &'static str) -> Self {
        Self { unit: Some(unit), ..Self::default() }
    }

    pub(super) fn take(&mut self, name: &str) {
        // No string for an event that is known, of which there are millions.
        if let Some(count) = self.taken.get_mut(name) {
            *count += 1;
        } else {
            self.taken.insert(name.to_owned(), 1);
        }
    }

    pub(super) fn other(&mut self, name: &str) {
        if let Some(count) = self.others.get_mut(name) {
            *count += 1;
        } else if self.others.len() < KINDS_MAX {
            self.others.insert(name.to_owned(), 1);
        } else {
            self.further += 1;
        }
    }

    /// Of a line that is nothing of what was looked for; headings and empty lines do not count.
    pub(super) fn foreign(&mut self, number: u64, line: &str) {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return;
        }
        self.foreign += 1;
        self.first_foreign
            .get_or_insert_with(|| (number, line.chars().take(QUOTED_CHARS_MAX).collect()));
    }
}
