//! `this-machine`: the running machine's RAM as a layout.
//!
//! Only Linux shows its memory map where a program can read it as text; everywhere else, and
//! without the privilege to see addresses, the answer is a message that says what to do instead.

use physseg::PageSize;

use super::PHYSSEG_MAX_DEFAULT;
use super::error::{LayoutError, Problem};
use super::file::span;
use super::iomem;
use super::model::{Layout, LookupRange, Origin, StepKind};
use super::open::THIS_MACHINE;

/// Where Linux shows which physical addresses hold what.
const IOMEM: &str = "/proc/iomem";

/// Reads the running machine.
pub(super) fn this_machine() -> Result<Layout, LayoutError> {
    if !cfg!(target_os = "linux") {
        let why = format!(
            "only Linux shows its memory map as text ({IOMEM}), and this is {}",
            std::env::consts::OS
        );
        return Err(LayoutError::new(THIS_MACHINE, Problem::NotLive(why)));
    }
    let refused = |problem| LayoutError::new(IOMEM, problem);
    let page_size = page_size().map_err(refused)?;
    let text = std::fs::read_to_string(IOMEM)
        .map_err(|error| refused(Problem::NotLive(format!("cannot be read: {error}"))))?;
    layout(&text, page_size)
}

/// The layout of a machine whose /proc/iomem has this text.
fn layout(text: &str, page_size: PageSize) -> Result<Layout, LayoutError> {
    let segments = iomem::usable(text, page_size)
        .map_err(|(line, problem)| LayoutError::new(IOMEM, problem).at(line, None))?;
    let Some(range) = span(&segments) else {
        let why = "shows no line `System RAM` of at least a page".to_owned();
        return Err(LayoutError::new(IOMEM, Problem::NotLive(why)));
    };
    let loads = segments.iter().map(|&range| StepKind::Load { range, split: None });
    let layout = Layout {
        name: THIS_MACHINE.to_owned(),
        description: "The RAM of the running machine, all of it loaded at boot".to_owned(),
        source: format!("read live from {IOMEM}"),
        page_size,
        // A port chooses VM_PHYSSEG_MAX so that its machines fit.
        physseg_max: segments.len().max(PHYSSEG_MAX_DEFAULT),
        steps: loads.chain([StepKind::Boot]).map(Into::into).collect(),
        lookups: LookupRange { range, fold_below: None },
        origin: Origin::Live,
    };
    layout.check()?;
    Ok(layout)
}

/// The page size of the running kernel.
#[cfg(unix)]
fn page_size() -> Result<PageSize, Problem> {
    let bytes = rustix::param::page_size() as u64;
    PageSize::new(bytes).ok_or(Problem::BadPageSize(bytes))
}

#[cfg(not(unix))]
fn page_size() -> Result<PageSize, Problem> {
    Err(Problem::NotLive("the page size is unknown".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::expand::frames;

    #[test]
    fn a_small_virtual_machine_becomes_a_layout() {
        let text = "00001000-0009efff : System RAM\n00100000-bfffffff : System RAM\n\
                    100000000-63fffffff : System RAM\n";
        let layout = layout(text, PageSize::FOUR_KIB).unwrap();
        assert_eq!(layout.steps.len(), 4);
        let segments = layout.final_segments().unwrap();
        assert_eq!(
            segments,
            [frames(0x1, 0x9f), frames(0x100, 0xc_0000), frames(0x10_0000, 0x64_0000)]
        );
        assert_eq!(layout.lookups.range, frames(0x1, 0x64_0000));
        assert_eq!(layout.physseg_max, 32);
    }

    #[test]
    fn a_machine_that_hides_its_addresses_is_told_apart_from_one_without_memory() {
        let hidden = "00000000-00000000 : Reserved\n00000000-00000000 : System RAM\n";
        let message = layout(hidden, PageSize::FOUR_KIB).unwrap_err().to_string();
        assert!(message.starts_with("/proc/iomem:2: "), "{message}");
        assert!(message.contains("run as root"), "{message}");
        let message = layout("", PageSize::FOUR_KIB).unwrap_err().to_string();
        assert!(message.contains("no line `System RAM`"), "{message}");
        assert!(message.contains("TOML file"), "{message}");
    }

    #[test]
    fn more_segments_than_usual_raise_the_capacity() {
        let mut text = String::new();
        for i in 0..40_u64 {
            use std::fmt::Write;
            let start = i << 20;
            writeln!(text, "{start:08x}-{:08x} : System RAM", start + 0xffff).unwrap();
        }
        let layout = layout(&text, PageSize::FOUR_KIB).unwrap();
        assert_eq!(layout.physseg_max, 40);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_running_machine_is_a_layout_or_a_clear_message() {
        match this_machine() {
            Ok(layout) => assert!(!layout.final_segments().unwrap().is_empty()),
            Err(error) => {
                let message = error.to_string();
                assert!(message.contains("TOML file"), "{message}");
            }
        }
    }
}
