//! `layout show`, `layout check` and `layout import`.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use anyhow::anyhow;
use physseg::FrameRange;

use super::{Failure, print};
use crate::cli::{Import, LayoutAction};
use crate::layout::{self, Layout, import};
use crate::record::write_atomically;
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
    let segments = layout.final_segments().map_err(Failure::input)?;
    let frames = |segment: &FrameRange| segment.start().get()..segment.end().get();
    let segments: Vec<_> = segments.iter().map(frames).collect();
    let figure = memory_map(&layout.name, layout.page_size.bytes(), &segments);
    write_atomically(path, figure.map_err(Failure::running)?.as_bytes()).map_err(Failure::running)
}

fn run_import(args: &Import) -> Result<(), Failure> {
    let request =
        import::Request { from: args.from, name: args.name.clone(), page_size: args.page_size };
    // Before the text is read: it may be standard input, which cannot be given twice.
    let place = args.out.as_deref().map(Place::claim).transpose()?;
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

/// Where something is to be written. A file that is there already is somebody's.
pub(super) struct Place<'a> {
    path: &'a Path,
    /// Whether the file was made here, empty, to keep the name; it goes again if nothing comes of it.
    ours: bool,
}

impl<'a> Place<'a> {
    pub(super) fn claim(path: &'a Path) -> Result<Self, Failure> {
        let shown = path.display();
        match File::options().write(true).create_new(true).open(path) {
            Ok(_) => Ok(Self { path, ours: true }),
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                Err(Failure::input(anyhow!("--out {shown}: cannot be written: {error}")))
            }
            // A pipe or a device, such as /dev/stdout.
            Err(_) if fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir()) => {
                Ok(Self { path, ours: false })
            }
            Err(_) => Err(Failure::input(anyhow!(
                "--out {shown}: exists, and is not overwritten; give another name, or remove it first"
            ))),
        }
    }

    pub(super) fn write(mut self, bytes: &[u8]) -> Result<(), Failure> {
        write_atomically(self.path, bytes).map_err(Failure::running)?;
        self.ours = false;
        Ok(())
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if self.ours {
            // What is left would only be an empty file.
            let _ = fs::remove_file(self.path);
        }
    }
}
