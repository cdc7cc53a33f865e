//! A process that measures plugins, watched: whoever crashes or hangs in it is known by name.
//!
//! Plugins are measured in the same process as everybody else, so that pairing, caches and placement are what
//! they are without plugins, and nothing is sent anywhere in or around a timed loop. The price is that one that crashes
//! takes that process with it. So the process notes who is in charge before each phase of a backend
//! ([`beacon`]), and the one that started it reads the note when it has died, or when nothing new is
//! noted for too long.

use std::cell::{Cell, RefCell};
use std::process::Command;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::barred::Barred;
use super::interrupt;
pub(in crate::cmd) use super::watched::{BeaconFile, Watched};
use crate::cmd::worker::{Worker, WorkerError};
use crate::measure::beacon::{self, Doing, Note};

/// How long a plugin may go without a sign of life while it is loaded, unless `--patience` says otherwise.
const LOADING: Duration = Duration::from_secs(10);

/// A process that measures, and who is watched in it.
pub(in crate::cmd) struct Supervised {
    worker: Worker,
    watch: Watch,
}

/// What is known of who is in charge in it.
struct Watch {
    watched: Watched,
    beacon: Option<BeaconFile>,
    /// The last note that was seen, and since when.
    seen: Cell<Option<(Note, Instant)>>,
}

/// What came of waiting for a process.
pub(in crate::cmd) enum Next<M> {
    /// It told something.
    Message(M),
    /// The program was asked to end.
    Interrupted,
    /// A plugin took it down, or was ended with it.
    Barred(Barred),
}

impl Supervised {
    /// Starts `command` with its job. Without a beacon nobody is watched.
    ///
    /// # Errors
    /// [`WorkerError::Start`].
    pub(in crate::cmd) fn start(
        watched: Watched,
        who: String,
        command: &mut Command,
        job: &impl Serialize,
        beacon: Option<BeaconFile>,
    ) -> Result<Self, WorkerError> {
        let worker = Worker::start(who, command, job)?;
        Ok(Self { worker, watch: Watch { watched, beacon, seen: Cell::new(None) } })
    }

    /// Waits for the next message.
    ///
    /// # Errors
    /// The process died, and no plugin was in charge.
    pub(in crate::cmd) fn next<M: DeserializeOwned>(&mut self) -> Result<Next<M>, WorkerError> {
        let Self { worker, watch } = self;
        let late = RefCell::new(None);
        let message = worker.next(|| {
            let mut late = late.borrow_mut();
            *late = if interrupt::asked() { None } else { watch.overdue() };
            interrupt::asked() || late.is_some()
        });
        match (message, late.into_inner()) {
            (Ok(Some(message)), _) => {
                watch.is_open();
                Ok(Next::Message(message))
            }
            (Ok(None), Some(barred)) => Ok(Next::Barred(barred)),
            (Ok(None), None) => Ok(Next::Interrupted),
            (Err(error), _) => watch.blamed(error).map(Next::Barred),
        }
    }

    /// Lets it go on after a message; a plugin may have taken it down meanwhile.
    ///
    /// # Errors
    /// It died, and no plugin was in charge.
    pub(in crate::cmd) fn go_on(&mut self) -> Result<Option<Barred>, WorkerError> {
        match self.worker.go_on() {
            Ok(()) => Ok(None),
            Err(error) => self.watch.blamed(error).map(Some),
        }
    }

    /// The plugin that the process says is to blame for what it failed at, if it is one: its name, and what it did.
    pub(in crate::cmd) fn barred(&self, blamed: Option<(String, String)>) -> Option<Barred> {
        let (name, what) = blamed?;
        let entry = self.watch.watched.backends.iter().find(|entry| entry.name == name)?;
        entry.plugin_file()?;
        let layout = self.watch.layout();
        let why = layout.map_or(what.clone(), |layout| format!("on {layout}: {what}"));
        Some(Barred::new(&name, why))
    }

    /// Whether a plugin was being loaded when it was last heard of.
    pub(in crate::cmd) fn is_loading(&self) -> bool {
        self.watch.note().is_some_and(|note| note.doing == Doing::Load)
    }
}

impl Watch {
    /// The process has opened the beacon, which needs no name any more.
    fn is_open(&mut self) {
        if let Some(beacon) = &mut self.beacon {
            beacon.path = None;
        }
    }

    fn layout(&self) -> Option<&str> {
        self.watched.layouts.get(self.note()?.layout?).map(String::as_str)
    }

    /// The plugin that was in charge when the process died, if one was; else the error.
    fn blamed(&self, error: WorkerError) -> Result<Barred, WorkerError> {
        let note = self.note();
        let entry = note.and_then(|note| self.watched.backends.get(note.backend?));
        let plugin = entry.filter(|entry| entry.plugin_file().is_some());
        match (plugin, note, error.fault()) {
            (Some(plugin), Some(note), Some(fault)) => {
                let why = format!("{fault} {}", self.place(note));
                let said = error.said().to_owned();
                Ok(Barred { said, ..Barred::new(plugin.name, why) })
            }
            _ => Err(error),
        }
    }

    /// In what, and on which layout.
    fn place(&self, note: Note) -> String {
        let doing = note.doing.in_words();
        self.layout().map_or(doing.to_owned(), |layout| format!("{doing} on {layout}"))
    }

    fn note(&self) -> Option<Note> {
        beacon::read(&self.beacon.as_ref()?.file).ok()?
    }

    /// The plugin that is at one thing for longer than it may.
    fn overdue(&self) -> Option<Barred> {
        let note = self.note()?;
        let since = match self.seen.get() {
            Some((seen, since)) if seen == note => since,
            _ => {
                self.seen.set(Some((note, Instant::now())));
                return None;
            }
        };
        let entry = self.watched.backends.get(note.backend?)?;
        entry.plugin_file()?;
        let usual = match note.doing {
            Doing::Nothing | Doing::Build => return None, // our own work
            Doing::Load => LOADING,
            _ => self.watched.usual,
        };
        let limit = self.watched.patience.unwrap_or(usual);
        (since.elapsed() > limit).then(|| {
            let (place, limit) = (self.place(note), humantime::format_duration(limit));
            let why = format!(
                "did not return within {limit} {place}, and was ended (--patience gives it longer)"
            );
            Barred::new(entry.name, why)
        })
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::super::forecast::tests::plan;
    use super::*;

    const WORDS: &str =
        "--backends array,plugin:/x/a.so --layout paper-32x8 --layout frag-1mb --patience 400ms";

    /// What comes of a process that does what `script` says after it has noted this.
    fn comes_of(
        script: &str,
        backend: Option<usize>,
        doing: Doing,
    ) -> Result<Next<u32>, WorkerError> {
        let plan = plan(WORDS);
        let beacon = BeaconFile::create().expect("a file");
        let path = beacon.path().expect("a name");
        let note = Note { sequence: 7, backend, layout: Some(1), doing };
        beacon::put(&beacon.file, note).expect("written");
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let who = "it".to_owned();
        let mut process = Supervised::start(plan.watched(), who, &mut command, &1, Some(beacon))
            .expect("a shell");
        let next = process.next();
        assert_eq!(path.exists(), !matches!(next, Ok(Next::Message(_))));
        drop(process);
        assert!(!path.exists(), "nothing is left behind");
        next
    }

    #[track_caller]
    fn barred(next: Result<Next<u32>, WorkerError>) -> Barred {
        match next {
            Ok(Next::Barred(barred)) => barred,
            Ok(_) => panic!("it is not blamed"),
            Err(error) => panic!("{error}"),
        }
    }

    #[test]
    fn who_is_in_charge_when_a_process_dies_is_to_blame() {
        let died = "read job; echo assertion >&2; kill -ABRT $$";
        let one = barred(comes_of(died, Some(1), Doing::FindBatch));
        assert_eq!(one.backend, "plugin:/x/a.so");
        let why = "crashed (SIGABRT: abort, or a failed assertion) in find_batch on frag-1mb";
        assert_eq!((one.why.as_str(), one.said.trim()), (why, "assertion"));
        let one = barred(comes_of("read job; exit 0", Some(1), Doing::Load));
        assert_eq!(one.why, "ended its process with status 0 while it was loaded on frag-1mb");
    }

    #[test]
    fn what_is_our_own_and_what_came_from_outside_is_blamed_on_no_plugin() {
        let died = "read job; kill -SEGV $$";
        for (script, backend) in
            [(died, Some(0)), (died, None), (died, Some(9)), ("read job; kill -TERM $$", Some(1))]
        {
            let next = comes_of(script, backend, Doing::Find);
            assert!(matches!(next, Err(WorkerError::Died { .. })), "{script} {backend:?}");
        }
    }

    #[test]
    fn only_calls_of_plugins_can_take_too_long() {
        let hangs = "read job; exec sleep 600";
        let one = barred(comes_of(hangs, Some(1), Doing::Plug));
        assert_eq!(
            one.why,
            "did not return within 400ms in plug on frag-1mb, and was ended (--patience gives it longer)"
        );
        let takes_its_time = "read job; sleep 1; echo 5; read go";
        for (backend, doing) in [(Some(0), Doing::Lookups), (Some(1), Doing::Build)] {
            let next = comes_of(takes_its_time, backend, doing);
            assert!(matches!(next, Ok(Next::Message(5))), "{backend:?}");
        }
    }
}
