//! The parent's side: starts a worker, reads its messages, and never leaves it behind.

use std::io::{BufReader, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::GO_ON;
use super::error::WorkerError;
use super::lines::{read_line, shown, tail};

/// How often the parent looks up from waiting. Seldom: each look takes a moment on some core.
const LOOK_UP: Duration = Duration::from_millis(200);

/// How long a worker that closed its output may take to end.
const GRACE: Duration = Duration::from_secs(2);

/// How much of what a worker says in distress is kept.
const SAID_MAX_BYTES: usize = 2048;

/// A running worker. Dropped, it is ended.
pub(in crate::cmd) struct Worker {
    who: String,
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<Vec<u8>>,
    said: Receiver<String>,
}

impl Worker {
    /// Starts `command` with pipes and hands it the job, its first line. `who` names it in errors.
    ///
    /// # Errors
    /// [`WorkerError::Start`].
    pub(in crate::cmd) fn start(
        who: String,
        command: &mut Command,
        job: &impl Serialize,
    ) -> Result<Self, WorkerError> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // The interrupt key is for the parent, who then ends the worker between two rounds.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        let mut child = match command.spawn() {
            Ok(child) => child,
            Err(source) => return Err(WorkerError::Start { who, source }),
        };
        let (to_lines, lines) = sync_channel(1);
        if let Some(output) = child.stdout.take() {
            thread::spawn(move || {
                let mut output = BufReader::new(output);
                while let Ok(Some(line)) = read_line(&mut output) {
                    if to_lines.send(line).is_err() {
                        break;
                    }
                }
            });
        }
        let (to_said, said) = sync_channel(1);
        if let Some(errors) = child.stderr.take() {
            // Nobody waits for it any more if sending fails.
            thread::spawn(move || to_said.send(tail(errors, SAID_MAX_BYTES)).ok());
        }
        let input = child.stdin.take();
        let mut worker = Self { who, child, input, lines, said };
        let job = serde_json::to_string(job).map_err(|error| WorkerError::Start {
            who: worker.who.clone(),
            source: error.into(),
        })?;
        worker.write(&format!("{job}\n"))?;
        Ok(worker)
    }

    /// Waits for the next message, and meanwhile asks `stop` now and then whether to give up. `None`
    /// if it said so; the worker is ended then.
    ///
    /// # Errors
    /// The worker died, fell silent, or sent what is no message.
    pub(in crate::cmd) fn next<M: DeserializeOwned>(
        &mut self,
        stop: impl Fn() -> bool,
    ) -> Result<Option<M>, WorkerError> {
        let line = loop {
            if stop() {
                self.end();
                return Ok(None);
            }
            match self.lines.recv_timeout(LOOK_UP) {
                Ok(line) => break line,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Err(self.death()),
            }
        };
        match serde_json::from_slice(&line) {
            Ok(message) => Ok(Some(message)),
            Err(error) => {
                self.end();
                let said = self.last_words();
                let (line, why) = (shown(&line), error.to_string());
                Err(WorkerError::Garbage { who: self.who.clone(), line, why, said })
            }
        }
    }

    /// Lets the worker go on after a message.
    ///
    /// # Errors
    /// The worker died.
    pub(in crate::cmd) fn go_on(&mut self) -> Result<(), WorkerError> {
        self.write(GO_ON)
    }

    fn write(&mut self, text: &str) -> Result<(), WorkerError> {
        let input = self.input.as_mut();
        let written =
            input.map(|input| input.write_all(text.as_bytes()).and_then(|()| input.flush()));
        match written {
            Some(Ok(())) => Ok(()),
            _ => Err(self.death()),
        }
    }

    /// Says how the worker ended, which it has or is about to.
    fn death(&mut self) -> WorkerError {
        let closed = Instant::now();
        let who = self.who.clone();
        while closed.elapsed() < GRACE {
            if let Ok(Some(status)) = self.child.try_wait() {
                return WorkerError::Died { who, status, said: self.last_words() };
            }
            thread::sleep(Duration::from_millis(10));
        }
        self.end();
        WorkerError::Silent { who, said: self.last_words() }
    }

    /// What it wrote to standard error; its own children, if it has any, may keep that open.
    fn last_words(&self) -> String {
        self.said.recv_timeout(GRACE).unwrap_or_default()
    }

    /// Ends the worker at once. A worker that has ended already is as good.
    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.end();
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::Command;

    use super::{Worker, WorkerError};

    fn worker(script: &str) -> Worker {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Worker::start("process 2".to_owned(), &mut command, &"job").expect("a shell")
    }

    fn fails(script: &str) -> String {
        let mut worker = worker(script);
        loop {
            match worker.next::<u32>(|| false) {
                Ok(_) => worker.go_on().expect("it waits for that"),
                Err(error) => return error.to_string(),
            }
        }
    }

    #[test]
    fn each_message_is_answered_before_the_next() {
        let mut worker = worker(
            "read job; echo 1; read go; [ \"$job $go\" = '\"job\" \"go on\"' ] && echo 2; read go",
        );
        assert_eq!(worker.next(|| false).expect("a message"), Some(1));
        worker.go_on().expect("it reads");
        assert_eq!(worker.next(|| false).expect("a message"), Some(2));
    }

    #[test]
    fn a_worker_that_dies_is_named_with_how_and_what_it_said() {
        let said = fails("read job; echo 1; read go; echo out of luck >&2; exit 7");
        assert_eq!(
            said,
            "process 2 ended with status 7 before its work was done; it said: out of luck"
        );
        let said = fails("read job; kill -KILL $$");
        assert!(said.starts_with("process 2 was ended by signal 9 (killed"), "{said}");
        let said = fails("read job; exit 0");
        assert_eq!(said, "process 2 ended with status 0 before its work was done");
    }

    #[test]
    fn garbage_is_shown_and_its_sender_ended() {
        let said = fails("read job; echo 1; read go; echo Segmentation fault; exec sleep 600");
        assert!(said.contains("no message (") && said.contains("`Segmentation fault`"), "{said}");
        let said = fails("read job; printf half; exit 0");
        assert!(said.contains("status 0"), "half a line is no message: {said}");
    }

    #[test]
    fn a_worker_that_closes_its_output_and_stays_is_ended() {
        let said = fails("read job; exec >/dev/null 2>&1; exec sleep 600");
        assert!(said.contains("fell silent"), "{said}");
    }

    #[test]
    fn waiting_can_be_given_up() {
        let mut worker = worker("read job; exec sleep 600");
        assert_eq!(worker.next::<u32>(|| true).expect("no error"), None);
        assert!(worker.child.try_wait().expect("a child").is_some(), "it was ended");
    }

    #[test]
    fn a_program_that_is_not_there_is_an_error() {
        let error = Worker::start("process 0".to_owned(), &mut Command::new("/nowhere/x"), &1);
        assert!(matches!(error, Err(WorkerError::Start { .. })));
    }
}
