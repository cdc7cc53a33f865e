//! How a command fails, and the exit status that says which way.

use std::fmt::{self, Display};

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub enum Failure {
    /// The arguments or the input were wrong; nothing was begun. Exit status 2.
    Input(anyhow::Error),
    /// It failed while running; what had been measured is on disk. Exit status 1.
    Running(anyhow::Error),
    /// It did what it was asked, and something is slower than `--gate` allows. Exit status 3.
    Gate(anyhow::Error),
}

impl Failure {
    /// Bad arguments or input.
    pub fn input(error: impl Into<anyhow::Error>) -> Self {
        Self::Input(error.into())
    }

    /// Failed while running.
    pub fn running(error: impl Into<anyhow::Error>) -> Self {
        Self::Running(error.into())
    }

    /// The same with `more` said below it.
    #[must_use]
    pub fn and(self, more: &str) -> Self {
        let said = anyhow::anyhow!("{self}\n       {more}");
        match self {
            Self::Input(_) => Self::Input(said),
            Self::Running(_) => Self::Running(said),
            Self::Gate(_) => Self::Gate(said),
        }
    }

    /// What went wrong, with its causes.
    pub fn error(&self) -> &anyhow::Error {
        let (Self::Input(error) | Self::Running(error) | Self::Gate(error)) = self;
        error
    }

    /// The exit status.
    pub fn status(&self) -> u8 {
        match self {
            Self::Running(_) => 1,
            Self::Input(_) => 2,
            Self::Gate(_) => 3,
        }
    }
}

impl Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let error = self.error();
        // What went wrong, then why; but many errors say their cause themselves.
        let mut said = error.to_string();
        for cause in error.chain().skip(1).map(ToString::to_string) {
            if !said.contains(&cause) {
                said = format!("{said}: {cause}");
            }
        }
        f.write_str(&said)
    }
}
