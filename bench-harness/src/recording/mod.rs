//! Recorded addresses: the page frames that a running system touched, in their order, as a small file.
//!
//! Random lookups are not what a system does. So the frames that a kernel's allocator handed out and took
//! back are taken from its own trace ([`import`] reads what others recorded, [`live`] records here), kept
//! in a compact file ([`format`](mod@format) says how, [`write`](mod@write) and [`read`](mod@read) do it), and
//! replayed by the workload `recorded:FILE`. [`show`] says what is in one: how many frames, how far apart,
//! and how soon they come again ([`reuse`]), beside as many random ones.
//!
//! Used by the commands `workload` and `record-addresses`, by [`workload`](crate::workload), and by
//! [`layout`](crate::layout) for the layout that a recording was made on.

mod error;
mod format;
pub mod import;
pub mod live;
mod model;
mod open;
mod read;
pub mod reuse;
mod shipped;
mod show;
mod varint;
mod write;

pub use error::{Problem, RecordingError};
pub use model::{Head, Map, Pfns, Recording, Source, check_name, segments_of};
pub use open::{PREFIX, open};
pub use read::read;
pub use shipped::{Shipped, shipped};
pub use show::{Scene, show};
pub use write::Encoder;

/// The most addresses in a recording. They take 4 bytes each where the frames fit into 32 bits, else 8.
pub const ADDRESSES_MAX: u64 = 1 << 26;

/// The most segments of the layout that a recording was made on. No machine has a thousand; a
/// fragmented layout of this program has more, and is named beside the recording instead.
pub const SEGMENTS_MAX: usize = 1 << 14;

/// The largest file that is read: addresses at random compress to no less than five bytes.
const FILE_BYTES_MAX: u64 = 512 << 20;

/// The longest first lines: what a recording says about itself, segments included.
const HEAD_BYTES_MAX: usize = 1 << 20;
