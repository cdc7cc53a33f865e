//! Layouts: memory maps to build segment tables from, as a name and the steps that lead there.
//!
//! A layout comes from a TOML file ([`open`] reads any path), from the files compiled into the
//! program ([`shipped`]), or from the running machine (`this-machine`). Whatever is wrong with it is
//! a [`LayoutError`] naming file, line and step. [`Layout::operations`] says what to do to a table,
//! [`Layout::final_segments`] what must then be there, found without any segment table.
//!
//! Commands, `measure` and the criterion benches use this module; it uses `physseg`'s address types
//! only.

pub mod build;
mod check;
mod error;
mod expand;
mod file;
pub mod import;
mod iomem;
mod live;
mod model;
mod open;
mod recorded;
mod segments;
mod shipped;
pub(crate) mod show;

pub use error::{LayoutError, Problem};
pub use expand::StepOperations;
pub use model::{Every, Layout, LookupRange, Operation, Origin, Step, StepKind};
pub use open::{THIS_MACHINE, names, of_text, open};
pub use shipped::{Shipped, shipped};
pub use show::show;

/// The largest layout file that is read, in bytes.
pub const FILE_BYTES_MAX: u64 = 64 << 20;

/// The most segments a layout may come to. Four times the 33.5 million of a fragmented TiB; a slip
/// like `split = 1` over all addresses must not end in memory running out.
pub const SEGMENTS_MAX: u64 = 1 << 27;

/// The capacity of the paper's array, for layouts that name none.
const PHYSSEG_MAX_DEFAULT: usize = 32;
