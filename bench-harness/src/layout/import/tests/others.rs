//! What the BSDs and Xen print.

use super::{imported, says, segments};

#[test]
fn freebsd_segments_of_its_allocator_stay_apart() {
    let text = "\
vm.phys_segs: 
SEGMENT 0:

start:     0x1000
end:       0x9b000
domain:    0
free list: 0xffffffff81e0b1e0

SEGMENT 1:

start:     0x100000
end:       0x1000000
domain:    0
free list: 0xffffffff81e0b1e0

SEGMENT 2:

start:     0x1000000
end:       0x7ffe0000
domain:    1
free list: 0xffffffff81e0af70
";
    assert_eq!(
        segments("freebsd-phys-segs", text),
        [(0x1, 0x9b), (0x100, 0x1000), (0x1000, 0x7_ffe0)]
    );
    let cut = &text[..text.find("end:       0x7ffe0000").unwrap()];
    let cut = imported("auto", cut);
    assert_eq!(cut.layout.final_segments().unwrap().len(), 2);
    assert!(says(&cut, &["warning", "1 line looks", "missing"]));
}

#[test]
fn freebsd_firmware_map_in_log_and_in_sysctl() {
    let log = "\
SMAP type=01, xattr=01, base=0000000000000000, len=000000000009d800
SMAP type=02, xattr=01, base=000000000009d800, len=0000000000002800
SMAP type=01, xattr=01, base=0000000000100000, len=00000000bff00000
";
    let expected = [(0, 0x9d), (0x100, 0xc_0000)];
    assert_eq!(segments("freebsd-smap", log), expected);
    let sysctl = format!("machdep.smap: \n{log}");
    assert_eq!(segments("freebsd-smap", &sysctl), expected);
    let old = "SMAP type=01 base=0000000000000000 len=000000000009d800\nSMAP type=01 base=0000000000100000 len=00000000bff00000\n";
    assert_eq!(segments("freebsd-smap", old), expected);
}

#[test]
fn freebsd_chunks_come_before_the_firmware_map() {
    let text = "\
SMAP type=01, xattr=01, base=0000000000000000, len=000000000009d800
real memory  = 2147483648 (2048 MB)
Physical memory chunk(s):
0x0000000000001000 - 0x0000000000098fff, 622592 bytes (152 pages)
0x0000000000100000 - 0x000000007bb6dfff, 2074533888 bytes (506478 pages)
avail memory = 2040000000 (1945 MB)
";
    assert_eq!(segments("freebsd-chunks", text), [(0x1, 0x99), (0x100, 0x7_bb6e)]);
    assert!(says(&imported("auto", text), &["ignored: freebsd-smap", "1 entry"]));
    let smap = imported("freebsd-smap", text);
    assert_eq!(smap.layout.final_segments().unwrap()[0].end().get(), 0x9d);
}

#[test]
fn netbsd_segments_with_and_without_a_list() {
    let text = "\
[     1.000000] loading freelist 3 0x1000-0x9f000 (0x1-0x9f)
[     1.000000] loading freelist 0 0x100000-0x1000000 (0x100-0x1000)
[     1.000000] loading freelist 0 0x1000000-0x7ffe0000 (0x1000-0x7ffe0)
[     1.000000] loading firmware for something
";
    let expected = [(0x1, 0x9f), (0x100, 0x1000), (0x1000, 0x7_ffe0)];
    assert_eq!(segments("netbsd", text), expected);
    let old = "loading 0x1000-0x9f000 (0x1-0x9f)\nloading 0x100000-0x7ffe0000 (0x100-0x7ffe0)\n";
    assert_eq!(segments("netbsd", old), [(0x1, 0x9f), (0x100, 0x7_ffe0)]);
}

#[test]
fn xen_old_new_and_on_arm() {
    let old = "\
(XEN) Xen-e820 RAM map:
(XEN)  0000000000000000 - 000000000009f000 (usable)
(XEN)  000000000009f000 - 00000000000a0000 (reserved)
(XEN)  0000000000100000 - 00000000c0000000 (usable)
(XEN) System RAM: 3071MB (3145336kB)
";
    let expected = [(0, 0x9f), (0x100, 0xc_0000)];
    assert_eq!(segments("xen", old), expected);
    let new = "\
(XEN) EFI RAM map:
(XEN)  [0000000000000000, 000000000009efff] (usable)
(XEN)  [000000000009f000, 000000000009ffff] (reserved)
(XEN)  [0000000000100000, 00000000bfffffff] (usable)
";
    assert_eq!(segments("xen", new), expected);
    let arm = "(XEN) RAM: 0000000040000000 - 00000000bfffffff\n";
    assert_eq!(segments("xen", arm), [(0x4_0000, 0xc_0000)]);
}

#[test]
fn a_guest_of_xen_has_an_e820_of_its_own() {
    let text = "\
Xen: [mem 0x0000000000000000-0x000000000009ffff] usable
Xen: [mem 0x0000000000100000-0x000000003fffffff] usable
";
    assert_eq!(segments("e820", text), [(0, 0xa0), (0x100, 0x4_0000)]);
}
