//! Lines of the kernel's tracer, as tracefs, trace-cmd and perf print them.
//!
//! ```text
//!   cc1-812     [001] d..2.    64.512345: mm_page_alloc: page=00000000c0ffee00 pfn=0x1a2b order=0 migratetype=1 ...
//!   cc1-812     [001]    64.512345: mm_page_free:         page=0xffffea0000068ac0 pfn=6827 order=0
//!   cc1   812   [001]    64.512345: kmem:mm_page_alloc: page=0x1a2b pfn=0x1a2b order=0 ...
//! ```
//!
//! What comes before the time differs from program to program, and the command's name in it may hold
//! anything, so a line is read from its time stamp on. Events of the buddy allocator that name a frame are
//! taken, under all names that they have had; an event of order n stands for 2^n frames and names the
//! first, which is the one that the allocator looks up. Nothing else of kmem is taken: refilling and
//! draining lists per processor (`mm_page_alloc_zone_locked`, `mm_page_pcpu_drain`) and freeing in batches (`mm_page_free_batched`) name
//! frames again that are allocated or freed at the same time.

use crate::layout::import::number::{decimal, prefixed_hex};

/// The events that are taken: today's, and those of kernels before 3.3.
const TAKEN: [&str; 4] =
    ["mm_page_alloc", "mm_page_free", "mm_page_free_direct", "mm_pagevec_free"];

/// How perf names the subsystem of these events.
const SUBSYSTEM: &str = "kmem:";

/// An event, of whatever kind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Event<'a> {
    /// Its name, without its subsystem.
    pub(super) name: &'a str,
    /// Whether its subsystem stands before it, as perf prints it.
    pub(super) of_perf: bool,
    /// What it says, where it is one of those that are taken.
    pub(super) page: Option<Page>,
}

/// What an event of the allocator says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Page {
    /// A frame, and whether others follow it in its block.
    Frame { pfn: u64, is_block: bool },
    /// An allocation that failed: no page.
    None,
    /// Neither can be read.
    Unreadable,
}

/// The event of a line, if it is one.
pub(super) fn event(line: &str) -> Option<Event<'_>> {
    let mut rest = line;
    while let Some((token, after)) = next_token(rest) {
        if is_time(token) {
            // perf may print a count between time and name.
            let (mut token, mut after) = next_token(after)?;
            if token.bytes().all(|byte| byte.is_ascii_digit()) {
                (token, after) = next_token(after)?;
            }
            if let Some(name) = name_of(token) {
                return Some(read(name, after));
            }
        } else if let Some(name) = token.strip_suffix(':').filter(|_| token.starts_with(SUBSYSTEM))
        {
            // perf script with --fields that leave the time out.
            return Some(read(name, after));
        }
        rest = after;
    }
    None
}

/// How many events a line says were lost.
pub(super) fn lost(line: &str) -> Option<u64> {
    let (_, after) = line.split_once("LOST ")?;
    let (number, after) = next_token(after)?;
    let is_said = after.trim_start().to_ascii_lowercase().starts_with("events");
    decimal(number).filter(|_| is_said)
}

fn read<'a>(name: &'a str, fields: &str) -> Event<'a> {
    let (of_perf, name) = match name.split_once(':') {
        Some((_, name)) => (true, name),
        None => (false, name),
    };
    let page = TAKEN.contains(&name).then(|| page(fields));
    Event { name, of_perf, page }
}

fn page(fields: &str) -> Page {
    let field = |key: &str| {
        let mut words = fields.split_ascii_whitespace();
        words.find_map(|word| word.strip_prefix(key)?.strip_prefix('='))
    };
    let number = |text| prefixed_hex(text).or_else(|| decimal(text));
    let Some(pfn) = field("pfn").and_then(number) else {
        return Page::Unreadable;
    };
    // An allocation that failed is printed with no page and frame 0, which on some machines exists.
    let page = field("page").unwrap_or_default();
    let is_null = page == "(null)" || page.is_empty() || prefixed_zero(page);
    if pfn == 0 && is_null {
        return Page::None;
    }
    let is_block = field("order").and_then(decimal).is_some_and(|order| order > 0);
    Page::Frame { pfn, is_block }
}

/// `0`, `0x0`, `0000000000000000`.
fn prefixed_zero(text: &str) -> bool {
    let digits = text.strip_prefix("0x").unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte == b'0')
}

/// The first word, and what comes after it.
fn next_token(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// `64.512345:`, or `64512:` with a clock that counts.
fn is_time(token: &str) -> bool {
    let Some(number) = token.strip_suffix(':') else { return false };
    let (whole, part) = number.split_once('.').unwrap_or((number, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number(whole) && is_number(part)
}

/// `sched_switch:`, `kmem:mm_page_free:` without the last colon.
fn name_of(token: &str) -> Option<&str> {
    let name = token.strip_suffix(':')?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'-');
    let begins = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    (begins && name.bytes().all(plain)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn frame(line: &str) -> (u64, bool, bool) {
        let event = event(line).expect(line);
        match event.page {
            Some(Page::Frame { pfn, is_block }) => (pfn, is_block, event.of_perf),
            other => panic!("{line}: {other:?}"),
        }
    }

    #[test]
    fn every_program_and_every_age_of_kernel_is_read() {
        for (line, pfn, is_block, of_perf) in [
            // tracefs, kernels of today
            (
                "           <...>-4021    [000] .....   178.119072: mm_page_alloc: page=00000000d1c3f3b5 pfn=0x1094be order=0 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE|__GFP_COMP",
                0x10_94be,
                false,
                false,
            ),
            (
                "      tmux: server-77  [001] d..2.   178.2: mm_page_free: page=00000000aa pfn=0x5 order=3",
                5,
                true,
                false,
            ),
            // tracefs, Linux 4: decimal frames
            (
                "            bash-2401  [003] ....  9912.004512: mm_page_alloc: page=ffffea0003c41480 pfn=986194 order=0 migratetype=2 gfp_flags=GFP_KERNEL",
                986_194,
                false,
                false,
            ),
            // Linux 2.6.32
            (
                "  sh-1  [000]  9.5: mm_page_free_direct: page=ffffea00 pfn=17 order=1",
                17,
                true,
                false,
            ),
            (
                "  sh-1  [000]  9.5: mm_pagevec_free: page=ffffea00 pfn=18 order=0 cold=1",
                18,
                false,
                false,
            ),
            // trace-cmd report
            (
                "  make-933  [002]  1021.551: mm_page_free: page=0xffffea0004 pfn=0x4000001 order=0",
                0x400_0001,
                false,
                false,
            ),
            // a clock that counts
            (
                "  make-933  [002] ..... 1021551: mm_page_free: page=0xff pfn=0xff order=0",
                0xff,
                false,
                false,
            ),
            // perf script, with and without a period, and with fewer fields
            (
                "cc1 20118 [001] 7042.193020:  kmem:mm_page_alloc: page=0x14a0e2 pfn=0x14a0e2 order=0 migratetype=0 gfp_flags=GFP_KERNEL",
                0x14_a0e2,
                false,
                true,
            ),
            (
                "cc1 20118 [001] 7042.193020:          1 kmem:mm_page_free: page=0x1 pfn=0x1 order=0",
                1,
                false,
                true,
            ),
            ("kmem:mm_page_free: page=0x1 pfn=0x2 order=0", 2, false, true),
        ] {
            assert_eq!(frame(line), (pfn, is_block, of_perf), "{line}");
        }
    }

    #[test]
    fn frames_of_52_bits_are_whole() {
        let (pfn, ..) = frame("a-1 [0] 1.0: mm_page_free: page=0xff pfn=0xffffffffff order=0");
        assert_eq!(pfn, (1 << 40) - 1);
    }

    #[test]
    fn failed_allocations_and_unreadable_fields_are_told_apart() {
        let page = |fields: &str| {
            let line = format!("a-1 [0] 1.0: mm_page_alloc: {fields}");
            event(&line).expect("an event").page.expect("taken")
        };
        for null in ["(null)", "          (null)", "0000000000000000", "0x0"] {
            assert_eq!(page(&format!("page={null} pfn=0x0 order=9")), Page::None, "{null}");
        }
        assert_eq!(
            page("page=00000000c1 pfn=0x0 order=0"),
            Page::Frame { pfn: 0, is_block: false }
        );
        for fields in
            ["", "page=0x1", "page=0x1 pfn=", "pfn=0xg", "pfn=-1", "pfn=99999999999999999999999"]
        {
            assert_eq!(page(fields), Page::Unreadable, "{fields}");
        }
    }

    #[test]
    fn other_events_are_events_and_other_lines_are_not() {
        let name = |line| event(line).map(|event| (event.name, event.page));
        assert_eq!(name(" a-1 [0] 1.0: sched_switch: prev_comm=a"), Some(("sched_switch", None)));
        let locked = " a-1 [0] 1.0: mm_page_alloc_zone_locked: page=0x1 pfn=0x1 order=0";
        assert_eq!(name(locked), Some(("mm_page_alloc_zone_locked", None)));
        for line in [
            "",
            "# tracer: nop",
            "1.5:",
            "1.5: 7",
            "        ffffffff812 alloc_pages+0x1 (vmlinux)",
            "mm_page_alloc",
        ] {
            assert_eq!(name(line), None, "{line}");
        }
    }

    #[test]
    fn lost_events_are_counted() {
        assert_eq!(lost("CPU:1 [LOST 331 EVENTS]"), Some(331));
        assert_eq!(lost("cc1 1 [001] 7.5: PERF_RECORD_LOST lost 5"), None);
        assert_eq!(lost("LOST of EVENTS"), None);
    }
}
