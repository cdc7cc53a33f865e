//! What `record add` says of a record that it has filed, for a last look before it is public.

use std::fs;
use std::path::Path;

use crate::cli::Add;
use crate::console;
use crate::record::{Environment, Private, UNKNOWN, is_clean_commit};

/// The page of a record.
pub(super) const README: &str = "README.md";

/// What was filed, what is worth a second look, and what it says of the machine.
pub(super) fn tell(of: &Environment, place: &Path, args: &Add, private: &Private) {
    if !is_clean_commit(&of.tool_commit) {
        console::warning(format_args!(
            "the program was built from commit `{}`, which nobody else has as it was; measure with a build \
             of a clean commit",
            of.tool_commit
        ));
    }
    if of.cpu_model == UNKNOWN {
        console::warning(format_args!("the processor is unknown; say in {README} what it is"));
    }
    if !of.compiler_flags.contains("profile release") {
        console::warning(format_args!(
            "the program was built with `{}`; figures of others are of profile release",
            of.compiler_flags
        ));
    }
    if of.ended.is_none() {
        console::warning("the run was cut off; the record says so");
    }
    for warning in &of.warnings {
        console::warning(format_args!("of the run: {warning}"));
    }
    eprintln!("what the record tells of the machine, besides figures:");
    eprintln!("  command line: {}", of.command_line.join(" "));
    eprintln!(
        "  processor: {}; kernel: {}; hypervisor: {}",
        of.cpu_model, of.kernel, of.hypervisor
    );
    eprintln!("  compiler: {}; {}", of.compiler, of.compiler_flags);
    eprintln!("  from {} to {}", of.started, of.ended.as_deref().unwrap_or("its being cut off"));
    let page = fs::read_to_string(place.join(README)).unwrap_or_default();
    let clean = private.found_in(&page).is_empty();
    eprintln!(
        "  home folders and names of machines: {}",
        match (args.redact, clean) {
            (true, _) => "taken out where found",
            (false, true) => "none found",
            (false, false) => "found in its README.md only; look at it",
        }
    );
}
