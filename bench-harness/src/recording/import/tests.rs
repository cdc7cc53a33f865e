//! Imports as a whole, of texts in the forms that their programs print.

use std::io::{Cursor, Read};

use physseg::{PageSize, Pfn};

use super::{Imported, Request, import_reader};
use crate::recording::{ADDRESSES_MAX, RecordingError, Source, read};

fn request(from: Option<Source>) -> Request {
    Request {
        from,
        name: None,
        page_size: PageSize::FOUR_KIB,
        in_bytes: false,
        map: None,
        at_most: ADDRESSES_MAX,
    }
}

fn import(text: impl Into<Vec<u8>>, request: &Request) -> Result<Imported, RecordingError> {
    import_reader("log.txt", Cursor::new(text.into()), request)
}

/// The frames of a text, its source, and what is said.
#[track_caller]
fn taken(text: impl Into<Vec<u8>>, request: &Request) -> (Vec<u64>, Source, String) {
    let imported = import(text, request).expect("addresses");
    let recording = read("log", &imported.bytes).expect("whole");
    let pfns = recording.pfns.iter().map(Pfn::get).collect();
    (pfns, recording.head.source, imported.said.join("\n"))
}

#[track_caller]
fn refused(text: impl Into<Vec<u8>>, request: &Request, says: &[&str]) {
    let why = import(text, request).expect_err("refused").to_string();
    assert!(!why.contains('\n'), "{why}");
    for part in says {
        assert!(why.contains(part), "`{part}` is not in: {why}");
    }
}

const TRACE: &str = "\
# tracer: nop
#
# entries-in-buffer/entries-written: 6/6   #P:2
#
#                                _-----=> irqs-off/BH-disabled
#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION
#              | |         |   |||||     |         |
7
             cc1-1201    [000] .....   178.119072: mm_page_alloc: page=00000000d1c3f3b5 pfn=0x1094be order=0 migratetype=1 gfp_flags=GFP_HIGHUSER_MOVABLE
             cc1-1201    [000] d..2.   178.119090: sched_switch: prev_comm=cc1 prev_pid=1201 ==> next_comm=as next_pid=1202
              as-1202    [001] .....   178.119101: mm_page_alloc: page=00000000aa pfn=0x1094bf order=3 migratetype=1 gfp_flags=GFP_KERNEL
CPU:1 [LOST 12 EVENTS]
              as-1202    [001] .....   178.119103: mm_page_alloc: page=0000000000000000 pfn=0x0 order=9 migratetype=1 gfp_flags=GFP_TRANSHUGE
              as-1202    [001] .....   178.119109: mm_page_free: page=00000000d1c3f3b5 pfn=0x1094be order=0
              as-1202    [001] .....   178.119109: mm_page_free: page=00000000d1c3f3b5 pfn=zzz order=0
";

#[test]
fn a_trace_is_read_with_everything_else_in_it() {
    let frames = vec![0x10_94be, 0x10_94bf, 0x10_94be];
    for text in [TRACE.to_owned(), TRACE.replace('\n', "\r\n")] {
        for from in [None, Some(Source::Ftrace)] {
            let (pfns, source, said) = taken(text.clone(), &request(from));
            assert_eq!((pfns, source), (frames.clone(), Source::Ftrace));
            for part in [
                "log.txt: 15 lines; taken: ftrace",
                "mm_page_alloc: 2 events, taken",
                "mm_page_free: 1 event, taken",
                "1 event of blocks of pages",
                "sched_switch: 1 event, left out",
                "1 allocation that failed, left out",
                "12 events lost by the tracer",
                "2 lines not understood; the first is log.txt:8: \"7\"",
                "3 addresses from frame 0x1094be to 0x1094bf, a span of 8 KiB",
            ] {
                assert!(said.contains(part), "`{part}` is not in: {said}");
            }
        }
    }
    let names = taken(TRACE, &Request { name: Some("cc".to_owned()), ..request(None) });
    assert_eq!(names.0, frames);
}

#[test]
fn perf_script_is_read_and_told_from_a_trace() {
    let text = "cc1  1201 [000]   178.119:  kmem:mm_page_alloc: page=0x10 pfn=0x10 order=0 migratetype=0\n\
                \tffffffff8123 __alloc_pages+0x1 (vmlinux)\n\n\
                cc1  1201 [000]   178.120:  kmem:mm_page_free_batched: page=0x11 pfn=0x11 order=0\n\
                cc1  1201 [000]   178.120:  kmem:mm_page_free: page=0x11 pfn=0x11 order=0\n";
    for from in [None, Some(Source::PerfScript)] {
        let (pfns, source, _) = taken(text, &request(from));
        assert_eq!((pfns, source), (vec![0x10, 0x11], Source::PerfScript));
    }
    refused(
        text,
        &request(Some(Source::Ftrace)),
        &["no addresses in 5 lines", "use --from perf-script"],
    );
    refused(TRACE, &request(Some(Source::PerfScript)), &["use --from ftrace"]);
}

#[test]
fn a_pagemap_is_read_as_bytes_dump_and_listing() {
    let records = [0x8180_0000_0000_1a2b_u64, 0, 0x4000_0000_0000_0005, 0x8000_00ff_ffff_ffff];
    let mut bytes: Vec<u8> = records.iter().flat_map(|record| record.to_le_bytes()).collect();
    bytes.push(7);
    let (pfns, source, said) = taken(bytes, &request(None));
    assert_eq!((pfns, source), (vec![0x1a2b, (1 << 40) - 1], Source::Pagemap));
    assert!(said.contains("log.txt: 4 records; taken: pagemap"), "{said}");
    assert!(said.contains("2 pages not present") && said.contains("ends in the middle"), "{said}");
    let dump = " 8180000000001a2b 0000000000000000\r\n*\r\n 8180000000001a2c\r\n";
    assert_eq!(taken(dump, &request(None)).0, [0x1a2b, 0x1a2c]);
    let listing = "voffset\toffset\tlen\tflags\n55d0c6a41\t1a2b\t2\t__RU_lA____\n\n\n";
    assert_eq!(taken(listing, &request(None)).0, [0x1a2b, 0x1a2c]);
    let hidden: Vec<u8> =
        [0x8180_0000_0000_0000_u64; 3].iter().flat_map(|r| r.to_le_bytes()).collect();
    refused(
        hidden,
        &request(None),
        &["log.txt: pages that are present have frame 0", "CAP_SYS_ADMIN", "sudo"],
    );
    refused("8180000000000000\n", &request(None), &["frame 0"]);
    // 55 bits: more than physical addresses have.
    let far = 0x8040_0000_0000_0000_u64.to_le_bytes();
    refused(far, &request(None), &["log.txt:1: 0x40000000000000 is no page frame"]);
}

#[test]
fn numbers_are_frames_or_byte_addresses() {
    let text = "# three\n1 0x2, 3 # that is it\r\n\r\n0xffffffffff";
    let (pfns, source, _) = taken(text, &request(None));
    assert_eq!((pfns, source), (vec![1, 2, 3, (1 << 40) - 1], Source::Text));
    let in_bytes = Request { in_bytes: true, ..request(None) };
    assert_eq!(taken("0x1fff 4096 0xfffffffffffff", &in_bytes).0, [1, 1, (1 << 40) - 1]);
    let large = Request { page_size: PageSize::new(65_536).expect("a size"), ..in_bytes.clone() };
    assert_eq!(taken("0x1ffff", &large).0, [1]);
    refused(
        "1\n0x10000000000\n",
        &request(None),
        &["log.txt:2: 0x10000000000 is no page frame", "--unit address"],
    );
    refused("0x10000000000000", &in_bytes, &["log.txt:1: ", "52"]);
    refused("99999999999999999999999999", &request(None), &["log.txt:1: "]);
    let (pfns, _, said) = taken("1\ntwo\n3 four\n5\n", &request(None));
    assert_eq!(pfns, [1, 5]);
    assert!(said.contains("2 lines not understood; the first is log.txt:2: \"two\""), "{said}");
}

#[test]
fn a_text_without_addresses_is_refused_with_what_was_expected() {
    for text in ["", "\n", "nothing here\n", "# only a comment\n", "\u{1b}[2J\u{fffd}"] {
        refused(text, &request(None), &["log.txt: no addresses in ", "kmem:mm_page_alloc"]);
        for source in Source::ALL {
            refused(text, &request(Some(source)), &["no addresses", source.example()]);
        }
    }
    let name = Request { name: Some("\u{7}".to_owned()), ..request(None) };
    refused("1", &name, &["--name", "80 characters"]);
}

#[test]
fn what_follows_a_long_preamble_is_found() {
    let text = format!("{}{TRACE}", "some line of a log\n".repeat(5_000));
    let (pfns, source, said) = taken(text, &request(None));
    assert_eq!((pfns.len(), source), (3, Source::Ftrace));
    assert!(said.contains("5,002 lines not understood; the first is log.txt:1:"), "{said}");
}

#[test]
fn no_more_is_taken_than_was_asked_for() {
    let two = Request { at_most: 2, ..request(None) };
    let (pfns, _, said) = taken(TRACE, &two);
    assert_eq!(pfns.len(), 2);
    assert!(said.contains("there are more than 2: the rest is left out"), "{said}");
    let endless = std::io::repeat(b'1').take(1 << 30);
    let why = import_reader("endless", endless.chain(&b"\n"[..]), &two).expect_err("no frame");
    assert!(why.to_string().contains("is no page frame"), "{why}");
    let listing = "offset\tlen\tflags\n0\t10000000000\t__RU_lA____\n";
    assert_eq!(taken(listing, &two).0, [0, 1]);
}

#[test]
fn a_cut_trace_counts_up_to_the_cut() {
    for length in (0..TRACE.len()).step_by(7) {
        match import(&TRACE.as_bytes()[..length], &request(None)) {
            Ok(imported) => assert!(!read("log", &imported.bytes).expect("whole").pfns.is_empty()),
            Err(why) => assert!(why.to_string().starts_with("log.txt: no addresses"), "{why}"),
        }
    }
}
