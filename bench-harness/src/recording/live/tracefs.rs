//! Events of the page allocator, from an instance of the kernel's tracer that is this program's own.
//!
//! An instance has buffers, events and processes of its own, so nobody else's tracing is touched; it is
//! removed when this program is done, also after an interrupt, and instances of programs that were killed are
//! removed by the next one. A command is started through a shell that names itself to the tracer and switches
//! it on before it becomes the command, so that nothing of it is missed.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::ops::ControlFlow;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::job::Job;
use super::{LiveError, Order, Recorded, Whom};
use crate::recording::import::said::said;
use crate::recording::import::scan::{Rules, Scan};
use crate::recording::model::Source;

/// Where tracefs is mounted: today, and before Linux 4.1.
const PLACES: [&str; 2] = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"];

/// The events; a page that is freed in a batch is named by `mm_page_free` too.
const EVENTS: [&str; 2] = ["events/kmem/mm_page_alloc", "events/kmem/mm_page_free"];

const NAME: &str = "bench-harness-";

/// Of all processors together, and the least and the most for one.
const BUFFER_KIB: u64 = 128 << 10;
const BUFFER_KIB_EACH: (u64, u64) = (1 << 10, 32 << 10);

/// How long to wait where nothing has come.
const PAUSE: Duration = Duration::from_millis(10);

/// What a recording is called in messages.
const FILE: &str = "trace_pipe";

/// An instance of the tracer, removed with this value.
pub(super) struct Instance {
    folder: PathBuf,
}

impl Instance {
    /// Makes one, switched off, with the events enabled.
    ///
    /// # Errors
    /// What is missing, and what to do.
    pub(super) fn make() -> Result<Self, String> {
        let instances = place()?.join("instances");
        remove_stale(&instances);
        let folder = instances.join(format!("{NAME}{}", std::process::id()));
        fs::create_dir(&folder).map_err(|error| match error.kind() {
            ErrorKind::PermissionDenied => needs_root(&instances),
            _ => format!("{}: {error}; is tracing locked down?", folder.display()),
        })?;
        let instance = Self { folder };
        instance.put("tracing_on", "0").map_err(|error| error.to_string())?;
        for event in EVENTS {
            instance.put(&format!("{event}/enable"), "1").map_err(|error| error.to_string())?;
        }
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64);
        let (least, most) = BUFFER_KIB_EACH;
        // A smaller buffer loses events, which is counted.
        let _ =
            instance.put("buffer_size_kb", &(BUFFER_KIB / cores).clamp(least, most).to_string());
        Ok(instance)
    }

    fn put(&self, file: &str, text: &str) -> Result<(), LiveError> {
        let path = self.folder.join(file);
        fs::write(&path, text).map_err(|error| failed(&path, &error))
    }

    /// Whom to follow, and begin; a command does that itself.
    fn follow(&self, whom: &Whom) -> Result<(), LiveError> {
        match whom {
            Whom::System => {
                // What reading the trace takes is no part of what the system does. Since Linux 5.7.
                let _ = self.put("set_event_notrace_pid", &std::process::id().to_string());
                self.put("tracing_on", "1")
            }
            Whom::Process(pid) => {
                self.put("options/event-fork", "1")?;
                let threads = fs::read_dir(format!("/proc/{pid}/task"));
                let threads = threads.map_err(|_| LiveError::NoProcess(*pid))?;
                let names = threads.flatten().map(|entry| entry.file_name());
                let names: Vec<_> = names.map(|name| name.to_string_lossy().into_owned()).collect();
                self.put("set_event_pid", &names.join(" "))?;
                self.put("tracing_on", "1")
            }
            Whom::Command(_) => self.put("options/event-fork", "1"),
        }
    }

    /// A shell that becomes the command.
    fn command(&self, words: &[std::ffi::OsString]) -> Command {
        let mut command = Command::new("/bin/sh");
        command.arg("-c");
        command.arg(
            r#"echo $$ > "$1/set_event_pid" && echo 1 > "$1/tracing_on" && shift && exec "$@""#,
        );
        command.arg("record-addresses").arg(&self.folder).args(words);
        command
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        let _ = self.put("tracing_on", "0");
        // Not like other folders: one call removes all of it.
        if let Err(error) = fs::remove_dir(&self.folder) {
            let folder = self.folder.display();
            eprintln!(
                "warning: {folder} could not be removed ({error}); remove it with: sudo rmdir {folder}"
            );
        }
    }
}

/// Records through `instance`.
pub(super) fn record(instance: Instance, order: &Order<'_>) -> Result<Recorded, LiveError> {
    let path = instance.folder.join("trace_pipe");
    let no_waiting = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    let pipe = File::options().read(true).custom_flags(no_waiting).open(&path);
    let mut pipe = pipe.map_err(|error| failed(&path, &error))?;
    instance.follow(&order.whom)?;
    let mut job = Job::begin(order, |words| instance.command(words))?;
    let rules = Rules {
        from: Some(Source::Ftrace),
        page_size: order.page_size,
        in_bytes: false,
        at_most: order.at_most,
    };
    let mut scan = Scan::new(FILE, rules);
    let mut buffer = vec![0; 256 << 10];
    let mut line = Vec::new();
    loop {
        let length = read(&mut pipe, &mut buffer).map_err(|error| failed(&path, &error))?;
        if take(&buffer[..length], &mut line, &mut scan).is_break() {
            break;
        }
        if job.is_over(scan.encoder.addresses()) {
            // What is in the buffers was still recorded in time.
            instance.put("tracing_on", "0")?;
            loop {
                let length = read(&mut pipe, &mut buffer).map_err(|error| failed(&path, &error))?;
                if length == 0 || take(&buffer[..length], &mut line, &mut scan).is_break() {
                    break;
                }
            }
            break;
        }
        if length == 0 {
            std::thread::sleep(PAUSE);
        }
    }
    let took = job.spent();
    drop(pipe); // else the instance is busy
    drop(instance);
    if scan.encoder.addresses() == 0 {
        return Err(LiveError::Nothing(took.as_secs_f64()));
    }
    let page_bytes = order.page_size.bytes();
    let mut said = said(FILE, &scan.found, Source::Ftrace, &scan.encoder, page_bytes);
    said.extend(job.remark());
    let bytes = scan.encoder.finish(&order.head(Source::Ftrace, took));
    Ok(Recorded {
        bytes,
        source: Source::Ftrace,
        said,
        stopped: job.stopped,
        failure: job.failure(),
    })
}

/// What there is, 0 bytes of nothing.
fn read(pipe: &mut File, buffer: &mut [u8]) -> std::io::Result<usize> {
    loop {
        match pipe.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(0),
            other => return other,
        }
    }
}

/// The whole lines of `bytes`, the first of which may have begun in `line`.
fn take(bytes: &[u8], line: &mut Vec<u8>, scan: &mut Scan<'_>) -> ControlFlow<()> {
    for piece in bytes.split_inclusive(|&byte| byte == b'\n') {
        line.extend_from_slice(piece);
        if piece.ends_with(b"\n") {
            let text = String::from_utf8_lossy(line);
            // Only plain numbers can be an error, and there are none in a trace.
            let step = scan.line(text.trim_end()).unwrap_or(ControlFlow::Break(()));
            line.clear();
            step?;
        }
    }
    ControlFlow::Continue(())
}

/// Where tracefs is, with the events in it.
fn place() -> Result<PathBuf, String> {
    let mut denied = None;
    for place in PLACES.map(Path::new) {
        match fs::metadata(place.join("instances")) {
            Ok(_) if EVENTS.iter().all(|event| place.join(event).is_dir()) => {
                return Ok(place.to_owned());
            }
            Ok(_) => {
                return Err(format!(
                    "{}: the kernel has no event kmem:mm_page_alloc (built without tracing of \
                     events); take a kernel with CONFIG_EVENT_TRACING",
                    place.display()
                ));
            }
            Err(error) if error.kind() == ErrorKind::PermissionDenied => denied = Some(place),
            Err(_) => {}
        }
    }
    Err(match denied {
        Some(place) => needs_root(place),
        None => {
            "tracefs is not mounted; as root: mount -t tracefs nodev /sys/kernel/tracing".to_owned()
        }
    })
}

fn needs_root(place: &Path) -> String {
    format!("{}: only root may trace; use sudo", place.display())
}

/// Removes what programs of this name left behind that are gone.
fn remove_stale(instances: &Path) {
    let entries = fs::read_dir(instances).into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name();
        let pid = name.to_str().and_then(|name| name.strip_prefix(NAME)?.parse::<u32>().ok());
        let own = std::process::id();
        let is_gone = |pid: u32| pid == own || !Path::new(&format!("/proc/{pid}")).exists();
        if pid.is_some_and(is_gone) {
            let _ = fs::remove_dir(entry.path());
        }
    }
}

fn failed(path: &Path, error: &std::io::Error) -> LiveError {
    LiveError::Failed { file: path.display().to_string(), why: error.to_string() }
}
