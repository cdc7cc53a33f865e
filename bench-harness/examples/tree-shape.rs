//! How deep the red-black tree of a layout is: as its plugs and unplugs left it (`rbtree@replay`), and
//! loaded at boot with the same segments (`rbtree@final`).
//!
//! ```text
//! cargo run --release -p bench-harness --example tree-shape -- frag-256mb frag-1gb
//! ```

use bench_harness::layout::{
    self,
    build::{Build, Plan},
};
use physseg::backend::RbTree;

fn main() -> anyhow::Result<()> {
    println!(
        "{:12} {:>9} {:7} {:>6} {:>13}",
        "layout", "segments", "built", "height", "mean of a hit"
    );
    for name in std::env::args().skip(1) {
        let layout = layout::open(&name)?;
        let segments = layout.final_segments()?;
        let plan = Plan { layout: &layout, segments: &segments };
        for (built, build) in [("replay", Build::Replay), ("final", Build::Final)] {
            let table = plan.build(build, RbTree::with_boot_capacity)?.table;
            let shape = table.backend().shape();
            let mean = shape.comparisons as f64 / table.len() as f64;
            let segments = table.len();
            println!("{name:12} {segments:9} {built:7} {:6} {mean:13.2}", shape.height);
        }
    }
    Ok(())
}
