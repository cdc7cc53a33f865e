//! What the plugins of a run are, by their contents: a file of the same name may be another build by tomorrow.
//!
//! Only the bytes are looked at; nothing is loaded.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use flate2::Crc;
use serde_json::{Value, json};

use crate::registry::Entry;

/// Size and checksum of each plugin among `backends`; null where there is no file to read.
pub(in crate::cmd) fn to_json(backends: &[&'static Entry]) -> Vec<Value> {
    let plugins = backends.iter().filter_map(|entry| Some((entry.name, entry.plugin_file()?)));
    let one = |(backend, file): (&str, &Path)| {
        let read = checksum(file).ok();
        json!({
            "backend": backend,
            "bytes": read.map(|(bytes, _)| bytes),
            "checksum": read.map(|(_, checksum)| format!("{checksum:08x}")),
        })
    };
    plugins.map(one).collect()
}

fn checksum(file: &Path) -> io::Result<(u64, u32)> {
    if !file.is_file() {
        return Err(io::Error::other("no regular file")); // a pipe may have no end
    }
    let (mut file, mut crc) = (File::open(file)?, Crc::new());
    let (mut block, mut bytes) = ([0; 1 << 14], 0);
    loop {
        let read = file.read(&mut block)?;
        if read == 0 {
            return Ok((bytes, crc.sum()));
        }
        crc.update(&block[..read]);
        bytes += read as u64;
    }
}
