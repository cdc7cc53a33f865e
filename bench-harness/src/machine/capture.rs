//! The machine and the program as environment.json has them.

use physseg::backend::sorted::Kernel;

use super::facts::{Facts, kernel, or_unknown, page_size};
use super::{build, fingerprint, load_average, measure_timer};
use crate::record::Environment;

/// The machine's and the program's part of [`Environment`]; takes some 30 ms, for the timer.
///
/// The run's own fields (`run_id`, `command_line`, `seed`, `started`, `plan`, `pinned`) and what is
/// known only at its end are blank and for the caller to fill:
/// `Environment { run_id, seed, .., ..machine::capture() }`. Call it before pinning and before any
/// work of one's own raises the load.
pub fn capture() -> Environment {
    let load_before = load_average();
    Environment { load_before, ..of(Facts::read()) }
}

/// The same of given facts, without the load.
pub(super) fn of(facts: Facts) -> Environment {
    let timer = measure_timer();
    let mut environment = Environment {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        tool_commit: build::commit().to_owned(),
        compiler: build::compiler().to_owned(),
        compiler_flags: build::compiler_flags().to_owned(),
        cpu_model: or_unknown(facts.cpu_model),
        cores: facts.cores,
        caches: facts.caches,
        hypervisor: or_unknown(facts.hypervisor),
        simd_kernel: Kernel::best().name().to_owned(),
        governor: or_unknown(facts.governor),
        scaling_driver: or_unknown(facts.scaling_driver),
        turbo: or_unknown(facts.turbo),
        smt: or_unknown(facts.smt),
        aslr: or_unknown(facts.aslr),
        kernel: kernel(),
        page_size: page_size(),
        transparent_huge_pages: or_unknown(facts.huge_pages),
        memory_bytes: facts.memory_bytes,
        memory_available_bytes: facts.memory_available_bytes,
        swap_used_bytes: facts.swap_used_bytes,
        clock_source: or_unknown(facts.clock_source),
        timer_resolution_ns: timer.resolution_ns,
        timer_overhead_ns: timer.overhead_ns,
        ..Environment::blank()
    };
    environment.machine_fingerprint = fingerprint(&environment);
    environment
}

#[cfg(test)]
mod tests {
    use super::{Facts, capture, of};
    use crate::record::{UNKNOWN, read_environment, write_environment};

    #[test]
    fn a_captured_machine_can_be_written_and_read_again() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("environment.json");
        let environment = capture();
        write_environment(&path, &environment).expect("written");
        let again = read_environment(&path).expect("read");
        assert_eq!(again.cpu_model, environment.cpu_model);
        assert_eq!(again.machine_fingerprint, environment.machine_fingerprint);
        assert_eq!(again.simd_kernel, physseg::backend::STree::new().simd());
        assert!(!again.compiler.is_empty() && !again.tool_commit.is_empty());
        assert!(again.timer_resolution_ns > 0.0 && again.timer_overhead_ns > 0.0);
        assert!(again.cores.is_none_or(|cores| cores > 0));
    }

    #[test]
    fn a_machine_that_tells_nothing_is_unknown_throughout() {
        let silent = of(Facts::default());
        for text in [
            silent.cpu_model,
            silent.smt,
            silent.clock_source,
            silent.transparent_huge_pages,
            silent.scaling_driver,
            silent.machine_fingerprint,
        ] {
            assert_eq!(text, UNKNOWN);
        }
        assert_eq!((silent.memory_available_bytes, silent.swap_used_bytes), (None, None));
    }
}
