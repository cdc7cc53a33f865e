//! The worker's side: its parent, as it sees it.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::GO_ON;
use super::lines::read_line;

/// The process that started this one.
pub(in crate::cmd) struct Parent {
    input: BufReader<Box<dyn Read>>,
    /// Where messages go if not to standard output.
    output: Option<File>,
}

impl Parent {
    /// The parent at the other end of standard input and output, and the job it gives.
    ///
    /// # Errors
    /// What is on standard input is no job: somebody typed the hidden command.
    pub(in crate::cmd) fn meet<J: DeserializeOwned>() -> io::Result<(Self, J)> {
        let mut input: BufReader<Box<dyn Read>> = BufReader::new(Box::new(io::stdin()));
        let line = read_line(&mut input)?.unwrap_or_default();
        let job = serde_json::from_slice(&line)?;
        Ok((Self { input, output: None }, job))
    }

    /// Keeps standard input and output for messages alone: what foreign code prints goes to standard error from here
    /// on, and is shown if this process dies; what it reads is empty, and it may close either.
    ///
    /// # Errors
    /// The system refuses; then nothing has changed.
    #[cfg(unix)]
    pub(in crate::cmd) fn keep_output(&mut self) -> io::Result<()> {
        use std::os::fd::AsFd;
        let answers = io::stdin().as_fd().try_clone_to_owned()?;
        let nothing = File::open("/dev/null")?;
        let kept = io::stdout().as_fd().try_clone_to_owned()?;
        // What was read ahead of the first line stays in the reader.
        let ahead = self.input.buffer().to_vec();
        rustix::stdio::dup2_stdin(nothing)?;
        rustix::stdio::dup2_stdout(io::stderr())?;
        self.input = BufReader::new(Box::new(io::Cursor::new(ahead).chain(File::from(answers))));
        self.output = Some(kept.into());
        Ok(())
    }

    #[cfg(not(unix))]
    pub(in crate::cmd) fn keep_output(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Sends a message and waits until it was dealt with. Does not return if the parent is gone:
    /// nobody is left to work for, nor to tell.
    pub(in crate::cmd) fn tell(&mut self, message: &impl Serialize) {
        if !self.exchange(message).unwrap_or(false) {
            std::process::exit(1);
        }
    }

    fn exchange(&mut self, message: &impl Serialize) -> io::Result<bool> {
        let mut line = serde_json::to_vec(message)?;
        line.push(b'\n');
        if let Some(output) = &mut self.output {
            output.write_all(&line)?;
        } else {
            let mut output = io::stdout().lock();
            output.write_all(&line)?;
            output.flush()?;
        }
        Ok(read_line(&mut self.input)?.is_some_and(|reply| reply == GO_ON.trim_end().as_bytes()))
    }
}
