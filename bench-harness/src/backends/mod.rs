//! Data structures of other people behind the `Backend` trait: what somebody would take who does not
//! want to write one.
//!
//! Each is a crate as its users have it, behind a feature of its name (all are on by default), so that
//! `physseg` stays without dependencies and a program can be built with none of them. The registry
//! names them; the tests hold them to what every backend has to pass.
//!
//! None of the crates hands its elements out for changing, as the table wants to have its records: a
//! changed key would be out of order. So the records stand beside the structure ([`records`]), and the
//! structure holds what it searches by, and the record's key.
//!
//! Out of memory, these crates end the program, where the backends of `physseg` refuse (but for
//! `btree`, which is the standard library's and ends it too): they have no other way to allocate. On
//! Linux, where memory is promised before it is there, the difference is seldom seen.

#[cfg(feature = "intrusive")]
mod intrusive;
#[cfg(feature = "rangemap")]
mod rangemap;
#[cfg(any(feature = "intrusive", feature = "rangemap", feature = "vm-memory"))]
pub mod records;
#[cfg(all(test, any(feature = "intrusive", feature = "rangemap", feature = "vm-memory")))]
mod tests;
#[cfg(feature = "vm-memory")]
mod vm_memory;

#[cfg(feature = "intrusive")]
pub use self::intrusive::Intrusive;
#[cfg(feature = "rangemap")]
pub use self::rangemap::RangeMap;
#[cfg(feature = "vm-memory")]
pub use self::vm_memory::VmMemory;
