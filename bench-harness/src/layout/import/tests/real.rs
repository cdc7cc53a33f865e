//! What logs of real machines had that texts made up here did not, each in a text of our own.

use std::io::Write;

use super::super::import_text;
use super::{imported, refused, request, says, segments};

#[test]
fn a_map_that_a_letter_quotes_or_breaks_is_read() {
    let quoted = "\
 | 00000000-0009ffff : System RAM
 | 000a0000-000bffff : Video RAM area
 | 00100000-1fffffff : System RAM
";
    assert_eq!(segments("iomem", quoted), [(0, 0xa0), (0x100, 0x2_0000)]);
    // 76 characters with the `=`, as mail programs break lines.
    let broken = "\
> > > > > > [    0.000000] user: [mem 0x0000000000100000-0x00000000000fffff=
] reserved
> > > > > > [    0.000000] user: [mem 0x0000000000200000-0x00000000002fffff=
] usable
";
    assert_eq!(segments("e820", &broken.replace("0fffff", "1fffff")), [(0x200, 0x300)]);
    let efi =
        "efi: mem00: type=3D7, attr=3D0xf, range=3D[0x0000000000100000-0x0000000000200000) (1MB)";
    assert_eq!(segments("efi", efi), [(0x100, 0x200)]);
}

#[test]
fn a_map_in_a_list_of_strings_or_on_a_web_page_is_read() {
    let json = "[
  \"BIOS-e820: [mem 0x0000000000100000-0x00000000001fffff] usable\",
  \"BIOS-e820: [mem 0x0000000000200000-0x00000000002fffff] reserved\"
]";
    assert_eq!(segments("e820", json), [(0x100, 0x200)]);
    let page = "BIOS-e820: [mem 0x0000000000100000-0x00000000001fffff] usable<br />\n";
    assert_eq!(segments("e820", page), [(0x100, 0x200)]);
}

#[test]
fn maps_of_efi_whose_tag_stands_above_and_whose_kinds_are_short_are_read() {
    let old = "\
[    0.000000] efi:
[    0.000000] Processing EFI memory map:
[    0.000000]   0x000000100000-0x0000001fffff [Conventional Memory|   |  |  |
|   |WB|WT|WC|UC]
[    0.000000] Ignoring memory block 0x0 - 0x1000
[    0.000000]   0x000000200000-0x0000002fffff [Loader Data        |   |  |  |
";
    assert_eq!(segments("efi", old), [(0x100, 0x300)]);
    let new = "efi:   0x000080000000-0x0000807fffff [Conventional|   |  |  |WB|  |  |  ]\n";
    assert_eq!(segments("efi", new), [(0x8_0000, 0x8_0800)]);
}

#[test]
fn the_loader_of_freebsd_groups_digits() {
    let text = "\
SMAP type=01 base=00000000_00000000 len=00000000_0009d800
SMAP type=02 base=00000000_0009d800 len=00000000_00002800
SMAP type=01 base=00000001_00000000 len=00000000_10000000
";
    assert_eq!(segments("freebsd-smap", text), [(0, 0x9d), (0x10_0000, 0x11_0000)]);
}

#[test]
fn freebsd_on_arm_says_what_there_is_and_what_to_exclude() {
    let hardware = "\
Physical memory chunk(s):
  0x00200000 - 0x33ffffff,   830 MB ( 212480 pages)
  0x40000000 - 0x7fffffff,  1024 MB ( 262144 pages)
Excluded memory regions:
  0x00000000 - 0x002fffff,     3 MB (    768 pages) NoAlloc
  0x30000000 - 0x30ffffff,    16 MB (   4096 pages) NoDump
  0x7ff00000 - 0x8fffffff,   257 MB (  65792 pages) NoAlloc NoDump
Found 4 CPUs in the ACPI tables
";
    assert_eq!(segments("freebsd-chunks", hardware), [(0x300, 0x3_4000), (0x4_0000, 0x7_ff00)]);
    let and_left = format!(
        "{hardware}real memory  = 1943011328 (1853 MB)\n\
         Physical memory chunk(s):\n\
         0x00000000300000 - 0x00000000ffffff, 13631488 bytes (3328 pages)\n"
    );
    let found = imported("auto", &and_left);
    assert_eq!(segments("freebsd-chunks", &and_left), [(0x300, 0x1000)]);
    assert!(says(&found, &["2 such maps, at lines 2, 11", "as the kernel"]), "{:?}", found.said);
}

#[test]
fn a_boards_devicetree_without_that_of_its_processor_is_read() {
    let board = |reg: &str| {
        format!("/ {{ model = \"x\"; memory@0 {{ device_type = \"memory\"; reg = <{reg}>; }}; }};")
    };
    let two = "0x5 0x00000000 0x0 0x40000000>, <0x6 0x0 0x0 0x40000000";
    assert_eq!(segments("dts", &board(two)), [(0x50_0000, 0x54_0000), (0x60_0000, 0x64_0000)]);
    assert!(says(&imported("dts", &board(two)), &["does not say how many cells", "2 and 2"]));
    assert_eq!(segments("dts", &board("0x80000000 0x10000000")), [(0x8_0000, 0x9_0000)]);
    // Two banks of one cell each; as one bank it would begin beyond any machine's memory.
    let banks = "0x80000000 0x10000000 0xa0000000 0x10000000";
    assert_eq!(segments("dts", &board(banks)), [(0x8_0000, 0x9_0000), (0xa_0000, 0xb_0000)]);
    assert!(refused("dts", &board("0x1 0x2 0x3 0x4 0x5")).contains("number of cells"));
}

#[test]
fn xens_map_counts_without_its_prefix_below_its_headline_only() {
    let text = "\
> Xen-e820 RAM map:
>
>  [0000000000000000, 000000000009fbff] (usable)
>  [0000000000100000, 00000000001fffff] (usable)
> Thanks
>  [0000000000300000, 00000000003fffff] (usable)
";
    assert_eq!(segments("xen", text), [(0, 0x9f), (0x100, 0x200)]);
}

#[test]
fn netbsd_loads_most_of_memory_into_the_default_list() {
    let text = "\
loading freelist 1 0x1000-0x9f000 (0x1-0x9f)
loading default 0x100000000-0x23f000000 (0x100000-0x23f000)
loading first16q 0x100000-0x1000000 (0x100-0x1000)
vibrator: loading default 0xff
";
    assert_eq!(segments("netbsd", text), [(1, 0x9f), (0x100, 0x1000), (0x10_0000, 0x23_f000)]);
    assert!(says(&imported("netbsd", text), &["default: 1 entry"]));
}

#[test]
fn free_blocks_are_no_zones() {
    let text = "\
Node 0, zone   Normal
  spanned  4096
  present  4096
  start_pfn:           4096
Node 0, zone      DMA      1      0      2      0
";
    let found = imported("zoneinfo", text);
    assert_eq!(segments("zoneinfo", text), [(0x1000, 0x2000)]);
    assert!(!says(&found, &["warning"]), "{:?}", found.said);
}

#[test]
fn the_map_of_a_crash_kernel_does_not_replace_that_of_the_boot_before() {
    let boot = |last: &str| {
        format!(
            "BIOS-provided physical RAM map:\n\
             BIOS-e820: [mem 0x0000000000001000-0x000000000009ffff] usable\n\
             BIOS-e820: [mem 0x0000000000100000-{last}] usable\n"
        )
    };
    let crash = "e820: user-defined physical RAM map:\n\
                 user: [mem 0x000000002b000000-0x00000000350fffff] usable\n";
    let text = format!("{}{}{crash}", boot("0x00000000bfffffff"), boot("0x00000000350fffff"));
    assert_eq!(segments("e820", &text), [(0x1, 0xa0), (0x100, 0xc_0000)]);
    let found = imported("e820", &text);
    assert!(says(&found, &["3 such maps of 2 boots, at lines 2, 5, 8", "taken is that at line 2"]));
    // A single boot that its user cut.
    let cut = format!("{}{crash}", boot("0x00000000bfffffff"));
    assert_eq!(segments("e820", &cut), [(0x2_b000, 0x3_5100)]);
    assert!(says(&imported("e820", &cut), &["2 such maps, at lines 2, 5", "corrected"]));
}

#[test]
fn what_the_kernel_says_of_changing_a_map_is_no_map() {
    let text = "\
BIOS-e820: [mem 0x0000000000100000-0x00000000001fffff] usable
e820: update [mem 0x00000000-0x00000fff] usable ==> reserved
e820: remove [mem 0x000a0000-0x000fffff] usable
e820: [mem 0xc0000000-0xfeffbfff] available for PCI devices
e820: reserve RAM buffer [mem 0x0009fc00-0x0009ffff]
init_memory_mapping: [mem 0x100000000-0x13fffffff]
";
    assert_eq!(segments("e820", text), [(0x100, 0x200)]);
    assert!(!says(&imported("e820", text), &["warning"]));
}

#[test]
fn nothing_at_all_is_named_for_what_it_is() {
    assert!(refused("auto", "").contains("dmesg.txt: is empty; expected"));
    assert!(refused("auto", "\u{0}\u{1}ELF\n\u{0}x\n").contains("is no text"));
    assert!(refused("auto", "one\n").contains("no memory map in 1 line;"));
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    for index in 0_u64..20_000 {
        writeln!(gz, "{:x}", index.wrapping_mul(0x9e37_79b9_7f4a_7c15)).unwrap();
    }
    let gz = gz.finish().unwrap();
    let cut = import_text("log.gz", &gz[..gz.len() / 2], &request("auto")).unwrap_err();
    assert!(cut.to_string().contains("ends in the middle"), "{cut}");
    // Blocks of zeros stand in logs that a crash cut.
    let after_crash = "\u{0}\u{0}BIOS-e820: [mem 0x0000000000100000-0x00000000001fffff] usable\n";
    assert_eq!(segments("e820", after_crash), [(0x100, 0x200)]);
}
