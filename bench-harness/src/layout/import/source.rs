//! Which kinds of text there are, what they are called, and which says most.

/// One way in which a system shows its memory map as text.
///
/// The order is that of `auto`, best first: what a kernel loaded into its page allocator comes before
/// what it counts as memory, that before what it was told by firmware, and that before outlines that
/// leave out holes. Firmware's maps still hold what the kernel kept for itself or cut off (`mem=`),
/// and say nothing of NUMA nodes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Source {
    /// NetBSD, kernels with `DEBUG_MEMLOAD`: the segments as `uvm_page_physload` got them.
    Netbsd,
    /// FreeBSD, `sysctl vm.phys_segs`: the segments of its page allocator.
    FreebsdPhysSegs,
    /// Linux, kernel log, `Early memory node ranges`: what the page allocator got, by node.
    NodeRanges,
    /// FreeBSD, kernel log, `Physical memory chunk(s)`: what is left for pages.
    FreebsdChunks,
    /// Linux, /proc/iomem: `System RAM`, hotplugged memory included.
    Iomem,
    /// Linux, `lsmem`: memory blocks, online or not.
    Lsmem,
    /// Linux, /sys/devices/system/memory: memory blocks, online or not.
    Sysfs,
    /// Linux on x86, kernel log: the map that firmware handed over.
    E820,
    /// FreeBSD on x86, verbose kernel log or `sysctl machdep.smap`: the same map.
    FreebsdSmap,
    /// Xen's own log: the host's map.
    Xen,
    /// Linux, kernel log with `efi=debug`: the map of UEFI.
    Efi,
    /// Devicetree source: nodes `memory@...`.
    Dts,
    /// Linux, /proc/zoneinfo: from the first to the last page of each zone.
    Zoneinfo,
}

impl Source {
    /// All of them, best first.
    pub const ALL: [Self; 13] = [
        Self::Netbsd,
        Self::FreebsdPhysSegs,
        Self::NodeRanges,
        Self::FreebsdChunks,
        Self::Iomem,
        Self::Lsmem,
        Self::Sysfs,
        Self::E820,
        Self::FreebsdSmap,
        Self::Xen,
        Self::Efi,
        Self::Dts,
        Self::Zoneinfo,
    ];

    /// Its name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Netbsd => "netbsd",
            Self::FreebsdPhysSegs => "freebsd-phys-segs",
            Self::NodeRanges => "node-ranges",
            Self::FreebsdChunks => "freebsd-chunks",
            Self::Iomem => "iomem",
            Self::Lsmem => "lsmem",
            Self::Sysfs => "sysfs",
            Self::E820 => "e820",
            Self::FreebsdSmap => "freebsd-smap",
            Self::Xen => "xen",
            Self::Efi => "efi",
            Self::Dts => "dts",
            Self::Zoneinfo => "zoneinfo",
        }
    }

    /// What it is, to follow its name.
    pub(super) const fn about(self) -> &'static str {
        match self {
            Self::Netbsd => "segments as NetBSD loaded them",
            Self::FreebsdPhysSegs => "segments of FreeBSD's page allocator",
            Self::NodeRanges => "what Linux gave its page allocator, by node",
            Self::FreebsdChunks => "what FreeBSD has for pages",
            Self::Iomem => "System RAM of /proc/iomem",
            Self::Lsmem => "memory blocks, as lsmem lists them",
            Self::Sysfs => "memory blocks of /sys/devices/system/memory",
            Self::E820 => "the map that firmware gave Linux",
            Self::FreebsdSmap => "the map that firmware gave FreeBSD",
            Self::Xen => "the host's map in Xen's log",
            Self::Efi => "the map of UEFI",
            Self::Dts => "memory nodes of a devicetree",
            Self::Zoneinfo => "zones from first to last page, holes not told",
        }
    }

    /// What its lines look like, for those whose text has none.
    pub(super) const fn example(self) -> &'static str {
        match self {
            Self::Netbsd => "loading freelist 0 0x100000-0x7ffe0000 (0x100-0x7ffe0)",
            Self::FreebsdPhysSegs => "SEGMENT 0:, start: 0x1000, end: 0x9b000",
            Self::NodeRanges => "node   0: [mem 0x0000000000001000-0x000000000009efff]",
            Self::FreebsdChunks => "0x1000 - 0x98fff, 622592 bytes (152 pages)",
            Self::Iomem => "00100000-bfffffff : System RAM",
            Self::Lsmem => "0x0000000000000000-0x000000006fffffff 1.8G online yes 0-6",
            Self::Sysfs => "/sys/devices/system/memory/memory0/state:online",
            Self::E820 => "BIOS-e820: [mem 0x0000000000100000-0x00000000bfffffff] usable",
            Self::FreebsdSmap => {
                "SMAP type=01, xattr=01, base=0000000000000000, len=000000000009d800"
            }
            Self::Xen => "(XEN)  [0000000000000000, 000000000009b7ff] (usable)",
            Self::Efi => {
                "efi: mem05: [Conventional Memory|...] range=[0x0000000000900000-0x000000005c7fffff]"
            }
            Self::Dts => {
                "memory@80000000 { device_type = \"memory\"; reg = <0x0 0x80000000 0x0 0x80000000>; };"
            }
            Self::Zoneinfo => {
                "Node 0, zone Normal, with lines `spanned N` and `start_pfn: N` below"
            }
        }
    }

    /// How to make such a text.
    pub(super) const fn made_by(self) -> &'static str {
        match self {
            Self::Netbsd => "dmesg, of a kernel with `options DEBUG_MEMLOAD`",
            Self::FreebsdPhysSegs => "sysctl vm.phys_segs",
            Self::NodeRanges | Self::E820 => "dmesg, or /var/log/kern.log",
            Self::FreebsdChunks => "dmesg, after `boot -v`",
            Self::Iomem => "cat /proc/iomem as root",
            Self::Lsmem => "lsmem",
            Self::Sysfs => "grep -r . /sys/devices/system/memory, or the folder itself",
            Self::FreebsdSmap => "sysctl machdep.smap",
            Self::Xen => "xl dmesg",
            Self::Efi => "dmesg, after a boot with `efi=debug`",
            Self::Dts => "dtc -I fs -O dts /proc/device-tree",
            Self::Zoneinfo => "cat /proc/zoneinfo",
        }
    }

    /// Whether ranges of this source that touch are apart on purpose: each is a segment there, or
    /// an entry of firmware's, and merging them would lose that. The others are made of blocks, banks
    /// or types that the operating system itself makes one.
    pub(super) const fn keeps_apart(self) -> bool {
        match self {
            Self::Netbsd
            | Self::FreebsdPhysSegs
            | Self::NodeRanges
            | Self::E820
            | Self::FreebsdSmap
            | Self::Xen => true,
            Self::FreebsdChunks
            | Self::Iomem
            | Self::Lsmem
            | Self::Sysfs
            | Self::Efi
            | Self::Dts
            | Self::Zoneinfo => false,
        }
    }
}

/// What to look for in a text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum From {
    /// Whatever there is, the best of it.
    Auto,
    /// A Linux kernel log: [`Source::NodeRanges`], [`Source::E820`] or [`Source::Efi`].
    Dmesg,
    /// One source.
    One(Source),
}

impl From {
    /// The names of all, in the order in which people want to see them.
    pub const NAMES: [&'static str; 15] = [
        "auto",
        "iomem",
        "e820",
        "dmesg",
        "efi",
        "node-ranges",
        "lsmem",
        "sysfs",
        "zoneinfo",
        "dts",
        "freebsd-phys-segs",
        "freebsd-smap",
        "freebsd-chunks",
        "netbsd",
        "xen",
    ];

    /// What goes by this name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "auto" => Some(Self::Auto),
            "dmesg" => Some(Self::Dmesg),
            _ => Source::ALL.into_iter().find(|source| source.name() == name).map(Self::One),
        }
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Dmesg => "dmesg",
            Self::One(source) => source.name(),
        }
    }

    /// Whether `source` is asked for.
    pub(super) fn takes(self, source: Source) -> bool {
        match self {
            Self::Auto => true,
            Self::Dmesg => matches!(source, Source::NodeRanges | Source::E820 | Source::Efi),
            Self::One(one) => one == source,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_known_by_that_name() {
        for name in From::NAMES {
            assert_eq!(From::named(name).map(From::name), Some(name));
        }
        assert_eq!(From::named("E820"), None);
        for source in Source::ALL {
            assert!(From::NAMES.contains(&source.name()), "{source:?}");
        }
    }

    #[test]
    fn the_list_is_in_the_order_of_preference() {
        assert!(Source::ALL.is_sorted());
    }
}
