//! Texts that nobody means well with: no panic, no wrong segment, bounded memory.

use proptest::prelude::*;

use super::super::found::ENTRIES_MAX;
use super::{refused, request, says, try_import};
use crate::layout::file::parse;
use crate::layout::import::{From, import_text};
use crate::layout::model::Origin;

/// A line of every source, and what sources need around them.
const LINES: [&str; 34] = [
    "BIOS-provided physical RAM map:",
    "BIOS-e820: [mem 0x0000000000100000-0x00000000bfffffff] usable",
    "BIOS-e820: 0000000000100000 - 000000006d00c000 (usable)",
    "BIOS-e820: [mem 0x00000000a0000000-0x00000000afffffff] reserved",
    "[mem 0x0000000000100000-0x00000000bfffffff]  System RAM",
    "00100000-bfffffff : System RAM",
    "00000000-00000000 : System RAM",
    "Early memory node ranges",
    "  node   0: [mem 0x0000000000001000-0x000000000009efff]",
    "  node   1: [mem 0x0000000000090000-0x00000000ffffffff]",
    "  0: 0x00000001 -> 0x0000009b",
    "efi: mem05: [Conventional Memory|WB] range=[0x0000000000900000-0x000000005c800000) (1471MB)",
    "efi:   0x000000000000-0x00000009ffff [Conventional Memory|WB]",
    "RANGE SIZE STATE REMOVABLE BLOCK NODE",
    "0x0000000000000000-0x000000006fffffff  1.8G  online yes 0-6 1",
    "block_size_bytes:8000000",
    "memory3/phys_index:00000003",
    "memory3/state:online",
    "Node 0, zone Normal",
    "spanned 4095",
    "present 3998",
    "start_pfn: 1",
    "/ { #address-cells = <2>; #size-cells = <2>;",
    "memory@80000000 { device_type = \"memory\"; reg = <0x0 0x80000000 0x0 0x80000000>; };",
    "};",
    "SEGMENT 0:",
    "start:     0x1000",
    "end:       0x9b000",
    "SMAP type=01, xattr=01, base=0000000000000000, len=000000000009d800",
    "Physical memory chunk(s):",
    "0x0000000000001000 - 0x0000000000098fff, 622592 bytes (152 pages)",
    "loading freelist 0 0x100000-0x7ffe0000 (0x100-0x7ffe0)",
    "(XEN)  0000000000000000 - 000000000009f000 (usable)",
    "(XEN)  [0000000000000000, 000000000009b7ff] (usable)",
];

/// Imports `text` as everything; what comes of it is a layout that reads back as itself.
fn survives(text: &[u8]) {
    for name in From::NAMES {
        let Ok(imported) = import_text("log", text, &request(name)) else {
            continue;
        };
        let back = parse(&imported.toml, "log", Origin::Path("log".into())).unwrap();
        assert_eq!(back, imported.layout);
        let segments = back.final_segments().unwrap();
        for pair in segments.windows(2) {
            assert!(pair[0].end() <= pair[1].start(), "{}", imported.toml);
        }
    }
}

/// Valid lines in any order, some of them changed in a place.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let change = prop_oneof![
        3 => Just(None),
        1 => (any::<prop::sample::Index>(), any::<u8>()).prop_map(Some),
    ];
    let cut = prop_oneof![4 => Just(None), 1 => any::<prop::sample::Index>().prop_map(Some)];
    let line = (prop::sample::select(&LINES[..]), change, cut).prop_map(|(line, change, cut)| {
        let mut bytes = line.as_bytes().to_vec();
        if let Some((at, byte)) = change {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(at) = cut {
            bytes.truncate(at.index(bytes.len()));
        }
        bytes.push(b'\n');
        bytes
    });
    prop::collection::vec(line, 0..30).prop_map(|lines| lines.concat())
}

/// An e820 of random entries, unsorted and overlapping.
fn entries() -> impl Strategy<Value = Vec<(u64, u64, bool)>> {
    let entry = (0_u64..64, 1_u64..24, any::<bool>());
    prop::collection::vec(entry, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        survives(&bytes);
    }

    #[test]
    fn no_text_like_a_map_makes_it_panic(
        text in "([ -~]{0,6}(0x)?[0-9a-f]{0,20}[-, :\\[\\]()<>{};/*=\"]{0,3}\n?){0,20}"
    ) {
        survives(text.as_bytes());
    }

    #[test]
    fn no_changed_line_makes_it_panic(bytes in mutated()) {
        survives(&bytes);
    }

    /// Against a box for each page: usable where an entry says so and no entry says otherwise.
    #[test]
    fn an_e820_gives_the_pages_that_every_entry_grants(entries in entries()) {
        use std::fmt::Write;
        let mut text = String::new();
        let mut pages = [(false, false); 100];
        for &(start, length, usable) in &entries {
            let kind = if usable { "usable" } else { "reserved" };
            let last = ((start + length) << 12) - 1;
            writeln!(text, "BIOS-e820: [mem {:#x}-{last:#x}] {kind}", start << 12).unwrap();
            for page in start..start + length {
                let page = &mut pages[usize::try_from(page).unwrap()];
                if usable { page.0 = true } else { page.1 = true }
            }
        }
        // The first entry again would begin another map.
        prop_assume!(!entries[1..].iter().any(|e| (e.0, e.1) == (entries[0].0, entries[0].1)));
        let expected: Vec<u64> = (0..100).zip(pages).filter(|(_, (yes, no))| *yes && !no).map(|(page, _)| page).collect();
        match try_import("e820", &text) {
            Ok(imported) => {
                let segments = imported.layout.final_segments().unwrap();
                let found: Vec<u64> =
                    segments.iter().flat_map(|s| s.start().get()..s.end().get()).collect();
                prop_assert_eq!(found, expected);
            }
            Err(_) => prop_assert!(expected.is_empty()),
        }
    }

    /// Page-aligned ranges come out of the layout file as they stood in the text.
    #[test]
    fn what_goes_in_comes_out_of_the_file(gaps in prop::collection::vec((1_u64..1 << 20, 1_u64..1 << 20), 1..40)) {
        use std::fmt::Write;
        let mut text = String::new();
        let mut expected = Vec::new();
        let mut at = 0;
        for (gap, length) in gaps {
            let (start, end) = (at + gap, at + gap + length);
            writeln!(text, "node   0: [mem {:#x}-{:#x}]", start << 12, (end << 12) - 1).unwrap();
            expected.push((start, end));
            at = end;
        }
        prop_assert_eq!(super::segments("node-ranges", &text), expected);
    }
}

#[test]
fn numbers_that_are_none_are_reported_with_their_line() {
    for range in [
        "0x10000000000000000-0x1ffffffffffffffff", // 65 bits
        "0x2000-0x1fff",                           // nothing
        "0x3000-0x1000",                           // backwards
        "-0x1000-0x2000",
        "4096-8191", // decimal, perhaps
        "0x1000",
        "0x-0x",
        "",
    ] {
        let text = format!("nothing\nBIOS-e820: [mem {range}] usable\n");
        let message = refused("auto", &text);
        assert!(message.starts_with("dmesg.txt:2: cannot be read as e820"), "{message}");
        let with_more = format!("{text}BIOS-e820: [mem 0x00100000-0x001fffff] usable\n");
        let imported = try_import("auto", &with_more).unwrap();
        assert!(says(&imported, &["warning: 1 line looks", "dmesg.txt:2"]), "{range}");
    }
}

#[test]
fn more_entries_than_any_machine_has_are_refused() {
    use std::fmt::Write;
    let mut text = String::new();
    for index in 0..=ENTRIES_MAX as u64 {
        writeln!(text, "BIOS-e820: [mem {:#x}-{:#x}] usable", index << 14, (index << 14) + 0xfff)
            .unwrap();
    }
    let message = refused("e820", &text);
    assert!(message.contains("which no machine has"), "{message}");
}

#[test]
fn addresses_beyond_52_bits_are_left_out_and_said() {
    let text = "\
BIOS-e820: [mem 0x0000000000100000-0x00000000001fffff] usable
BIOS-e820: [mem 0x000ffffffffff000-0x000fffffffffffff] usable
BIOS-e820: [mem 0x0010000000000000-0x00100000ffffffff] usable
BIOS-e820: [mem 0xfffffffffffff000-0xffffffffffffffff] usable
";
    let imported = try_import("auto", text).unwrap();
    let segments = imported.layout.final_segments().unwrap();
    assert_eq!(segments.last().map(|last| last.end().get()), Some(1 << 40));
    assert!(says(&imported, &["2 usable ranges beyond 52-bit"]));
}

#[test]
fn a_tree_without_end_and_a_statement_without_end_take_no_memory() {
    let deep = "a { ".repeat(100_000);
    assert!(try_import("dts", &format!("/ {{ {deep}")).is_err());
    let long = format!("/ {{ memory {{ reg = <{}", "0x1 ".repeat(100_000));
    assert!(try_import("dts", &long).is_err());
}
