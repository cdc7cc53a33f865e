//! The hard cases, and a random history at places that the table's model test does not reach.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use super::contract::FRAME_LIMIT;
use super::*;
use crate::addr::FrameRange;
use crate::backend::Backend;
use crate::page::PageId;
use crate::segment::FreeList;
use crate::slab::SlabId;

const CHUNK: u64 = 1 << 15;

fn range(start: u64, end: u64) -> FrameRange {
    FrameRange::new(Pfn::new(start), Pfn::new(end)).unwrap()
}

fn bare(start: u64, end: u64) -> Segment {
    Segment::new(range(start, end), FreeList::Default)
}

/// A segment of which the first descriptor has the word `raw`.
fn paged(start: u64, end: u64, raw: u64) -> Segment {
    bare(start, end).with_pages(PageId::from_raw(raw).unwrap(), SlabId::NONE)
}

fn booted() -> Section {
    let mut section = Section::new();
    section.boot_ended();
    section
}

fn page(section: &Section, pfn: u64) -> Option<u64> {
    section.find_page(Pfn::new(pfn)).map(PageId::raw)
}

fn add(section: &mut Section, start: u64, end: u64, raw: u64) -> SectionHandle {
    let handle = section.insert(paged(start, end, raw)).unwrap();
    section.check().unwrap();
    handle
}

#[test]
fn an_empty_one_answers_and_takes_memory_for_the_records_of_boot_alone() {
    let section = Section::default();
    for pfn in [0, 1, u64::MAX] {
        assert_eq!(section.find_page(Pfn::new(pfn)), None);
        assert_eq!(section.find(Pfn::new(pfn)), None);
        assert_eq!(section.find_geq(Pfn::new(pfn)), None);
        assert_eq!(section.find_leq(Pfn::new(pfn)), None);
    }
    let bytes = (section.bytes(), section.index_bytes());
    assert_eq!((section.first(), section.last(), bytes), (None, None, (DEFAULT_CAPACITY * 80, 0)));
    assert_eq!(Section::with_boot_capacity(0).bytes(), 0);
    assert!(Section::with_boot_capacity(usize::MAX).bytes() <= 80 << 8);
    section.check().unwrap();
}

#[test]
fn the_first_and_the_last_frame_of_all_are_frames_like_others() {
    for limit in [1 << 40, FRAME_LIMIT] {
        let mut section = booted();
        let low = add(&mut section, 0, 1, 7);
        let high = add(&mut section, limit - 1, limit, 9);
        assert_eq!((page(&section, 0), page(&section, 1)), (Some(7), None));
        assert_eq!((page(&section, limit - 1), page(&section, limit)), (Some(9), None));
        assert_eq!(page(&section, limit - 2), None);
        assert_eq!((section.first(), section.last()), (Some(low), Some(high)));
        assert_eq!((section.next(low), section.prev(high)), (Some(high), Some(low)));
        assert_eq!((section.prev(low), section.next(high)), (None, None));
        // A hole of petabytes: what it costs is the list of directories.
        assert!(section.bytes() < (3 << 20), "{}", section.bytes());
    }
    let beyond = booted().insert(paged(FRAME_LIMIT, FRAME_LIMIT + 1, 1));
    assert!(matches!(beyond, Err(Refusal::Span { .. })));
}

#[test]
fn memory_follows_the_frames_that_are_there_and_not_the_holes() {
    let mut section = booted();
    for nth in 0..64_u64 {
        // 64 segments of 1 GiB, 16 TiB apart.
        add(&mut section, nth << 32, (nth << 32) + (1 << 18), 1 + (nth << 18));
        assert_eq!(page(&section, (nth << 32) + 5), Some(6 + (nth << 18)));
    }
    assert!(section.index_bytes() < 8 << 20, "{}", section.index_bytes());
    // Of the descriptors that is less than 1 %.
    assert!((section.index_bytes() as u64) < (64 << 18) * 128 / 100);
}

#[test]
fn a_whole_chunk_is_told_by_one_word_until_it_is_cut() {
    let mut section = booted();
    let whole = add(&mut section, CHUNK, 4 * CHUNK, 1);
    let before = section.index_bytes();
    assert_eq!(page(&section, CHUNK), Some(1));
    // Cut in the middle, at both ends, and put back.
    let old = *section.get(whole).unwrap();
    let head = old.cut_to(range(CHUNK, 2 * CHUNK + 100));
    let tail = old.cut_to(range(2 * CHUNK + 200, 4 * CHUNK));
    let (at, tail_at) = section.split(whole, head, tail).unwrap().unwrap();
    section.check().unwrap();
    assert_eq!(at, whole);
    assert_eq!(page(&section, 2 * CHUNK + 99), Some(CHUNK + 100));
    assert_eq!(page(&section, 2 * CHUNK + 100), None);
    assert_eq!(page(&section, 2 * CHUNK + 199), None);
    assert_eq!(page(&section, 2 * CHUNK + 200), Some(CHUNK + 201));
    assert_eq!(section.map.counts(), [2, 1, 0]);
    section.remove(tail_at).unwrap();
    section.check().unwrap();
    section.replace(at, old).unwrap();
    section.check().unwrap();
    assert_eq!(section.map.counts(), [3, 0, 0], "what was undone is as it was");
    assert_eq!(page(&section, 2 * CHUNK + 150), Some(CHUNK + 151));
    for part in [range(CHUNK + 1, 4 * CHUNK - 1), range(2 * CHUNK - 1, 2 * CHUNK + 1)] {
        section.replace(whole, old.cut_to(part)).unwrap();
        section.check().unwrap();
        section.replace(whole, old).unwrap();
        section.check().unwrap();
        assert_eq!(section.map.counts(), [3, 0, 0]);
    }
    assert!(section.index_bytes() <= before + 3 * 13_000);
}

#[test]
fn splits_leave_memory_behind_for_the_cuts_that_follow() {
    // Whole chunks, each told by one word until something of it goes.
    let mut section = booted();
    let mut rest = add(&mut section, 0, 40 * CHUNK, 1);
    let mut parts = Vec::new();
    for nth in 1..=5 {
        let old = *section.get(rest).unwrap();
        let hole = nth * 8 * CHUNK - 7 * CHUNK / 2;
        let head = old.cut_to(range(old.start().get(), hole));
        let tail = old.cut_to(range(hole + 10, old.end().get()));
        let (head_at, tail_at) = section.split(rest, head, tail).unwrap().unwrap();
        section.check().unwrap();
        parts.push(head_at);
        rest = tail_at;
    }
    parts.push(rest);
    let (bytes, mixed) = (section.bytes(), section.map.counts()[1]);
    // Both ends of each move into chunks that were whole, which takes blocks for each.
    for &part in &parts {
        let old = *section.get(part).unwrap();
        let (start, end) = (old.start().get(), old.end().get());
        let inner = range(start + CHUNK, end - CHUNK + 1);
        assert_eq!(section.replace(part, old.cut_to(inner)), Some(part));
        section.check().unwrap();
    }
    assert!(section.map.counts()[1] > mixed + 5, "{:?}, {mixed}", section.map.counts());
    assert_eq!(section.bytes(), bytes, "memory that was not reserved");
}

#[test]
fn a_chunk_that_fills_piece_by_piece_answers_as_a_whole_one() {
    let mut section = booted();
    // Far enough away for there to be chunks.
    add(&mut section, 8 * CHUNK, 8 * CHUNK + 1, 1);
    for piece in (0..CHUNK / 256).rev() {
        section.insert(paged(piece * 256, (piece + 1) * 256, 1 + piece * 256)).unwrap();
    }
    section.check().unwrap();
    assert_eq!(section.map.counts(), [0, 2, 0]);
    for pfn in [0, 255, 256, CHUNK - 1] {
        assert_eq!(page(&section, pfn), Some(pfn + 1));
    }
}

#[test]
fn segments_of_boot_get_their_descriptors_without_memory_or_tables() {
    let mut section = Section::with_boot_capacity(usize::MAX);
    let starts = (0..3 * CHUNK / 16).map(|nth| nth * 16 + nth % 3);
    // Loaded from the outside in.
    let mut order: Vec<u64> = starts.clone().collect();
    order.sort_by_key(|start| (start % 7, u64::MAX - start));
    for start in order {
        section.insert(bare(start, start + 8 - start % 5)).unwrap();
    }
    section.check().unwrap();
    let bytes = section.bytes();
    let mut raw = 1;
    let mut walk = section.first();
    while let Some(at) = walk {
        let segment = *section.get(at).unwrap();
        assert_eq!(page(&section, segment.start().get()), None);
        let id = PageId::from_raw(raw).unwrap();
        section.replace(at, segment.with_pages(id, SlabId::NONE)).unwrap();
        assert_eq!(page(&section, segment.end().get() - 1), Some(raw + segment.frames() - 1));
        raw += segment.frames();
        walk = section.next(at);
    }
    section.boot_ended();
    section.check().unwrap();
    assert_eq!((section.bytes(), section.map.tables_in_use()), (bytes, 0));
}

#[test]
fn a_block_in_disorder_is_told_by_a_table_which_is_used_again() {
    let mut section = booted();
    let mut handles = Vec::new();
    for nth in 0..16_u64 {
        handles.push(add(&mut section, 64 + nth * 4, 64 + nth * 4 + 3, 1000 - nth * 10));
    }
    assert_eq!(section.map.tables_in_use(), 1);
    for nth in 0..16 {
        let raws = [0, 1, 2, 3].map(|frame| page(&section, 64 + nth * 4 + frame));
        let first = 1000 - nth * 10;
        assert_eq!(raws, [Some(first), Some(first + 1), Some(first + 2), None]);
    }
    let bytes = section.bytes();
    for handle in handles {
        assert_eq!(section.map.tables_in_use(), 1);
        section.remove(handle).unwrap();
        section.check().unwrap();
    }
    assert_eq!(section.map.tables_in_use(), 0);
    add(&mut section, 100, 101, 50);
    add(&mut section, 101, 102, 40);
    assert_eq!((section.map.tables_in_use(), section.bytes()), (1, bytes));
}

#[test]
fn descriptors_with_numbers_beyond_all_counting_are_told_by_tables() {
    let mut section = booted();
    for (start, raw) in [(0, u64::MAX - 200), (200, 1 << 63), (CHUNK - 3, (1 << 63) + CHUNK)] {
        add(&mut section, start, start + 100, raw);
        assert_eq!(page(&section, start + 99), Some(raw + 99));
    }
    add(&mut section, 2 * CHUNK, 3 * CHUNK, (1 << 63) + 2 * CHUNK);
    assert_eq!(page(&section, 3 * CHUNK - 1), Some((1 << 63) + 3 * CHUNK - 1));
}

#[test]
fn one_segment_of_very_many_chunks_is_reason_enough_for_a_window_as_long() {
    let mut section = booted();
    // More chunks than a window has to spare; nothing else is there yet.
    let chunks = 3_000;
    add(&mut section, 0, chunks * CHUNK, 1);
    assert!(!section.map.is_sparse());
    assert!(section.index_bytes() as u64 <= chunks * 16 + (64 << 10), "{}", section.index_bytes());
    assert_eq!(page(&section, chunks * CHUNK - 1), Some(chunks * CHUNK));
}

#[test]
fn descriptors_beyond_what_a_rank_can_say_are_told_by_tables() {
    let high = 1 << 61;
    let mut section = booted();
    // One descriptor skipped, where five frames are: a rank, were there not that many descriptors.
    add(&mut section, 64, 67, high);
    add(&mut section, 69, 70, high + 4);
    assert_eq!(section.map.tables_in_use(), 1);
    let answers = [66, 67, 69, 70].map(|pfn| page(&section, pfn));
    assert_eq!(answers, [Some(high + 2), None, Some(high + 4), None]);
}

#[test]
fn a_front_cut_beyond_where_a_leaf_was_bounded_is_found_again() {
    let mut section = booted();
    let mut handles: Vec<_> =
        (0..200_u64).map(|nth| add(&mut section, nth * 10, nth * 10 + 1, nth + 1)).collect();
    // One segment where many bounds were, cut from the front bit by bit, and back.
    for handle in handles.drain(20..180) {
        section.remove(handle).unwrap();
    }
    let wide = section.insert(paged(195, 1795, 5000)).unwrap();
    let old = *section.get(wide).unwrap();
    for start in (195..1795).step_by(7) {
        let before = *section.get(wide).unwrap();
        section.replace(wide, old.cut_to(range(start, 1795))).unwrap();
        section.check().unwrap();
        assert_eq!(section.find(Pfn::new(start)), Some((wide, 0)));
        assert_eq!(section.find(Pfn::new(start - 1)).map(|(at, _)| at == wide), None);
        section.replace(wide, before).unwrap();
        section.check().unwrap();
        section.replace(wide, old.cut_to(range(start, 1795))).unwrap();
    }
    assert_eq!(section.next(handles[19]), Some(wide));
    assert_eq!(section.prev(wide), Some(handles[19]));
}

#[test]
fn a_handle_outlives_its_neighbours_and_not_its_segment() {
    let mut section = booted();
    let (low, high) = (add(&mut section, 0, 8, 1), add(&mut section, 16, 24, 20));
    assert_eq!(section.remove(low), Some(paged(0, 8, 1)));
    assert_eq!(section.get(high), Some(&paged(16, 24, 20)));
    assert_eq!(section.remove(low), None);
    let new = add(&mut section, 0, 8, 1);
    assert_eq!(new.slot(), low.slot());
    assert!(section.get(low).is_none() && section.get_mut(low).is_none());
    assert!(section.next(low).is_none() && section.prev(low).is_none());
    assert_eq!(section.replace(low, paged(0, 4, 1)), None);
    assert_eq!(section.split(low, paged(0, 2, 1), paged(4, 8, 5)), Ok(None));
    section.check().unwrap();
    assert_eq!(section.len(), 2);
}

/// A number below `bound`, from a generator of our own (Marsaglia's xorshift).
fn draw(state: &mut u64, bound: u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    (*state >> 11) % bound
}

/// What a history is compared with: the segments by their first frames.
type Model = BTreeMap<u64, (SectionHandle, Segment)>;

fn agree(section: &Section, model: &Model, pfn: u64) {
    let below = model.range(..=pfn).next_back().map(|(_, entry)| *entry);
    let above = model.range(pfn + 1..).next().map(|(_, entry)| entry.0);
    let holder = below.filter(|(_, segment)| segment.contains(Pfn::new(pfn)));
    let found = holder.map(|(at, segment)| (at, pfn - segment.start().get()));
    assert_eq!(section.find(Pfn::new(pfn)), found, "{pfn}");
    let answer = holder.and_then(|(_, segment)| segment.page_of(Pfn::new(pfn)));
    assert_eq!(section.find_page(Pfn::new(pfn)), answer, "{pfn}");
    assert_eq!(section.find_leq(Pfn::new(pfn)), below.map(|(at, _)| at), "{pfn}");
    assert_eq!(section.find_geq(Pfn::new(pfn)), holder.map(|(at, _)| at).or(above), "{pfn}");
    if let Some((at, segment)) = below {
        let start = segment.start().get();
        assert_eq!(section.get(at), Some(&segment));
        let next = model.range(start + 1..).next().map(|(_, entry)| entry.0);
        assert_eq!(section.next(at), next);
        assert_eq!(section.prev(at), model.range(..start).next_back().map(|(_, entry)| entry.0));
    }
}

/// Plugs, cuts, splits, refused splits and removals of segments of one frame to two chunks, near the
/// bounds of chunks and 2^40 frames apart.
#[test]
fn a_random_history_across_chunks_agrees_with_a_map_of_segments() {
    const REGIONS: [u64; 5] = [0, 4 * CHUNK, 1 << 25, 1 << 32, (1 << 40) - 4 * CHUNK];
    for seed in 1..=6_u64 {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let (mut section, mut model) = (booted(), Model::new());
        // Few regions at first, so that the window is used before the directories.
        let regions = if seed % 2 == 0 { 2 } else { REGIONS.len() as u64 };
        let mut fresh = 1;
        for step in 0..1_500 {
            let base = REGIONS[usize::try_from(draw(&mut state, regions)).unwrap()];
            let near = base + draw(&mut state, 4) * CHUNK;
            let at = match draw(&mut state, 3) {
                0 => base + draw(&mut state, 4 * CHUNK),
                1 => near + draw(&mut state, 200),
                _ => (near + CHUNK - draw(&mut state, 200)).min(base + 4 * CHUNK) - 1,
            };
            let length = match draw(&mut state, 4) {
                0 => 1,
                1 => 1 + draw(&mut state, 64),
                2 => 1 + draw(&mut state, 5_000),
                _ => 1 + draw(&mut state, 2 * CHUNK),
            };
            let below = model.range(..=at).next_back().map(|(_, entry)| *entry);
            let holder = below.filter(|(_, segment)| segment.contains(Pfn::new(at)));
            let touched = match holder {
                None => {
                    let limit = model.range(at..).next().map_or(base + 4 * CHUNK, |(&to, _)| to);
                    let end = (at + length).min(limit).min(base + 4 * CHUNK);
                    // New descriptors, those of the same bias as below, or any.
                    let raw = match (draw(&mut state, 3), below) {
                        (0, Some((_, segment))) => segment.page_of(Pfn::new(at)).unwrap().raw(),
                        (1, _) => 1 + draw(&mut state, 1 << 40),
                        _ => fresh,
                    };
                    fresh += end - at;
                    let segment = paged(at, end, raw);
                    let handle = section.insert(segment).unwrap();
                    model.insert(at, (handle, segment));
                    range(at, end)
                }
                Some((handle, old)) => {
                    let (start, end) = (old.start().get(), old.end().get());
                    let stop = (at + length).min(end);
                    match (at == start, stop == end, draw(&mut state, 4)) {
                        (true, true, _) | (_, _, 0) => {
                            assert_eq!(section.remove(handle), Some(old));
                            model.remove(&start);
                        }
                        (false, false, kind) => {
                            let head = old.cut_to(range(start, at));
                            let tail = old.cut_to(range(stop, end));
                            let made = section.split(handle, head, tail).unwrap();
                            let (at, tail_at) = made.unwrap();
                            assert_eq!(at, handle);
                            if kind == 1 {
                                // Refused afterwards, and undone.
                                assert_eq!(section.remove(tail_at), Some(tail));
                                assert_eq!(section.replace(at, old), Some(handle));
                            } else {
                                model.insert(start, (handle, head));
                                model.insert(stop, (tail_at, tail));
                            }
                        }
                        (front, _, kind) => {
                            let rest = if front { range(stop, end) } else { range(start, at) };
                            let rest = old.cut_to(rest);
                            assert_eq!(section.replace(handle, rest), Some(handle));
                            if kind == 1 {
                                assert_eq!(section.replace(handle, old), Some(handle));
                            } else {
                                model.remove(&start);
                                model.insert(rest.start().get(), (handle, rest));
                            }
                        }
                    }
                    range(at, stop)
                }
            };
            let (start, end) = (touched.start().get(), touched.end().get());
            for pfn in [start, start.saturating_sub(1), end - 1, end, start / CHUNK * CHUNK, near] {
                agree(&section, &model, pfn);
            }
            agree(&section, &model, base + draw(&mut state, 4 * CHUNK));
            assert_eq!(section.len(), model.len());
            if step % 50 == 0 {
                section.check().unwrap();
            }
        }
        section.check().unwrap();
        assert!(model.len() > 100, "{}", model.len());
        assert_eq!(section.map.is_sparse(), regions > 2);
        for (_, (handle, segment)) in model {
            assert_eq!(section.remove(handle), Some(segment));
        }
        section.check().unwrap();
        assert!(section.is_empty() && section.map.counts() == [0; 3]);
    }
}
