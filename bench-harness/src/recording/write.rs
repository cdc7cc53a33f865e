//! Addresses into the bytes of a recording, one after the other: they are compressed as they come, so that
//! what waits for the end is two bytes an address or so.

use std::io::Write;

use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};

use super::format::{MAGIC, RawHead, VERSION};
use super::model::Head;
use super::varint;

/// Takes addresses.
#[derive(Debug)]
pub struct Encoder {
    body: ZlibEncoder<Vec<u8>>,
    scratch: Vec<u8>,
    before: u64,
    addresses: u64,
    lowest: u64,
    highest: u64,
}

impl Default for Encoder {
    fn default() -> Self {
        Self {
            body: ZlibEncoder::new(Vec::new(), Compression::best()),
            scratch: Vec::with_capacity(varint::BYTES_MAX),
            before: 0,
            addresses: 0,
            lowest: u64::MAX,
            highest: 0,
        }
    }
}

impl Encoder {
    /// The next frame, below the limit of its page size.
    pub fn push(&mut self, pfn: u64) {
        self.scratch.clear();
        varint::put(self.before, pfn, &mut self.scratch);
        // Into memory: cannot fail.
        let _ = self.body.write_all(&self.scratch);
        self.before = pfn;
        self.addresses += 1;
        self.lowest = self.lowest.min(pfn);
        self.highest = self.highest.max(pfn);
    }

    /// How many frames there are so far.
    pub fn addresses(&self) -> u64 {
        self.addresses
    }

    /// The lowest and the highest frame so far; `None` of none.
    pub fn ends(&self) -> Option<(u64, u64)> {
        (self.addresses > 0).then_some((self.lowest, self.highest))
    }

    /// The file, with `head` before the addresses.
    pub fn finish(self, head: &Head) -> Vec<u8> {
        let span = (self.lowest.min(self.highest), self.highest.saturating_add(1));
        let raw = RawHead::of(head, self.addresses, span);
        // Of strings and numbers alone: cannot fail.
        let line = serde_json::to_string(&raw).unwrap_or_default();
        let mut file = format!("{MAGIC}{VERSION}\n{line}\n").into_bytes();
        file.extend(self.body.finish().unwrap_or_default());
        let mut crc = Crc::new();
        crc.update(&file);
        file.extend(crc.sum().to_le_bytes());
        file
    }
}
