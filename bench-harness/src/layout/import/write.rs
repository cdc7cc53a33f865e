//! A layout as the text of a layout file, in the form of the shipped ones.

use std::fmt::{self, Write};

use physseg::FrameRange;

use crate::layout::PHYSSEG_MAX_DEFAULT;

/// What stands above the steps.
pub(super) struct Head<'a> {
    pub(super) name: &'a str,
    pub(super) description: &'a str,
    pub(super) source: &'a str,
    pub(super) page_bytes: u64,
}

/// The layout file that loads `segments` at boot.
pub(super) fn toml(head: &Head<'_>, segments: &[FrameRange]) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write_toml(&mut text, head, segments);
    text
}

fn write_toml(text: &mut String, head: &Head<'_>, segments: &[FrameRange]) -> fmt::Result {
    writeln!(
        text,
        "# Made by `bench-harness layout import`; numbers are page frames, ends excluded."
    )?;
    for (key, value) in
        [("name", head.name), ("description", head.description), ("source", head.source)]
    {
        writeln!(text, "{key} = {}", toml::Value::from(value))?;
    }
    writeln!(text, "page_size = {}", head.page_bytes)?;
    // A port chooses VM_PHYSSEG_MAX so that its machines fit.
    writeln!(text, "physseg_max = {}", segments.len().max(PHYSSEG_MAX_DEFAULT))?;
    writeln!(text, "\nstep = [")?;
    for segment in segments {
        let (start, end) = (segment.start().get(), segment.end().get());
        writeln!(text, "    {{ load = {{ start = {start:#x}, end = {end:#x} }} }},")?;
    }
    writeln!(text, "    {{ boot = true }},\n]")
}
