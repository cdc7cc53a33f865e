//! Where the pages of a process lie, looked at again and again.
//!
//! The second best: a walk tells which frames are mapped, not when they were touched, and pages that come and
//! go between two walks are missed. Of the first walk over a process all frames are taken, in the order of its
//! addresses; of later ones those that are new or have moved.

use std::collections::HashMap;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;
use std::process::Command;
use std::time::Duration;

use super::job::Job;
use super::{LiveError, Order, Recorded};
use crate::recording::Encoder;
use crate::recording::import::found::Found;
use crate::recording::import::pagemap::Record;
use crate::recording::import::said::said;
use crate::recording::model::Source;

/// Between two walks.
const PAUSE: Duration = Duration::from_millis(50);

/// Larger mappings are address space that is reserved, not used.
const PAGES_MAX: u64 = 1 << 24;

/// Records are read by so many.
const RECORDS: usize = 8 << 10;

/// Pages of a process with their frames, ascending.
type Pages = Vec<(u64, u64)>;

/// Records by walks; `tracefs` says why not by events.
pub(super) fn record(order: &Order<'_>, tracefs: String) -> Result<Recorded, LiveError> {
    let mut job = Job::begin(order, |words| {
        let (first, rest) =
            words.split_first().map_or((None, words), |(first, rest)| (Some(first), rest));
        let mut command = Command::new(first.map_or("".as_ref(), |first| first.as_os_str()));
        command.args(rest);
        command
    })?;
    let mut found = Found::of("walk");
    let mut encoder = Encoder::default();
    let mut before: HashMap<u32, Pages> = HashMap::new();
    let (mut hidden, mut denied) = (0_u64, None);
    let limit = order.page_size.frame_limit().get();
    while !found.cut {
        let mut now = HashMap::new();
        for pid in family(job.pid()) {
            let pages = match walk(pid, order.page_size.bytes(), &mut hidden) {
                Ok(pages) => pages,
                Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                    denied = Some(error.to_string());
                    continue;
                }
                Err(_) => continue, // it has ended
            };
            let earlier = before.remove(&pid).unwrap_or_default();
            for pfn in news(&earlier, &pages).filter(|&pfn| pfn < limit) {
                if encoder.addresses() >= order.at_most {
                    found.cut = true;
                    break;
                }
                encoder.push(pfn);
            }
            now.insert(pid, pages);
        }
        before = now;
        found.lines += 1;
        if encoder.addresses() == 0 && (hidden > 0 || denied.is_some()) {
            break;
        }
        if job.is_over(encoder.addresses()) {
            break;
        }
        std::thread::sleep(PAUSE);
    }
    if encoder.addresses() == 0 {
        if hidden == 0 && denied.is_none() {
            return Err(LiveError::Nothing(job.spent().as_secs_f64()));
        }
        let pagemap =
            "/proc/PID/pagemap hides frames from who lacks CAP_SYS_ADMIN; use sudo".to_owned();
        return Err(LiveError::NotPermitted { tracefs, pagemap });
    }
    let mut lines = vec![format!("no events ({tracefs}); walks of /proc/PID/pagemap instead")];
    lines.extend(said("pagemap", &found, Source::Pagemap, &encoder, order.page_size.bytes()));
    lines.extend(job.remark());
    let bytes = encoder.finish(&order.head(Source::Pagemap, job.spent()));
    Ok(Recorded {
        bytes,
        source: Source::Pagemap,
        said: lines,
        stopped: job.stopped,
        failure: job.failure(),
    })
}

/// A process and all that it has started, as far as the kernel tells.
fn family(pid: Option<u32>) -> Vec<u32> {
    let mut all: Vec<u32> = pid.into_iter().collect();
    let mut at = 0;
    while let Some(&pid) = all.get(at) {
        let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
        for task in tasks {
            let children = fs::read_to_string(task.path().join("children")).unwrap_or_default();
            let children = children.split_ascii_whitespace().filter_map(|word| word.parse().ok());
            let new: Vec<u32> = children.filter(|child| !all.contains(child)).collect();
            all.extend(new);
        }
        at += 1;
    }
    all
}

/// All pages of a process that are present, ascending.
fn walk(pid: u32, page_bytes: u64, hidden: &mut u64) -> std::io::Result<Pages> {
    let maps = fs::read_to_string(format!("/proc/{pid}/maps"))?;
    let pagemap = File::open(format!("/proc/{pid}/pagemap"))?;
    let mut pages = Pages::new();
    let mut buffer = vec![0; 8 * RECORDS];
    for (start, end) in maps.lines().filter_map(mapping) {
        let (mut page, end) = (start / page_bytes, end / page_bytes);
        if end.saturating_sub(page) > PAGES_MAX {
            continue;
        }
        while page < end {
            let wanted = usize::try_from(end - page).map_or(RECORDS, |left| left.min(RECORDS));
            let length = pagemap.read_at(&mut buffer[..8 * wanted], page * 8)?;
            if length < 8 {
                break; // beyond what a process has, as [vsyscall]
            }
            for (page, bytes) in (page..).zip(buffer[..length].chunks_exact(8)) {
                let bits = bytes.iter().rev().fold(0, |bits, &byte| bits << 8 | u64::from(byte));
                match Record::of(if cfg!(target_endian = "big") { bits.swap_bytes() } else { bits })
                {
                    Record::Frame(pfn) => pages.push((page, pfn)),
                    Record::Hidden => *hidden += 1,
                    Record::Absent => {}
                }
            }
            page += (length / 8) as u64;
        }
    }
    Ok(pages)
}

/// First address and the one after the last of a line of /proc/PID/maps.
fn mapping(line: &str) -> Option<(u64, u64)> {
    let (start, end) = line.split_ascii_whitespace().next()?.split_once('-')?;
    Some((u64::from_str_radix(start, 16).ok()?, u64::from_str_radix(end, 16).ok()?))
}

/// The frames of pages that were not there before, or elsewhere.
fn news<'a>(before: &'a Pages, now: &'a Pages) -> impl Iterator<Item = u64> + 'a {
    let is_known = |page: &(u64, u64)| before.binary_search(page).is_ok();
    now.iter().filter(move |page| !is_known(page)).map(|&(_, pfn)| pfn)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_maps_are_ranges() {
        let line = "7ffd5a1f2000-7ffd5a213000 rw-p 00000000 00:00 0    [stack]";
        assert_eq!(mapping(line), Some((0x7ffd_5a1f_2000, 0x7ffd_5a21_3000)));
        assert_eq!(mapping(""), None);
        assert_eq!(mapping("maps"), None);
    }

    #[test]
    fn later_walks_tell_what_is_new_or_moved() {
        let (before, now) = (vec![(1, 10), (2, 20), (4, 40)], vec![(1, 10), (2, 21), (3, 30)]);
        assert_eq!(news(&before, &now).collect::<Vec<_>>(), [21, 30]);
        assert_eq!(news(&Pages::new(), &now).collect::<Vec<_>>(), [10, 21, 30]);
    }

    #[test]
    fn this_process_can_be_walked_and_frames_are_told_or_hidden() {
        let mut hidden = 0;
        let pages = walk(std::process::id(), 4096, &mut hidden).expect("this process");
        assert!(!pages.is_empty() || hidden > 0);
        assert_eq!(family(Some(std::process::id()))[0], std::process::id());
    }
}
