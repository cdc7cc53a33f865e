//! The layouts that come with the program: the files of layouts/, compiled in.

/// A layout file compiled into the program.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Shipped {
    /// Its name; the file is `layouts/NAME.toml`.
    pub name: &'static str,
    /// The text of the file.
    pub text: &'static str,
}

/// One line a layout: adding one is a file in layouts/ and its name here.
macro_rules! layouts {
    ($($name:literal,)*) => {
        &[$(Shipped {
            name: $name,
            text: include_str!(concat!("../../../layouts/", $name, ".toml")),
        },)*]
    };
}

static SHIPPED: &[Shipped] = layouts![
    "paper-32x8",
    "frag-1mb",
    "frag-64mb",
    "frag-64mb-as-run",
    "frag-128mb",
    "frag-256mb",
    "frag-1gb",
    "frag-16gb",
    "frag-256gb",
    "frag-1tb",
    "real-s390-2g",
    "real-hotplug-vm-2g",
    "real-vm-4g",
    "real-xen-arm-10g",
    "real-laptop-40g",
    "real-desktop-16g",
    "real-bsd-12g",
    "real-xen-dom0-32g",
    "real-mips-4node-3g",
    "real-arm64-64g",
    "real-2socket-1t",
    "real-16node-12t",
];

/// The shipped layouts, in the order in which people want to see them.
pub fn shipped() -> impl Iterator<Item = &'static Shipped> {
    SHIPPED.iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::expand::frames;
    use crate::layout::{Layout, Operation, StepKind, open};
    use physseg::{FrameRange, PageSize, Pfn};
    use std::collections::BTreeSet;

    const LARGE: [&str; 2] = ["frag-256gb", "frag-1tb"];

    fn layout(name: &str) -> Layout {
        open(name).unwrap_or_else(|error| panic!("{error}"))
    }

    #[test]
    fn every_file_of_the_folder_is_shipped_under_its_own_name() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../layouts");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let names: BTreeSet<String> = shipped().map(|l| format!("{}.toml", l.name)).collect();
        assert_eq!(files, names);
        for &Shipped { name, .. } in shipped() {
            let layout = layout(name);
            assert_eq!(layout.name, name);
            assert_eq!(layout.page_size, PageSize::FOUR_KIB);
            // NetBSD's limits: 32 segments, and 64 on aarch64.
            assert_eq!(layout.physseg_max, if name == "real-arm64-64g" { 64 } else { 32 });
            assert!(!layout.description.is_empty() && !layout.source.is_empty());
            if !LARGE.contains(&name) {
                layout.check().unwrap();
            }
        }
    }

    /// Checked without the others beside them: the largest takes a GiB of memory for a moment.
    #[test]
    fn the_large_layouts_have_as_many_segments_as_they_say() {
        for (name, segments) in LARGE.into_iter().zip([8_388_577, 33_554_401]) {
            let layout = layout(name);
            layout.check().unwrap();
            assert_eq!(layout.final_segments().unwrap().len(), segments, "{name}");
        }
    }

    #[test]
    fn the_papers_first_experiment_is_32_segments_of_8_frames() {
        let layout = layout("paper-32x8");
        let segments = layout.final_segments().unwrap();
        let expected: Vec<FrameRange> = (0..32).map(|i| frames(8 * i, 8 * i + 8)).collect();
        assert_eq!(segments, expected);
        assert_eq!(layout.lookups.range, frames(0, 256));
        assert_eq!(layout.operations().count(), 33);
        assert_eq!(layout.operations().last(), Some((1, Operation::Boot)));
    }

    #[test]
    fn the_fragmented_layouts_have_the_frames_and_segments_of_the_original() {
        for (name, start, end, segments) in [
            ("frag-1mb", 256, 512, 33),
            ("frag-64mb", 256, 16384, 2017),
            ("frag-64mb-as-run", 512, 768, 33),
            ("frag-128mb", 256, 32768, 4065),
            ("frag-256mb", 256, 65536, 8161),
            ("frag-1gb", 256, 1 << 18, 32_737),
            ("frag-16gb", 256, 1 << 22, 524_257),
        ] {
            let layout = layout(name);
            let found = layout.final_segments().unwrap();
            assert_eq!(found.len(), segments, "{name}");
            assert_eq!(found[0], frames(0, 256), "{name}");
            assert_eq!(layout.lookups.range, frames(start, end), "{name}");
            for (index, segment) in found[1..].iter().enumerate() {
                let piece = start + 8 * index as u64;
                assert_eq!(segment.end(), Pfn::new(piece + 8), "{name}");
                assert!((1..=7).contains(&segment.frames()), "{name}");
            }
        }
        assert_eq!(layout("frag-256mb").lookups.fold_below, Some(Pfn::new(65536)));
    }

    /// Frames and spans are those that the sources print, or the sum of what they print; see each
    /// file's `source`.
    #[test]
    fn the_maps_of_real_machines_have_the_segments_holes_and_frames_of_their_sources() {
        for (name, segments, holes, frames, span) in [
            ("real-vm-4g", 3, 2, 1_048_442, 1_572_863),
            ("real-xen-arm-10g", 5, 4, 2_621_440, 1_879_572_480),
            ("real-laptop-40g", 7, 6, 10_321_233, 10_548_031),
            ("real-desktop-16g", 9, 8, 4_175_236, 4_322_815),
            ("real-bsd-12g", 5, 4, 3_135_061, 3_399_680),
            ("real-xen-dom0-32g", 9, 8, 8_364_347, 8_580_607),
            ("real-mips-4node-3g", 28, 27, 720_896, 3_522_560),
            ("real-arm64-64g", 37, 4, 16_776_160, 8_631_877_632),
            ("real-2socket-1t", 13, 12, 268_410_513, 268_631_935),
            ("real-16node-12t", 22, 7, 3_221_195_660, 3_254_779_903),
        ] {
            let layout = layout(name);
            let found = layout.final_segments().unwrap();
            assert_eq!(found.len(), segments, "{name}");
            assert!(segments <= layout.physseg_max, "{name}");
            assert_eq!(found.iter().map(|s| s.frames()).sum::<u64>(), frames, "{name}");
            let gaps = found.windows(2).filter(|pair| pair[0].end() < pair[1].start()).count();
            assert_eq!(gaps, holes, "{name}");
            assert_eq!(layout.lookups.range.frames(), span, "{name}");
            assert_eq!(layout.lookups.range.start(), found[0].start(), "{name}");
            assert_eq!(layout.operations().last(), Some((segments, Operation::Boot)), "{name}");
        }
    }

    #[test]
    fn the_hotplugged_and_the_offline_memory_is_where_the_sources_have_it() {
        let layout_of_dimm = layout("real-hotplug-vm-2g");
        let segments = layout_of_dimm.final_segments().unwrap();
        assert_eq!(segments, [frames(0, 0x4_0000), frames(0x10_0000, 0x14_0000)]);
        let plugged = Operation::Plug(frames(0x10_0000, 0x14_0000));
        assert_eq!(layout_of_dimm.operations().last(), Some((2, plugged)));
        // Of 24 blocks of 128 MiB the last 8 are offline, and asked for all the same.
        let standby = layout("real-s390-2g");
        assert_eq!(standby.final_segments().unwrap(), [frames(0, 16 << 15)]);
        assert_eq!(standby.lookups.range, frames(0, 24 << 15));
    }

    #[test]
    fn no_two_layouts_share_a_seed() {
        let mut seeds = BTreeSet::new();
        for &Shipped { name, .. } in shipped() {
            for step in layout(name).steps {
                if let StepKind::Unplug { every: Some(every), .. } = step.kind {
                    assert!(seeds.insert(every.seed), "{name}");
                }
            }
        }
        assert_eq!(seeds.len(), 9);
    }
}
