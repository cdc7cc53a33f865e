//! `layout show`, `layout check` and `layout import`.

use std::io::{self, Write};
use std::path::Path;

use physseg::FrameRange;

use super::new_file::NewFile;
use super::{Failure, print};
use crate::cli::{Import, LayoutAction};
use crate::layout::{self, Layout, import};
use crate::report::memory_map;

/// Columns that output keeps to.
const WIDTH: usize = 80;

pub(super) fn run(action: &LayoutAction) -> Result<(), Failure> {
    match action {
        LayoutAction::Show { layout, svg } => {
            let layout = layout::open(layout).map_err(Failure::input)?;
            layout.check().map_err(Failure::input)?;
            if let Some(path) = svg {
                draw(&layout, path)?;
            }
            print(layout::show(&layout, WIDTH))
        }
        LayoutAction::Check { layout } => {
            let opened = layout::open(layout).map_err(Failure::input)?;
            let segments = opened.final_segments().map_err(Failure::input)?;
            print(format!(
                "{layout}: ok: `{}`, {} steps, {} segments\n",
                opened.name,
                opened.steps.len(),
                segments.len()
            ))
        }
        LayoutAction::Import(args) => run_import(args),
    }
}

/// Draws the map that the layout comes to.
fn draw(layout: &Layout, path: &Path) -> Result<(), Failure> {
    let place = NewFile::claim("--svg", path)?;
    let segments = layout.final_segments().map_err(Failure::input)?;
    let frames = |segment: &FrameRange| segment.start().get()..segment.end().get();
    let segments: Vec<_> = segments.iter().map(frames).collect();
    let figure = memory_map(&layout.name, layout.page_size.bytes(), &segments);
    place.write(figure.map_err(Failure::running)?.as_bytes())
}

fn run_import(args: &Import) -> Result<(), Failure> {
    let request =
        import::Request { from: args.from, name: args.name.clone(), page_size: args.page_size };
    // Before the text is read: it may be standard input, which cannot be given twice.
    let place = args.out.as_deref().map(|path| NewFile::claim("--out", path)).transpose()?;
    let imported = import::import(&args.file, &request).map_err(Failure::input)?;
    for line in &imported.said {
        // Standard error that is closed is no reason to lose the layout.
        let _ = writeln!(io::stderr(), "{line}");
    }
    match place {
        None => print(imported.toml),
        Some(place) => place.write(imported.toml.as_bytes()),
    }
}
