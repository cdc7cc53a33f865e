//! Addresses of this machine, recorded now: `record-addresses`.
//!
//! Linux alone tells which frames it uses: by events of its page allocator ([`tracefs`]), which are in order
//! and complete, or, where those are not to be had, by which frames the pages of a process lie in
//! ([`pagemap`]). Both take privileges. What is missing is said, with the way out. Everything of one system is
//! in this folder.

#[cfg(target_os = "linux")]
mod job;
#[cfg(target_os = "linux")]
mod pagemap;
#[cfg(target_os = "linux")]
mod tracefs;

use std::ffi::OsString;
use std::process::ExitStatus;
use std::time::Duration;

use physseg::PageSize;

use super::model::{Map, Source};

/// Whose addresses.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Whom {
    /// All of the system's, but for those of this program.
    System,
    /// A process's, by its number, and those of processes that it starts from now on.
    Process(u32),
    /// A command's, which is started, and those of all that it starts.
    Command(Vec<OsString>),
}

/// What is to be recorded.
pub struct Order<'a> {
    /// Whose addresses.
    pub whom: Whom,
    /// For how long; without it until a command ends.
    pub time: Option<Duration>,
    /// How many addresses at most.
    pub at_most: u64,
    /// The unit of frames.
    pub page_size: PageSize,
    /// The name of the recording.
    pub name: String,
    /// What it says about itself; `None` says what was recorded.
    pub about: Option<String>,
    /// The memory of this machine, if it could be read.
    pub map: Option<Map>,
    /// Asked again and again: whether to stop now.
    pub stop: &'a dyn Fn() -> bool,
    /// Told again and again: how long it has gone on, and with how many addresses.
    pub tell: &'a dyn Fn(Duration, u64),
}

/// What was recorded.
#[derive(Debug)]
pub struct Recorded {
    /// The bytes of a recording.
    pub bytes: Vec<u8>,
    /// How it was recorded.
    pub source: Source,
    /// What was found and left out, in lines for people.
    pub said: Vec<String>,
    /// Whether it ended because it was asked to stop.
    pub stopped: bool,
    /// How the command that was recorded ended, if it failed.
    pub failure: Option<ExitStatus>,
}

/// Why nothing was recorded, and the way out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LiveError {
    /// Another system.
    #[error(
        "Linux alone tells which page frames it uses, and this is {0}; record on a Linux machine, or write \
         frames to a file and use `workload import --from text`"
    )]
    NotLinux(&'static str),
    /// Neither way is open.
    #[error("page frames cannot be recorded here: {tracefs}; {pagemap}")]
    NotPermitted {
        /// What is missing for events, and what to do.
        tracefs: String,
        /// What is missing for walks of a pagemap.
        pagemap: String,
    },
    /// No such process.
    #[error("--pid {0}: there is no such process")]
    NoProcess(u32),
    /// The command.
    #[error("{0}: cannot be started: {1}")]
    NotStarted(String, String),
    /// It worked, and nothing came.
    #[error(
        "no page was allocated or freed in {0:.1} s; record for longer, or something that does more"
    )]
    Nothing(f64),
    /// The tracer failed on the way.
    #[error("{file}: {why}")]
    Failed {
        /// Which file of the kernel's.
        file: String,
        /// The system's reason.
        why: String,
    },
}

/// Records. By events where they are to be had, else, of one process, by walks.
///
/// # Errors
/// What is missing, and the way out.
#[cfg(target_os = "linux")]
pub fn record(order: &Order<'_>) -> Result<Recorded, LiveError> {
    if let Whom::Process(pid) = order.whom
        && !std::path::Path::new(&format!("/proc/{pid}")).exists()
    {
        return Err(LiveError::NoProcess(pid));
    }
    match tracefs::Instance::make() {
        Ok(instance) => tracefs::record(instance, order),
        Err(tracefs) => match &order.whom {
            Whom::System => Err(LiveError::NotPermitted {
                tracefs,
                pagemap: "without it one process can be walked: give --pid N, or -- COMMAND"
                    .to_owned(),
            }),
            _ => pagemap::record(order, tracefs),
        },
    }
}

/// Says that this is not Linux.
///
/// # Errors
/// Always.
#[cfg(not(target_os = "linux"))]
pub fn record(_order: &Order<'_>) -> Result<Recorded, LiveError> {
    Err(LiveError::NotLinux(std::env::consts::OS))
}

impl Order<'_> {
    /// What the recording is about, where nobody said it.
    #[cfg(target_os = "linux")]
    fn head(&self, source: Source, took: Duration) -> super::Head {
        let whom = match &self.whom {
            Whom::System => "the whole system".to_owned(),
            Whom::Process(_) => "one process".to_owned(),
            // Its arguments may be nobody's business.
            Whom::Command(words) => {
                let name =
                    words.first().map(std::path::Path::new).and_then(std::path::Path::file_name);
                name.map_or_else(String::new, |name| {
                    format!("`{}`", name.to_string_lossy().escape_debug())
                })
            }
        };
        let how = match source {
            Source::Pagemap => "pages as they became present (walks of pagemap)",
            _ => "pages allocated and freed (kmem events)",
        };
        let kernel = rustix::system::uname();
        let description = format!(
            "{how} by {whom} in {:.1} s, {} {} {}",
            took.as_secs_f64(),
            kernel.sysname().to_string_lossy(),
            kernel.release().to_string_lossy(),
            kernel.machine().to_string_lossy()
        );
        super::Head {
            name: self.name.clone(),
            description: self.about.clone().unwrap_or(description),
            source,
            page_size: self.page_size,
            map: self.map.clone(),
        }
    }
}
