//! A backend that failed and is left out of the rest of its run: foreign code that crashed, hung, or was wrong.
//!
//! Which one, and how it failed, in words. The run's processes tell each other, summary.csv keeps it in the column
//! `status`, and a resumed run reads it there.

use anyhow::anyhow;
use serde::{Deserialize, Serialize};

use crate::cmd::Failure;
use crate::record::Status;

/// A backend that failed.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub(in crate::cmd) struct Barred {
    /// Its name.
    pub backend: String,
    /// How it failed, to follow "failed: ".
    pub why: String,
    /// What its process wrote to standard error before it died, if it did; not recorded.
    pub said: String,
}

impl Barred {
    pub(in crate::cmd) fn new(backend: &str, why: String) -> Self {
        Self { backend: backend.to_owned(), why, said: String::new() }
    }

    /// That it failed, and how.
    pub(in crate::cmd) fn failed(&self) -> String {
        format!("{} failed: {}", self.backend, self.why)
    }

    /// As it is recorded among the warnings.
    pub(in crate::cmd) fn recorded(&self) -> String {
        let Self { backend, why, .. } = self;
        format!("{backend} failed: {why}. It is left out from there on; the others go on.")
    }

    /// As it is said when it happens.
    pub(in crate::cmd) fn in_words(&self) -> String {
        let said = self.said.trim();
        let said = if said.is_empty() {
            String::new()
        } else {
            format!(" It said: {}", said.escape_debug())
        };
        format!("{}{said}", self.recorded())
    }
}

/// Those that failed before, by the backends of a recorded summary and what it says of each.
pub(in crate::cmd) fn recorded<'a>(
    rows: impl IntoIterator<Item = (&'a str, &'a Status)>,
) -> Vec<Barred> {
    let mut barred: Vec<Barred> = Vec::new();
    for (backend, status) in rows {
        if let Status::Failed(why) = status
            && !barred.iter().any(|known| known.backend == backend)
        {
            barred.push(Barred::new(backend, why.clone()));
        }
    }
    barred
}

/// What a command ends with if backends failed: status 1 and a line for each, after whatever `outcome` it came to
/// without them.
///
/// # Errors
/// That, unless none failed and all is well.
pub(in crate::cmd) fn conclude(
    barred: &[Barred],
    outcome: Result<(), Failure>,
) -> Result<(), Failure> {
    let lines: Vec<String> = barred.iter().map(Barred::failed).collect();
    if lines.is_empty() {
        return outcome;
    }
    let lines = lines.join("\n       ");
    match outcome {
        Ok(()) => Err(Failure::running(anyhow!("{lines}"))),
        Err(failure) => Err(failure.and(&lines)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_comes_after_what_else_is_wrong_and_is_never_lost() {
        let barred = [Barred::new("plugin:a.so", "crashed".to_owned())];
        assert!(conclude(&[], Ok(())).is_ok());
        let failure = conclude(&barred, Ok(())).expect_err("it failed");
        assert_eq!(
            (failure.status(), failure.to_string().as_str()),
            (1, "plugin:a.so failed: crashed")
        );
        let gate = Err(Failure::Gate(anyhow!("--gate: too slow")));
        let failure = conclude(&barred, gate).expect_err("both");
        assert_eq!(failure.status(), 3);
        assert_eq!(failure.to_string(), "--gate: too slow\n       plugin:a.so failed: crashed");
    }
}
