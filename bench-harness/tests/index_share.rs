//! What the index of `section` takes of the page descriptors, on the layouts that are shipped.

use bench_harness::layout::build::{Build, Plan};
use bench_harness::layout::{open, shipped};
use bench_harness::record::PAGE_DESCRIPTOR_BYTES;
use physseg::backend::{Backend, Section};

/// The largest fragmented ones, which take seconds and gigabytes; `frag-1gb` is of the same make.
const LEFT_OUT: [&str; 3] = ["frag-16gb", "frag-256gb", "frag-1tb"];

/// A hundredth of the descriptors of the frames that are there, in whatever way they came.
#[test]
fn the_index_of_section_takes_at_most_one_percent_of_the_descriptors_of_every_layout() {
    let mut seen = 0;
    for shipped in shipped().filter(|shipped| !LEFT_OUT.contains(&shipped.name)) {
        let layout = open(shipped.name).unwrap_or_else(|error| panic!("{error}"));
        let segments = layout.final_segments().unwrap();
        let frames: u64 = segments.iter().map(|range| range.frames()).sum();
        let plan = Plan { layout: &layout, segments: &segments };
        for build in [Build::Replay, Build::Final] {
            let built = plan.build(build, Section::with_boot_capacity).unwrap();
            let backend = built.table.backend();
            assert_eq!(backend.len(), segments.len(), "{}", shipped.name);
            let (index, descriptors) =
                (backend.index_bytes() as u64, frames * PAGE_DESCRIPTOR_BYTES);
            assert!(
                index * 100 <= descriptors,
                "{} ({build:?}): {index} bytes for descriptors of {descriptors}",
                shipped.name
            );
        }
        seen += 1;
    }
    assert_eq!(seen, shipped().count() - LEFT_OUT.len(), "a layout was left out that is not there");
}
