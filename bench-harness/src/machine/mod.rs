//! The machine under the measurement: what it is, what it is set to, and what is wrong with that.
//!
//! Everything that only one system offers is in here, and is "unknown" elsewhere, so that the rest
//! of the program is the same on all. `cmd` calls [`capture`] and [`warnings`] once before a run and
//! [`load_average`] after it; the commands pin themselves with [`pin_to_one_core`].

mod build;
#[cfg(target_os = "linux")]
mod linux;
mod pin;
mod timer;
mod warnings;

pub use build::{commit, compiler, compiler_flags};
pub use pin::{PinError, pin_to_one_core, pinning_in_words};
pub use timer::{Timer, measure_timer};
pub use warnings::warnings;

use crate::record::{Environment, SCHEMA_VERSION, Stopping, UNKNOWN};

/// What the system tells about itself; whatever it does not tell is left at the default.
#[derive(Clone, PartialEq, Debug, Default)]
struct Facts {
    cpu_model: Option<String>,
    cores: Option<u32>,
    caches: Vec<String>,
    hypervisor: Option<String>,
    governor: Option<String>,
    turbo: Option<String>,
    aslr: Option<String>,
    memory_bytes: Option<u64>,
}

/// The machine's and the program's part of [`Environment`]; takes some 30 ms, for the timer.
///
/// The run's own fields (`run_id`, `command_line`, `seed`, `started`, `plan`, `pinned`) are blank and for the
/// caller to fill: `Environment { run_id, seed, .., ..machine::capture() }`. Call it before pinning
/// and before any work of one's own raises the load.
pub fn capture() -> Environment {
    let load_before = load_average();
    let facts = facts();
    let timer = measure_timer();
    let or_unknown = |fact: Option<String>| fact.unwrap_or_else(|| UNKNOWN.to_owned());
    Environment {
        schema_version: SCHEMA_VERSION,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        tool_commit: commit().to_owned(),
        run_id: String::new(),
        command_line: Vec::new(),
        seed: 0,
        started: String::new(),
        ended: None,
        compiler: compiler().to_owned(),
        compiler_flags: compiler_flags().to_owned(),
        cpu_model: or_unknown(facts.cpu_model),
        cores: facts.cores,
        caches: facts.caches,
        hypervisor: or_unknown(facts.hypervisor),
        governor: or_unknown(facts.governor),
        turbo: or_unknown(facts.turbo),
        aslr: or_unknown(facts.aslr),
        kernel: kernel(),
        page_size: page_size(),
        memory_bytes: facts.memory_bytes,
        timer_resolution_ns: timer.resolution_ns,
        timer_overhead_ns: timer.overhead_ns,
        pinned: UNKNOWN.to_owned(),
        load_before,
        load_after: None,
        plan: serde_json::Value::Null,
        stopping: Stopping::default(),
        warnings: Vec::new(),
    }
}

/// Which signals this process ignored when it was asked, as a mask with bit `n - 1` for signal `n`;
/// `None` where the system does not tell. A signal ignored at the start (nohup, a job in the
/// background) is meant to stay so.
pub fn ignored_signals() -> Option<u64> {
    #[cfg(target_os = "linux")]
    return linux::ignored_signals();
    #[cfg(not(target_os = "linux"))]
    None
}

/// Load average over the last minute, in runnable threads; `None` where the system does not tell.
pub fn load_average() -> Option<f64> {
    #[cfg(target_os = "linux")]
    return linux::load_average();
    #[cfg(not(target_os = "linux"))]
    None
}

#[cfg(target_os = "linux")]
fn facts() -> Facts {
    linux::facts()
}

/// The number of processors that this process may use stands for those online: nothing portable
/// counts them.
#[cfg(not(target_os = "linux"))]
fn facts() -> Facts {
    let cores = std::thread::available_parallelism().ok();
    Facts { cores: cores.and_then(|cores| u32::try_from(cores.get()).ok()), ..Facts::default() }
}

/// System, release and processor architecture, as uname(2) has them.
#[allow(clippy::unnecessary_wraps)] // elsewhere there is none
#[cfg(unix)]
fn kernel() -> String {
    let name = rustix::system::uname();
    let parts = [name.sysname(), name.release(), name.machine()];
    parts.map(std::ffi::CStr::to_string_lossy).join(" ")
}

#[cfg(not(unix))]
fn kernel() -> String {
    UNKNOWN.to_owned()
}

#[cfg(unix)]
fn page_size() -> Option<u64> {
    u64::try_from(rustix::param::page_size()).ok()
}

#[cfg(not(unix))]
fn page_size() -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::{capture, load_average};
    use crate::record::{read_environment, write_environment};

    #[test]
    fn a_captured_machine_can_be_written_and_read_again() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("environment.json");
        let environment = capture();
        write_environment(&path, &environment).expect("written");
        let again = read_environment(&path).expect("read");
        assert_eq!(again.cpu_model, environment.cpu_model);
        assert!(!again.compiler.is_empty() && !again.tool_commit.is_empty());
        assert!(again.timer_resolution_ns > 0.0 && again.timer_overhead_ns > 0.0);
        assert!(again.cores.is_none_or(|cores| cores > 0));
    }

    #[cfg(unix)]
    #[test]
    fn the_page_size_is_a_power_of_two() {
        assert!(super::page_size().is_some_and(u64::is_power_of_two));
        assert!(super::kernel().contains(' '));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn linux_tells_its_load() {
        assert!(load_average().is_some_and(|load| load >= 0.0));
    }

    #[cfg(not(target_os = "linux"))]
    #[test]
    fn elsewhere_the_load_is_unknown() {
        assert_eq!(load_average(), None);
    }
}
