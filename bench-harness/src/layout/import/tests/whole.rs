//! Whole logs: with everything else in them, and several maps at once.

use super::{imported, refused, request, says, try_import};
use crate::layout::file::parse;
use crate::layout::import::{Request, import_text};
use crate::layout::model::Origin;

/// A log with three maps, prefixes, Windows line ends and noise.
const LOG: &str = "\
-- Journal begins at some time --\r
Nov 21 19:53:37 host kernel: BIOS-provided physical RAM map:\r
Nov 21 19:53:37 host kernel: BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable\r
Nov 21 19:53:37 host kernel: BIOS-e820: [mem 0x0000000000100000-0x000000007ffdffff] usable\r
Nov 21 19:53:37 host kernel: efi: mem00: [Conventional Memory|WB] range=[0x0000000000000000-0x000000000009efff] (0MB)\r
Nov 21 19:53:38 host kernel: Early memory node ranges\r
Nov 21 19:53:38 host kernel:   node   0: [mem 0x0000000000001000-0x000000000009efff]\r
Nov 21 19:53:38 host kernel:   node   0: [mem 0x0000000000100000-0x000000007ffdffff]\r
Nov 21 19:53:39 host sshd[1]: \u{fffd}\u{1b}[31m nothing of interest\r
";

#[test]
fn the_source_that_says_most_is_taken_and_the_others_are_named() {
    let imported = imported("auto", LOG);
    assert!(says(&imported, &["9 lines", "taken: node-ranges", "lines 7 to 8"]), "{imported:?}");
    assert!(says(&imported, &["ignored: e820", "2 entries", "says more"]), "{imported:?}");
    assert!(says(&imported, &["ignored: efi", "1 entry"]));
    assert!(says(&imported, &["2 segments, 1 hole; 524,158 frames", "> 99.9 %"]), "{imported:?}");
    assert_eq!(try_import("dmesg", LOG).unwrap().toml, imported.toml);
    let e820 = try_import("e820", LOG).unwrap();
    assert!(says(&e820, &["ignored: node-ranges", "not asked for"]));
    assert_eq!(e820.layout.final_segments().unwrap()[0].start().get(), 0);
}

#[test]
fn the_file_reads_back_as_the_layout_and_says_where_it_is_from() {
    let imported = imported("auto", LOG);
    let layout = parse(&imported.toml, "dmesg.txt", Origin::Path("dmesg.txt".into())).unwrap();
    assert_eq!(layout, imported.layout);
    layout.check().unwrap();
    assert_eq!(layout.name, "dmesg");
    assert_eq!(layout.source, "dmesg.txt, lines 7 to 8, read as node-ranges");
    assert!(layout.description.contains("2 segments, 1 hole"), "{}", layout.description);
    assert_eq!((layout.physseg_max, layout.page_size.bytes()), (32, 4096));
}

#[test]
fn names_come_from_the_file_or_from_the_user() {
    let named = |file: &str, name: Option<&str>| {
        let request = Request { name: name.map(str::to_owned), ..request("auto") };
        import_text(file, LOG.as_bytes(), &request).map(|imported| imported.layout.name)
    };
    assert_eq!(named("/var/log/my host.log.gz", None).unwrap(), "my-host");
    assert_eq!(named("standard input", None).unwrap(), "standard-input");
    assert_eq!(named(".gz", None).unwrap(), "imported");
    assert_eq!(named("a\u{1b}\"'\\b", None).unwrap(), "a-\"'\\b");
    assert_eq!(named("x", Some("box 7")).unwrap(), "box 7");
    for name in ["", " ", "a\nb"] {
        let message = named("x", Some(name)).unwrap_err().to_string();
        assert!(message.contains("--name"), "{message}");
    }
}

#[test]
fn nothing_to_import_says_what_was_expected_and_what_there_is() {
    let message = refused("auto", "hello\nworld\n");
    assert!(message.starts_with("dmesg.txt: no memory map in 2 lines"), "{message}");
    let message = refused("iomem", LOG);
    assert!(message.contains("System RAM"), "{message}");
    assert!(message.contains("use --from node-ranges or --from auto"), "{message}");
    assert!(refused("auto", "").contains("is empty"));
    let message = refused("auto", "BIOS-e820: [mem 0x00000000-0x00000fff] reserved\n");
    assert!(message.starts_with("dmesg.txt:1: ") && message.contains("usable"), "{message}");
    let message = refused("auto", "BIOS-e820: [mem 0x00000400-0x00000fff] usable\n");
    assert!(message.contains("no whole page"), "{message}");
}

#[test]
fn of_several_boots_the_one_with_most_memory_counts() {
    let boot = |end: &str| {
        format!(
            "Early memory node ranges\nnode   0: [mem 0x00001000-0x0009efff]\nnode   0: [mem 0x00100000-{end}]\n"
        )
    };
    let text = format!("{}{}{}", boot("0x3fffffff"), boot("0x7fffffff"), boot("0x0fffffff"));
    let imported = imported("auto", &text);
    assert_eq!(imported.layout.final_segments().unwrap()[1].end().get(), 0x8_0000);
    assert!(says(&imported, &["3 such maps"]));
}

#[test]
fn a_line_that_was_cut_is_reported_and_spoils_nothing_else() {
    let cut = &LOG[..LOG.find("7ffdffff]\r\nNov 21 19:53:39").unwrap() + 4];
    let imported = imported("auto", cut);
    assert_eq!(imported.layout.final_segments().unwrap().len(), 1);
    assert!(says(&imported, &["warning: 1 line looks", "dmesg.txt:8"]), "{imported:?}");
    // Where nothing else is left, it is the error.
    let message = refused("auto", "BIOS-e820: [mem 0x0000000000100000-0x00000000bf");
    assert!(message.starts_with("dmesg.txt:1: cannot be read as e820"), "{message}");
}
