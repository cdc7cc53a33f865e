//! The text of Linux's /proc/iomem: which physical addresses hold what.
//!
//! A line is `START-END : NAME` in hexadecimal, END included; resources inside others are indented.
//! `System RAM` is usable memory. It stands at the outermost level, except where a driver added it
//! (`System RAM (kmem)`, `System RAM (virtio_mem)`), and never inside other `System RAM`.

use physseg::{FrameRange, PageSize};

use super::error::Problem;
use super::import::{Bytes, Entry, hex, normalise};

const SYSTEM_RAM: &str = "System RAM";

/// A line about usable memory.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Resource {
    /// Its first and its last byte; both 0 for those who may not see addresses.
    Ram(u64, u64),
    /// There is no range.
    Unreadable,
}

/// The whole page frames of usable memory, sorted; ranges that touch are one.
///
/// # Errors
///
/// The line (from 1) and what is wrong: a line of `System RAM` without a range, or the zeros that
/// the kernel shows to those who may not see addresses.
pub(super) fn usable(
    text: &str,
    page_size: PageSize,
) -> Result<Vec<FrameRange>, (Option<usize>, Problem)> {
    let mut entries = Vec::new();
    let mut hidden = None;
    for (index, line) in text.lines().enumerate() {
        let number = Some(index + 1);
        match resource(line) {
            None => {}
            // No machine has RAM of one byte at address 0.
            Some(Resource::Ram(0, 0)) => hidden = hidden.or(number),
            Some(Resource::Ram(start, last)) => {
                let bytes = Bytes::inclusive(start, last).ok();
                entries.extend(bytes.map(|bytes| Entry { bytes, usable: true, node: None }));
            }
            Some(Resource::Unreadable) => {
                let range = line.split(" : ").next().unwrap_or_default().trim();
                let why = format!("{range:?} is not a range `START-END`");
                return Err((number, Problem::NotLive(why)));
            }
        }
    }
    if entries.is_empty() && hidden.is_some() {
        let why = "addresses are hidden (all zeros); run as root to see them".to_owned();
        return Err((hidden, Problem::NotLive(why)));
    }
    Ok(normalise(&entries, page_size, false).segments)
}

/// What the line says of usable memory; `None` where it is about something else.
pub(super) fn resource(line: &str) -> Option<Resource> {
    let (range, name) = line.split_once(" : ")?;
    let name = name.trim_end();
    let driver = |rest: &str| rest.is_empty() || rest.starts_with(" (");
    name.strip_prefix(SYSTEM_RAM).is_some_and(driver).then(|| {
        addresses(range).map_or(Resource::Unreadable, |(start, last)| Resource::Ram(start, last))
    })
}

/// First and last byte.
fn addresses(range: &str) -> Option<(u64, u64)> {
    let (start, last) = range.trim().split_once('-')?;
    Some((hex(start)?, hex(last)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::expand::frames;

    fn four_kib(text: &str) -> Vec<FrameRange> {
        usable(text, PageSize::FOUR_KIB).unwrap()
    }

    #[test]
    fn a_real_map_gives_its_ram_and_nothing_else() {
        let text = "\
00000000-00000fff : Reserved
00001000-0009fbff : System RAM
0009fc00-000fffff : Reserved
  000f0000-000fffff : System ROM
00100000-bfffffff : System RAM
  01000000-022090c7 : Kernel code
c0001000-eebfffff : PCI Bus 0000:00
100000000-63fffffff : System RAM
";
        // 0x9fbff is in the middle of frame 0x9f, which is therefore not whole.
        assert_eq!(
            four_kib(text),
            [frames(0x1, 0x9f), frames(0x100, 0xc_0000), frames(0x10_0000, 0x64_0000)]
        );
        // With pages of 64 KiB the first range begins at the second page.
        let large = usable(text, PageSize::new(65536).unwrap()).unwrap();
        assert_eq!(large[0], frames(0x1, 0x9));
    }

    #[test]
    fn ranges_are_sorted_and_those_that_touch_are_one() {
        let text = "00300000-003fffff : System RAM\n00100000-001fffff : System RAM\n\
                    00200000-002fffff : System RAM\n00800000-00800fff : System RAM\n";
        assert_eq!(four_kib(text), [frames(0x100, 0x400), frames(0x800, 0x801)]);
    }

    #[test]
    fn memory_added_by_drivers_counts_and_look_alikes_do_not() {
        let text = "\
140000000-1ffffffff : virtio0
  140000000-147ffffff : System RAM (virtio_mem)
200000000-2ffffffff : System RAMDISK
300000000-3ffffffff : Soft Reserved
nonsense
";
        assert_eq!(four_kib(text), [frames(0x14_0000, 0x14_8000)]);
    }

    #[test]
    fn what_holds_no_whole_page_is_dropped() {
        let text = "00000800-00001ffe : System RAM\n00002001-00002fff : System RAM\n\
                    fffffffffffff000-ffffffffffffffff : System RAM\n";
        assert_eq!(four_kib(text), []);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        for line in ["zz-00ff : System RAM", "1000 : System RAM", "-1-2 : System RAM"] {
            let text = format!("00000000-00000fff : Reserved\n{line}\n");
            let (number, problem) = usable(&text, PageSize::FOUR_KIB).unwrap_err();
            assert_eq!(number, Some(2), "{line}");
            assert!(problem.to_string().contains("START-END"), "{problem}");
        }
    }
}
