//! The file of a recording, version 1.
//!
//! ```text
//! bench-harness recording 1\n
//! {"name":"...","description":"...","source":"ftrace","page_size":4096,"addresses":N,
//!  "start":LOWEST,"end":HIGHEST+1,"map":{"name":"...","segments":[[START,END],...]}}\n
//! zlib stream of the frames: difference to the one before, folded, seven bits a byte
//! CRC-32 of all bytes before, little endian
//! ```
//!
//! The second line is one line; `head -2` shows what a file is. The first difference is to frame 0.
//! Only [`read`](super::read) and [`write`](super::write) use this.

use physseg::{FrameRange, PageSize};
use serde::{Deserialize, Serialize};

use super::model::{Head, Map, Source, check_name, segments_of};
use super::{ADDRESSES_MAX, Problem, SEGMENTS_MAX};

/// How a recording begins, up to its version.
pub(super) const MAGIC: &str = "bench-harness recording ";

/// The version written and read.
pub(super) const VERSION: &str = "1";

/// Bytes of the checksum at the end.
pub(super) const CHECKSUM_BYTES: usize = 4;

/// The second line.
#[derive(Serialize, Deserialize)]
pub(super) struct RawHead {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) source: String,
    pub(super) page_size: u64,
    pub(super) addresses: u64,
    pub(super) start: u64,
    pub(super) end: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) map: Option<RawMap>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct RawMap {
    pub(super) name: String,
    pub(super) segments: Vec<(u64, u64)>,
}

impl RawHead {
    /// What is written of `head`, with so many addresses from `start` up to `end`.
    pub(super) fn of(head: &Head, addresses: u64, (start, end): (u64, u64)) -> Self {
        let pair = |segment: &FrameRange| (segment.start().get(), segment.end().get());
        let raw = |map: &Map| RawMap {
            name: map.name.clone(),
            segments: map.segments.iter().map(pair).collect(),
        };
        Self {
            name: head.name.clone(),
            description: head.description.clone(),
            source: head.source.name().to_owned(),
            page_size: head.page_size.bytes(),
            addresses,
            start,
            end,
            map: head.map.as_ref().map(raw),
        }
    }

    /// What it says, checked.
    pub(super) fn checked(&self) -> Result<Head, Problem> {
        let wrong = |what: &str| Problem::Head(what.to_owned());
        if !check_name(&self.name) {
            return Err(wrong(
                "a name of 1 to 80 characters without control characters is missing",
            ));
        }
        if self.description.chars().any(char::is_control) {
            return Err(wrong("control characters in the description"));
        }
        let page_size =
            PageSize::new(self.page_size).ok_or_else(|| wrong("page_size is no size of pages"))?;
        let source =
            Source::named(&self.source).ok_or_else(|| wrong("a source that is not known"))?;
        if self.addresses > ADDRESSES_MAX {
            return Err(Problem::TooLarge);
        }
        let fits = self.start < self.end && self.end <= page_size.frame_limit().get();
        if self.addresses == 0 || !fits {
            return Err(wrong("no addresses, or beyond 2^52 bytes"));
        }
        let map = self.map.as_ref().map(|map| {
            if map.segments.len() > SEGMENTS_MAX {
                return Err(Problem::TooLarge);
            }
            let segments = segments_of(&map.segments, page_size);
            match segments.filter(|segments| !segments.is_empty() && check_name(&map.name)) {
                Some(segments) => Ok(Map { name: map.name.clone(), segments }),
                None => Err(wrong("segments that overlap, do not ascend, or have no name")),
            }
        });
        Ok(Head {
            name: self.name.clone(),
            description: self.description.clone(),
            source,
            page_size,
            map: map.transpose()?,
        })
    }
}
