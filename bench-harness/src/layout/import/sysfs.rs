//! Linux: the memory blocks of /sys/devices/system/memory.
//!
//! Read as lines `PATH:VALUE`, which is what `grep -r . /sys/devices/system/memory` prints:
//! `block_size_bytes` and `memoryN/phys_index` in hexadecimal without `0x`, `memoryN/state`. The folder
//! itself is read as the same lines by [`each_line`].

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::Path;

use super::found::{Bytes, ENTRIES_MAX, Found, Parser};
use super::line::Line;
use super::number::{decimal, hex};

/// Reads [`Source::Sysfs`](super::Source::Sysfs).
#[derive(Default)]
pub(super) struct Sysfs {
    block_bytes: Option<(usize, u64)>,
    blocks: BTreeMap<u64, Block>,
}

#[derive(Default, Clone, Copy)]
struct Block {
    line: usize,
    /// In units of a block.
    index: Option<u64>,
    online: Option<bool>,
    node: Option<u32>,
}

impl Parser for Sysfs {
    fn line(&mut self, line: &Line<'_>, found: &mut Found) {
        let Some((path, value)) = line.text.rsplit_once(':') else {
            return;
        };
        let value = value.trim();
        let mut names = path.rsplit('/');
        let (file, folder) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
        if file == "block_size_bytes" {
            match hex(value) {
                Some(bytes) if bytes.is_power_of_two() => {
                    self.block_bytes = Some((line.number, bytes));
                }
                _ => found.unreadable(line, "expected a power of two, hexadecimal"),
            }
            return;
        }
        let Some(number) = folder.strip_prefix("memory").and_then(decimal) else {
            return;
        };
        if !matches!(file, "phys_index" | "state" | "node") {
            return;
        }
        if self.blocks.len() >= ENTRIES_MAX && !self.blocks.contains_key(&number) {
            found.too_many = true;
            return;
        }
        let block = self.blocks.entry(number).or_default();
        block.line = line.number;
        match file {
            "phys_index" => match hex(value) {
                Some(index) => block.index = Some(index),
                None => found.unreadable(line, "expected a hexadecimal number"),
            },
            "state" => block.online = Some(value == "online"),
            _ => block.node = decimal(value).and_then(|node| u32::try_from(node).ok()),
        }
    }

    fn end(&mut self, found: &mut Found) {
        let blocks = std::mem::take(&mut self.blocks);
        let Some((_, block_bytes)) = self.block_bytes else {
            if let Some(block) = blocks.values().next() {
                found.unreadable_at(block.line, "memory blocks", "`block_size_bytes` is missing");
            }
            return;
        };
        for (number, block) in blocks {
            // Without phys_index the number in the name is the same number.
            let start = block.index.unwrap_or(number).checked_mul(block_bytes);
            let bytes = start
                .ok_or("addresses exceed 64 bits")
                .and_then(|start| Bytes::with_length(start, block_bytes));
            let (usable, kind) = match block.online {
                Some(true) => (true, "online"),
                Some(false) => (false, "offline"),
                None => (false, "state not told"),
            };
            if let Err(why) = found.add(block.line, bytes, usable, kind, block.node) {
                found.unreadable_at(block.line, "a memory block", why);
            }
        }
    }
}

/// Calls `line` with every line that `grep -r .` would print of the folder, as far as it matters
/// here, and with the node of each block as if it were a file.
pub(super) fn each_line(folder: &Path, mut line: impl FnMut(&str)) -> io::Result<()> {
    line(&format!("block_size_bytes:{}", value(&folder.join("block_size_bytes"))?));
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.strip_prefix("memory").and_then(decimal).is_none() {
            continue;
        }
        for file in ["phys_index", "state"] {
            // A block may go away meanwhile, and old kernels lack files.
            if let Ok(value) = value(&entry.path().join(file)) {
                line(&format!("{name}/{file}:{value}"));
            }
        }
        if let Some(node) = node(&entry.path()) {
            line(&format!("{name}/node:{node}"));
        }
    }
    Ok(())
}

/// The content of a small file.
fn value(path: &Path) -> io::Result<String> {
    let mut text = Vec::new();
    fs::File::open(path)?.take(64).read_to_end(&mut text)?;
    Ok(String::from_utf8_lossy(&text).trim().to_owned())
}

/// The node that a block links to, as `nodeN`.
fn node(block: &Path) -> Option<u64> {
    let entries = fs::read_dir(block).ok()?;
    let name = |entry: io::Result<fs::DirEntry>| Some(entry.ok()?.file_name());
    entries.filter_map(name).find_map(|name| decimal(name.to_str()?.strip_prefix("node")?))
}
