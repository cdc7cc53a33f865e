//! What texts begin as: a map in every format, and every layout file that comes with the program.

use bench_harness::layout::shipped;

use crate::cases::Target;

/// Texts that are right.
pub(crate) fn all(target: Target) -> Vec<String> {
    let layouts = shipped().map(|layout| layout.text.to_owned());
    let maps = MAPS.iter().map(|&map| map.to_owned());
    match target {
        // Layouts hold addresses, too.
        Target::Importer => maps.chain(layouts.take(3)).collect(),
        // Small layouts as well, so that changes matter.
        Target::Loader => layouts.chain([SMALL.to_owned(), FRAGMENTS.to_owned()]).collect(),
    }
}

const SMALL: &str = "\
name = \"small\"
page_size = 4096
step = [ { load = { start = 0, end = 16, split = 4 } }, { boot = true }, { plug = { start = 20, end = 40 } },
    { unplug = { start = 24, end = 28 } } ]
[lookups]
start = 0
end = 50
";

const FRAGMENTS: &str = "\
name = \"fragments\"
physseg_max = 64
[[step]]
load = { start = 0x10, end = 0x100 }
[[step]]
boot = true
[[step]]
unplug = { start = 0x20, end = 0x100, every = 8, frames = [1, 7], seed = 5 }
";

const MAPS: [&str; 16] = [
    "00001000-0009ffff : System RAM\n000a0000-000fffff : Reserved\n00100000-3fffffff : System RAM\n  01000000-01ffffff : Kernel code\n100000000-13fffffff : System RAM\n",
    "[    0.000000] BIOS-provided physical RAM map:\n[    0.000000] BIOS-e820: [mem 0x0000000000001000-0x000000000009efff] usable\n[    0.000000] BIOS-e820: [mem 0x000000000009f000-0x00000000000fffff] reserved\n[    0.000000] BIOS-e820: [mem 0x0000000000100000-0x00000000bfffffff] usable\n[    0.000000] user: [mem 0x0000000000100000-0x000000003fffffff] usable\n",
    " BIOS-e820: 0000000000000000 - 000000000009fc00 (usable)\n BIOS-e820: 000000000009fc00 - 00000000000a0000 (reserved)\n BIOS-e820: 0000000000100000 - 0000000020000000 (usable)\n",
    "Zone ranges:\n  DMA      [mem 0x0000000000001000-0x0000000000ffffff]\nEarly memory node ranges\n  node   0: [mem 0x0000000000001000-0x000000000009efff]\n  node   0: [mem 0x0000000000100000-0x000000007fffffff]\n  node   1: [mem 0x0000000100000000-0x000000017fffffff]\nInitmem setup node 0\n",
    "early_node_map[2] active PFN ranges\n    0: 0x00000010 -> 0x0000009c\n    0:      256 ->   524208\nOn node 0 totalpages: 524088\n",
    "efi: mem00: [Conventional Memory|   |WB|WT|WC|UC] range=[0x0000000000100000-0x0000000000900000) (8MB)\nefi: mem01: type=2, attr=0xf, range=[0x0000000000900000-0x0000000000a00000) (1MB)\n",
    "Processing EFI memory map:\nefi:   0x000080000000-0x0000807fffff [Conventional|   |WB|  ]\nefi:   0x000080800000-0x000080ffffff [Boot Data   |   |WB|  ]\n",
    "RANGE                                  SIZE  STATE REMOVABLE BLOCK NODE\n0x0000000000000000-0x000000006fffffff  1.8G online yes 0-13 0\n0x0000000070000000-0x000000007fffffff  256M offline - 14-15 1\nMemory block size:       128M\n",
    "/sys/devices/system/memory/block_size_bytes:8000000\n/sys/devices/system/memory/memory0/phys_index:00000000\n/sys/devices/system/memory/memory0/state:online\n/sys/devices/system/memory/memory9/state:online\n/sys/devices/system/memory/memory9/phys_index:00000009\n",
    "Node 0, zone      DMA\n        spanned  4095\n        present  3998\n  start_pfn:           1\nNode 0, zone   Normal\n        spanned  61440\n        present  61440\n  start_pfn:           4096\n",
    "/dts-v1/;\n/ {\n  #address-cells = <2>;\n  #size-cells = <2>;\n  /* RAM */\n  memory@80000000 {\n    device_type = \"memory\";\n    reg = <0x0 0x80000000 0x0 0x40000000>,\n          <0x8 0x0 0x0 0x40000000>;\n    numa-node-id = <1>;\n  };\n};\n",
    "vm.phys_segs: \nSEGMENT 0:\n\nstart:     0x1000\nend:       0x9b000\ndomain:    0\nfree list: 0xffffffff81e0b1e0\n\nSEGMENT 1:\n\nstart:     0x100000\nend:       0x7ffe0000\ndomain:    1\n",
    "SMAP type=01, xattr=01, base=0000000000000000, len=000000000009d800\nSMAP type=02 base=00000000_0009d800 len=00000000_00002800\nSMAP type=01, xattr=01, base=0000000000100000, len=00000000bff00000\n",
    "Physical memory chunk(s):\n  0x00200000 - 0x33ffffff,   830 MB ( 212480 pages)\nExcluded memory regions:\n  0x00000000 - 0x002fffff,     3 MB (    768 pages) NoAlloc\nPhysical memory chunk(s):\n0x0000000000300000 - 0x0000000033ffffff, 869269504 bytes (212224 pages)\n",
    "loading freelist 1 0x1000-0x9f000 (0x1-0x9f)\nloading default 0x100000-0x7ffe0000 (0x100-0x7ffe0)\n",
    "(XEN) Xen-e820 RAM map:\n(XEN)  0000000000000000 - 000000000009f000 (usable)\n(XEN)  [0000000000100000, 000000007fffffff] (usable)\n(XEN)  [0000000080000000, 00000000ffffffff] (reserved)\n(XEN) RAM: 0000000100000000 - 000000017fffffff\n",
];
