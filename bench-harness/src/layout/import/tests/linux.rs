//! What Linux prints.

use physseg::PageSize;

use super::{imported, refused, request, says, segments};
use crate::layout::import::import_text;

/// The small virtual machine that the facts about these formats end with.
const SMALL: [(u64, u64); 3] = [(0x1, 0x9f), (0x100, 0xc_0000), (0x10_0000, 0x64_0000)];

#[test]
fn node_ranges_of_new_kernels() {
    let text = "\
[    0.005000] Early memory node ranges
[    0.005001]   node   0: [mem 0x0000000000001000-0x000000000009efff]
[    0.005002]   node   0: [mem 0x0000000000100000-0x00000000bfffffff]
[    0.005003]   node   0: [mem 0x0000000100000000-0x000000063fffffff]
[    0.005004] Initmem setup node 0 [mem 0x0000000000001000-0x000000063fffffff]
";
    assert_eq!(segments("node-ranges", text), SMALL);
    assert_eq!(segments("dmesg", text), SMALL);
}

#[test]
fn node_ranges_of_old_kernels_are_page_frames_below_their_headline() {
    let text = "\
early_node_map[3] active PFN ranges
    0: 0x00000001 -> 0x0000009f
    0: 0x00000100 -> 0x000c0000
    1: 0x00100000 -> 0x00640000
something else
    0: 0x00900000 -> 0x00a00000
";
    assert_eq!(segments("node-ranges", text), SMALL);
    let decimal = "\
Zone PFN ranges:
  Normal       4096 ->   229376
early_node_map[2] active PFN ranges
    0:        1 ->      159
    0:      256 ->   786432
";
    assert_eq!(segments("node-ranges", decimal), SMALL[..2]);
    let large = crate::layout::import::Request {
        page_size: PageSize::new(65_536).unwrap(),
        ..request("node-ranges")
    };
    let imported = import_text("log", text.as_bytes(), &large).unwrap();
    assert_eq!(imported.layout.final_segments().unwrap()[0].end().get(), 0x9f);
}

#[test]
fn nodes_that_touch_stay_apart_and_so_do_entries() {
    let text = "\
  node   0: [mem 0x00000000-0x0fffffff]
  node   1: [mem 0x10000000-0x1fffffff]
  node   1: [mem 0x20000000-0x2fffffff]
";
    let expected = [(0, 0x1_0000), (0x1_0000, 0x2_0000), (0x2_0000, 0x3_0000)];
    assert_eq!(segments("node-ranges", text), expected);
}

#[test]
fn e820_in_all_its_wordings() {
    let current = "\
BIOS-provided physical RAM map:
BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable
BIOS-e820: [mem 0x000000000009fc00-0x000000000009ffff] reserved
BIOS-e820: [mem 0x0000000000100000-0x00000000bfffffff] usable
BIOS-e820: [mem 0x00000000feffc000-0x00000000feffffff] ACPI NVS
BIOS-e820: [mem 0x0000000100000000-0x000000063fffffff] usable
";
    let expected = [(0, 0x9f), SMALL[1], SMALL[2]];
    assert_eq!(segments("e820", current), expected);
    let newest = "\
BIOS-provided physical RAM map:
[mem 0x0000000000000000-0x000000000009fbff]  System RAM
[mem 0x000000000009fc00-0x000000000009ffff]  device reserved
[gap 0x00000000000a0000-0x00000000000fffff]
[mem 0x0000000000100000-0x00000000bfffffff]  System RAM
[mem 0x0000000100000000-0x000000063fffffff]  System RAM
";
    assert_eq!(segments("e820", newest), expected);
    // Before 3.5 the end is excluded.
    let old = "\
 BIOS-e820: 0000000000000000 - 000000000009fc00 (usable)
 BIOS-e820: 000000000009fc00 - 00000000000a0000 (reserved)
 BIOS-e820: 0000000000100000 - 00000000c0000000 (usable)
 BIOS-e820: 0000000100000000 - 0000000640000000 (usable)
";
    assert_eq!(segments("e820", old), expected);
}

#[test]
fn the_map_that_the_user_cut_replaces_firmwares() {
    let text = "\
e820: BIOS-provided physical RAM map:
BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable
BIOS-e820: [mem 0x0000000000100000-0x00000000bfffffff] usable
e820: remove [mem 0x40000000-0xfffffffffffffffe] usable
e820: user-defined physical RAM map:
user: [mem 0x0000000000000000-0x000000000009ffff] usable
user: [mem 0x0000000000100000-0x000000003fffffff] usable
";
    assert_eq!(segments("e820", text), [(0, 0xa0), (0x100, 0x4_0000)]);
    assert!(says(&imported("e820", text), &["2 such maps"]));
}

#[test]
fn ranges_that_are_printed_for_other_reasons_are_no_map() {
    let text = "\
BIOS-e820: [mem 0x0000000000100000-0x00000000bfffffff] usable
e820: update [mem 0x00000000-0x00000fff] usable ==> reserved
[mem 0xc0000000-0xfed1bfff] available for PCI devices
 [mem 0x00200000-0xbfffffff] page 2M
pci 0000:00:02.0: reg 0x10: [mem 0xfd000000-0xfdffffff pref]
NUMA: Node 0 [mem 0x00000000-0x0009ffff] + [mem 0x00100000-0xbfffffff] -> [mem 0x00000000-0xbfffffff]
efi: Remove mem40: MMIO range=[0xe0000000-0xefffffff] (256MB) from e820 map
user: root
";
    assert_eq!(segments("e820", text), [(0x100, 0xc_0000)]);
    assert!(!says(&imported("e820", text), &["warning"]));
}

#[test]
fn overlaps_go_to_the_less_usable_type_in_any_order() {
    let text = "\
BIOS-e820: [mem 0x0000000000800000-0x0000000000ffffff] usable
BIOS-e820: [mem 0x0000000000000000-0x00000000007fffff] usable
BIOS-e820: [mem 0x0000000000100000-0x00000000001fffff] reserved
BIOS-e820: [mem 0x0000000000f00000-0x00000000010fffff] ACPI data
";
    assert_eq!(segments("e820", text), [(0, 0x100), (0x200, 0x800), (0x800, 0xf00)]);
    assert!(says(&imported("e820", text), &["2 MiB", "left out"]));
}

#[test]
fn efi_of_x86_by_either_bracket_and_by_number() {
    let text = "\
efi: mem00: [Boot Code          |   |  |  |  |   |WB|WT|WC|UC] range=[0x0000000000000000-0x0000000000001000) (0MB)
efi: mem01: [Conventional Memory|   |  |  |  |   |WB|WT|WC|UC] range=[0x0000000000001000-0x00000000000a0000) (0MB)
efi: mem02: [Conventional Memory|   |  |  |  |   |WB|WT|WC|UC] range=[0x0000000000100000-0x00000000007fffff] (7MB)
efi: mem03: [ACPI Memory NVS    |   |  |  |  |   |WB|WT|WC|UC] range=[0x0000000000800000-0x0000000000807fff] (0MB)
efi: mem04: [Reserved           |RUN|  |  |  |   |  |  |  |UC] range=[0x00000000fd000000-0x000000ffffffffff] (3MB)
";
    assert_eq!(segments("efi", text), [(0, 0xa0), (0x100, 0x800)]);
    let old = "\
EFI: mem00: type=7, attr=0xf, range=[0x0000000000000000-0x00000000000a0000) (0MB)
EFI: mem01: type=2, attr=0xf, range=[0x0000000000100000-0x0000000000200000) (1MB)
EFI: mem02: type=11, attr=0x1, range=[0x0000000000200000-0x0000000000300000) (1MB)
";
    assert_eq!(segments("efi", old), [(0, 0xa0), (0x100, 0x200)]);
}

#[test]
fn efi_of_arm64() {
    let text = "\
[    0.000000] efi: Processing EFI memory map:
[    0.000000] efi:   0x000040000000-0x00004fffffff [Conventional Memory|   |  |  |WB|WT|WC|UC]
[    0.000000] efi:   0x000050000000-0x00005000ffff [Runtime Data       |RUN|  |  |WB|WT|WC|UC]
[    0.000000] efi:   0x080000000000-0x0800ffffffff [Loader Data        |   |  |  |WB|WT|WC|UC]
";
    assert_eq!(segments("efi", text), [(0x4_0000, 0x5_0000), (0x8000_0000, 0x8010_0000)]);
}

#[test]
fn iomem_with_all_that_is_in_it() {
    let text = "\
00000000-00000fff : Reserved
00001000-0009efff : System RAM
000a0000-000fffff : PCI Bus 0000:00
  000f0000-000fffff : System ROM
00100000-bfffffff : System RAM
  01000000-022090c7 : Kernel code
100000000-63fffffff : System RAM
";
    assert_eq!(segments("iomem", text), SMALL);
}

#[test]
fn an_iomem_that_hides_its_addresses_says_what_to_do() {
    let text = "00000000-00000000 : Reserved\n00000000-00000000 : System RAM\n";
    for from in ["auto", "iomem"] {
        let message = refused(from, text);
        assert!(message.starts_with("dmesg.txt:2: "), "{message}");
        assert!(message.contains("sudo cat /proc/iomem"), "{message}");
    }
    // Another source in the same text still does.
    let both = format!("{text}node   0: [mem 0x00000000-0x0fffffff]\n");
    let both = imported("auto", &both);
    assert_eq!(both.layout.final_segments().unwrap().len(), 1);
}

#[test]
fn lsmem_with_its_columns() {
    let text = "\
RANGE                                  SIZE  STATE REMOVABLE  BLOCK
0x0000000000000000-0x000000006fffffff  1.8G online       yes    0-6
0x0000000070000000-0x000000007fffffff  256M offline                7
0x0000000100000000-0x000000015fffffff  1.5G online       yes  16-21
0x0000000160000000-0x000000016fffffff  256M online       no      22

Memory block size:       256M
Total online memory:     3.5G
";
    assert_eq!(segments("lsmem", text), [(0, 0x7_0000), (0x10_0000, 0x17_0000)]);
    assert!(says(&imported("lsmem", text), &["offline", "256 MiB", "left out"]));
    let nodes = "\
RANGE                                 SIZE  STATE REMOVABLE BLOCK NODE
0x0000000000000000-0x000000007fffffff   2G online       yes  0-15    0
0x0000000080000000-0x00000000ffffffff   2G online       yes 16-31    1
";
    assert_eq!(segments("lsmem", nodes), [(0, 0x8_0000), (0x8_0000, 0x10_0000)]);
    let pairs =
        "RANGE=\"0x0000000000000000-0x000000007fffffff\" SIZE=\"2G\" STATE=\"online\" NODE=\"3\"\n";
    assert_eq!(segments("lsmem", pairs), [(0, 0x8_0000)]);
}

#[test]
fn sysfs_as_grep_prints_it_with_offline_blocks_left_out() {
    let text = "\
/sys/devices/system/memory/block_size_bytes:10000000
/sys/devices/system/memory/memory1/state:online
/sys/devices/system/memory/memory1/phys_index:00000001
/sys/devices/system/memory/memory0/state:online
/sys/devices/system/memory/memory0/phys_index:00000000
/sys/devices/system/memory/memory0/valid_zones:none
/sys/devices/system/memory/memory2/state:offline
/sys/devices/system/memory/memory2/phys_index:00000002
/sys/devices/system/memory/memory17/phys_index:00000011
/sys/devices/system/memory/memory17/state:online
/sys/devices/system/memory/memory18/online:1
";
    assert_eq!(segments("sysfs", text), [(0, 0x2_0000), (0x11_0000, 0x12_0000)]);
    assert!(says(&imported("sysfs", text), &["lines 3 to 10"]));
    let message = refused("sysfs", "/sys/devices/system/memory/memory0/state:online\n");
    assert!(message.contains("block_size_bytes"), "{message}");
}

#[cfg(unix)]
#[test]
fn sysfs_as_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("memory");
    std::fs::create_dir(&path).unwrap();
    let message = |path: &std::path::Path| {
        let error = super::super::import(path.to_str().unwrap(), &request("sysfs")).unwrap_err();
        error.to_string()
    };
    assert!(message(&path).contains("block_size_bytes"), "{}", message(&path));
    std::fs::write(path.join("block_size_bytes"), "8000000\n").unwrap();
    assert!(message(&path).contains("no memory map"), "{}", message(&path));
    for (block, state, node) in [(0, "online", 0), (1, "online", 1), (2, "offline", 1)] {
        let block_folder = path.join(format!("memory{block}"));
        std::fs::create_dir(&block_folder).unwrap();
        std::fs::write(block_folder.join("phys_index"), format!("{block:08x}\n")).unwrap();
        std::fs::write(block_folder.join("state"), format!("{state}\n")).unwrap();
        std::os::unix::fs::symlink(folder.path(), block_folder.join(format!("node{node}")))
            .unwrap();
    }
    let imported = super::super::import(path.to_str().unwrap(), &request("auto")).unwrap();
    assert_eq!(imported.layout.name, "memory");
    let found = imported.layout.final_segments().unwrap();
    let found: Vec<_> = found.iter().map(|s| (s.start().get(), s.end().get())).collect();
    assert_eq!(found, [(0, 0x8000), (0x8000, 0x1_0000)], "two nodes");
}

#[test]
fn zoneinfo_counts_holes_and_says_so() {
    let text = "\
Node 0, zone      DMA
  per-node stats
      nr_inactive_anon 1
  pages free     3840
        spanned  4095
        present  3998
        managed  3840
  node_unreclaimable:  0
  start_pfn:           1
Node 0, zone   Normal
        spanned  1048576
        present  1048576
  start_pfn:           1048576
Node 0, zone  Movable
        spanned  0
        present  0
        managed  0
";
    assert_eq!(segments("zoneinfo", text), [(1, 0x1000), (0x10_0000, 0x20_0000)]);
    assert!(says(&imported("zoneinfo", text), &["97 of the pages"]));
    assert!(!says(&imported("zoneinfo", text), &["warning"]), "an empty zone is none");
}

#[test]
fn a_devicetree_with_cells_from_the_parent() {
    let text = "\
/dts-v1/;
/* memory@0 { reg = <0 0 0 0x1000>; }; */
/ {
\t#address-cells = <0x2>;
\t#size-cells = <0x2>; // both 64 bits
\tmodel = \"a } board\";
\tchosen { bootargs = \"console=ttyS0 memory@1 {\"; };
\tmem0: memory@80000000 {
\t\tdevice_type = \"memory\";
\t\treg = <0x0 0x80000000 0x0 0x80000000>,
\t\t      <0x8 0x80000000 0x0 0x40000000>;
\t\tnuma-node-id = <0x0>;
\t};
\tmemory@900000000 { reg = <0x9 0x0 0x0 0x10000000>; status = \"disabled\"; };
\treserved-memory { #address-cells = <2>; #size-cells = <2>; buffer@1 { reg = <0 0 0 4096>; }; };
\tmemory-controller@1 { reg = <0x0 0x1000 0x0 0x1000>; };
};
";
    assert_eq!(segments("dts", text), [(0x8_0000, 0x10_0000), (0x88_0000, 0x8c_0000)]);
    let small =
        "/ { #address-cells = <1>; #size-cells = <1>; memory { reg = <0x20000000 134217728>; }; };";
    assert_eq!(segments("dts", small), [(0x2_0000, 0x2_8000)]);
    let piece =
        "memory@80000000 { device_type = \"memory\"; reg = <0x0 0x80000000 0x0 0x80000000>; };";
    assert_eq!(segments("dts", piece), [(0x8_0000, 0x10_0000)]);
    let message = refused("dts", "/ {\n  memory@0 { reg = <0x0 RAM_SIZE>; };\n};\n");
    assert!(message.starts_with("dmesg.txt:2: ") && message.contains("macros"), "{message}");
}
