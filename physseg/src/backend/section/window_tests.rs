//! The flat window of a small span: that it grows, what it takes, and how it is left.

use alloc::vec::Vec;

use super::*;
use crate::addr::FrameRange;
use crate::backend::Backend;
use crate::page::PageId;
use crate::segment::FreeList;
use crate::slab::SlabId;

/// Frames of the largest window.
const WINDOW: u64 = 1 << 16;

fn range(start: u64, end: u64) -> FrameRange {
    FrameRange::new(Pfn::new(start), Pfn::new(end)).unwrap()
}

fn paged(start: u64, end: u64, raw: u64) -> Segment {
    let id = PageId::from_raw(raw).unwrap();
    Segment::new(range(start, end), FreeList::Default).with_pages(id, SlabId::NONE)
}

fn page(section: &Section, pfn: u64) -> Option<u64> {
    section.find_page(Pfn::new(pfn)).map(PageId::raw)
}

fn booted() -> Section {
    let mut section = Section::new();
    section.boot_ended();
    section
}

#[test]
fn the_window_grows_upwards_and_downwards_with_modest_slack() {
    for upwards in [true, false] {
        let mut section = booted();
        let starts =
            (100..600_u64).map(|nth| if upwards { nth * 64 + 3 } else { (700 - nth) * 64 });
        for (nth, start) in (1..).zip(starts.clone()) {
            section.insert(paged(start, start + 2, nth * 10)).unwrap();
            if nth % 50 == 0 {
                section.check().unwrap();
                // 24 bytes a block, an eighth of them more, one block at least.
                let most = (nth + nth / 8 + 8) * 24;
                assert!(section.index_bytes() as u64 <= most, "{}", section.index_bytes());
            }
        }
        for (nth, start) in (1..).zip(starts) {
            let around = [start + 1, start + 2].map(|pfn| page(&section, pfn));
            assert_eq!(around, [Some(nth * 10 + 1), None]);
        }
    }
}

#[test]
fn the_window_becomes_chunks_with_what_it_holds() {
    // Below, above, and far from the window; one bias, ranks and tables in it.
    for outside in [0, 5 * WINDOW, 1 << 40] {
        let base = WINDOW + 640;
        let mut section = booted();
        let mut segments = Vec::new();
        segments.push(paged(base, base + 100, base + 7));
        segments.extend(
            (0..6).map(|nth| paged(base + 200 + nth * 9, base + 205 + nth * 9, 1 + nth * 5)),
        );
        segments.extend(
            (0..6).map(|nth| paged(base + 400 + nth * 9, base + 404 + nth * 9, 900 - nth * 9)),
        );
        // A whole chunk, which becomes one word.
        segments.push(paged(1 << 16, (1 << 16) + 600, (1 << 30) + 1));
        segments.push(paged(3 << 15, 4 << 15, 1 << 20));
        segments.retain(|segment| segment.end().get() <= base || segment.start().get() >= base);
        for &segment in &segments {
            section.insert(segment).unwrap();
        }
        section.check().unwrap();
        assert_eq!(section.map.counts(), [0; 3], "no chunks yet");
        let tables = section.map.tables_in_use();
        assert!(tables > 0);
        section.insert(paged(outside, outside + 1, 5)).unwrap();
        section.check().unwrap();
        assert_eq!(section.map.counts()[0], 1, "the whole one");
        assert_eq!(section.map.tables_in_use(), tables);
        for segment in &segments {
            for pfn in segment.start().get()..segment.end().get() {
                assert_eq!(page(&section, pfn), segment.page_of(Pfn::new(pfn)).map(PageId::raw));
            }
        }
        assert_eq!((page(&section, outside), page(&section, outside + 1)), (Some(5), None));
    }
}

#[test]
fn segments_of_boot_that_outgrow_the_window_get_their_descriptors_without_memory() {
    let mut section = Section::new();
    let starts = [100, 40_000, 65_000, 65_600, 200_000];
    let bare = |start| Segment::new(range(start, start + 50), FreeList::Default);
    let handles = starts.map(|start| section.insert(bare(start)).unwrap());
    let bytes = section.bytes();
    for (nth, (handle, start)) in (0..).zip(handles.into_iter().zip(starts)) {
        let segment = paged(start, start + 50, 1 + nth * 50);
        section.replace(handle, segment).unwrap();
        assert_eq!(page(&section, start + 49), Some(50 + nth * 50));
    }
    section.boot_ended();
    section.check().unwrap();
    assert_eq!(section.bytes(), bytes);
}

/// Whoever was loaded has its descriptors by then: a chunk without a frame is one like others.
#[test]
fn nothing_is_expected_of_a_window_that_is_left_after_boot() {
    for boot_is_over in [false, true] {
        let mut section = Section::new();
        // Two segments with a chunk between them in which there is nothing.
        let starts = [WINDOW / 2 - 6400, WINDOW + 6400 - 200];
        for (nth, start) in (0..).zip(starts) {
            let bare = Segment::new(range(start, start + 50), FreeList::Default);
            let handle = section.insert(bare).unwrap();
            if boot_is_over {
                section.replace(handle, paged(start, start + 50, 1 + nth * 50)).unwrap();
            }
        }
        if boot_is_over {
            section.boot_ended();
        }
        section.insert(paged(1 << 30, (1 << 30) + 1, 500)).unwrap();
        section.check().unwrap();
        let expected = if boot_is_over { [0, 3, 0] } else { [0, 1, 3] };
        assert_eq!(section.map.counts(), expected);
    }
}

#[test]
fn cuts_at_the_windows_borders_and_their_undoing_need_no_memory() {
    let mut section = booted();
    let whole = section.insert(paged(0, WINDOW, 1)).unwrap();
    let bytes = section.index_bytes();
    assert_eq!(bytes as u64, WINDOW / 64 * 24);
    let old = *section.get(whole).unwrap();
    for part in [range(1, WINDOW - 1), range(0, 1), range(WINDOW - 1, WINDOW), range(64, 128)] {
        section.replace(whole, old.cut_to(part)).unwrap();
        section.check().unwrap();
        let (start, end) = (part.start().get(), part.end().get());
        assert_eq!((page(&section, start), page(&section, end)), (Some(start + 1), None));
        section.replace(whole, old).unwrap();
        section.check().unwrap();
    }
    assert_eq!((section.index_bytes(), section.map.counts()), (bytes, [0; 3]));
    // One frame more is one too many.
    section.insert(paged(WINDOW, WINDOW + 1, WINDOW + 1)).unwrap();
    section.check().unwrap();
    assert_eq!(page(&section, WINDOW), Some(WINDOW + 1));
    assert_ne!(section.map.counts(), [0; 3]);
}

/// Of 128-byte descriptors of the frames that are there, the index takes at most 1 %.
fn assert_one_percent(section: &Section, frames: u64) {
    let bytes = section.index_bytes() as u64;
    assert!(bytes * 100 <= frames * 128, "{bytes} bytes for {frames} frames");
}

#[test]
fn the_index_takes_at_most_a_hundredth_of_the_descriptors() {
    // paper-32x8, loaded at boot.
    let mut section = Section::new();
    for nth in 0..32 {
        section.insert(Segment::new(range(nth * 8, nth * 8 + 8), FreeList::Default)).unwrap();
    }
    section.boot_ended();
    assert_eq!(section.index_bytes(), 96);
    assert_one_percent(&section, 256);
    // frag-1mb and frag-256mb: boot memory, a chunk plugged above it, and of every 8 frames 1 to 7
    // unplugged: 4 on the whole.
    for end in [512, WINDOW] {
        let mut section = Section::new();
        section.insert(paged(0, 256, 1)).unwrap();
        section.boot_ended();
        let mut rest = section.insert(paged(256, end, 257)).unwrap();
        let mut frames = end;
        for start in (256..end).step_by(8) {
            let gone = 1 + start / 8 % 7;
            frames -= gone;
            let old = *section.get(rest).unwrap();
            if start + 8 == end {
                section.replace(rest, old.cut_to(range(old.start().get(), end - gone))).unwrap();
                continue;
            }
            let head = old.cut_to(range(old.start().get(), start + 8 - gone));
            let tail = old.cut_to(range(start + 8, end));
            rest = section.split(rest, head, tail).unwrap().unwrap().1;
        }
        section.check().unwrap();
        assert_one_percent(&section, frames);
    }
}

#[test]
fn frames_come_and_go_across_blocks_as_within_one() {
    // Starts and ends around the borders of blocks, beside a neighbour with another bias or none.
    let borders = [1_u64, 63, 64, 65, 127, 128, 129, 191, 192];
    for neighbour in [None, Some(200)] {
        for (nth, &start) in borders.iter().enumerate() {
            for &end in &borders[nth + 1..] {
                let mut section = booted();
                let other = section.insert(paged(300, 301, 1)).unwrap();
                if let Some(at) = neighbour {
                    section.insert(paged(0, 1, 5000)).unwrap();
                    section.insert(paged(at, at + 20, 9000)).unwrap();
                }
                let whole = paged(start, end, 100);
                let handle = section.insert(whole).unwrap();
                section.check().unwrap();
                for cut in [(start + 1, end), (start, end - 1), (start + 1, end - 1)] {
                    let Some(rest) = FrameRange::new(Pfn::new(cut.0), Pfn::new(cut.1)) else {
                        continue;
                    };
                    assert_eq!(section.replace(handle, whole.cut_to(rest)), Some(handle));
                    section.check().unwrap();
                    let ends = [cut.0 - 1, cut.0, cut.1 - 1, cut.1].map(|pfn| page(&section, pfn));
                    let beside = if cut.0 == 1 && neighbour.is_some() { Some(5000) } else { None };
                    assert_eq!(ends[0], beside);
                    assert_eq!(ends[1], Some(100 + cut.0 - start));
                    assert_eq!(ends[2], Some(100 + cut.1 - 1 - start));
                    assert_eq!(ends[3], None);
                    // Refused after all.
                    assert_eq!(section.replace(handle, whole), Some(handle));
                    section.check().unwrap();
                }
                assert_eq!(section.remove(handle), Some(whole));
                section.check().unwrap();
                assert_eq!(section.find_geq(Pfn::new(250)), Some(other));
            }
        }
    }
}

#[test]
fn a_table_says_what_the_bias_or_the_rank_before_it_said() {
    for ranked in [false, true] {
        let mut section = booted();
        section.insert(paged(64, 72, 1000)).unwrap();
        // A hole of eight frames: one descriptor skipped, so that a rank tells both, or eight.
        section.insert(paged(80, 96, if ranked { 1009 } else { 1016 })).unwrap();
        assert_eq!(section.map.tables_in_use(), 0);
        // Descending: no rank can tell that.
        let late = section.insert(paged(100, 128, 50)).unwrap();
        assert_eq!(section.map.tables_in_use(), 1);
        section.check().unwrap();
        let answers = [71, 72, 80, 95, 96, 100, 127].map(|pfn| page(&section, pfn));
        let second = if ranked { 1009 } else { 1016 };
        let expected =
            [Some(1007), None, Some(second), Some(second + 15), None, Some(50), Some(77)];
        assert_eq!(answers, expected);
        section.remove(late);
        section.check().unwrap();
    }
}
