//! Why a file is no plugin, in words that name the file and the way out. `library` finds these.

use std::path::PathBuf;

/// Why a file cannot be used as a plugin.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{}: {why}", path.display().to_string().escape_debug())]
pub struct PluginError {
    /// The file, as it was looked for: an absolute path.
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: NoPlugin,
}

/// What is wrong with a file that is to be a plugin.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NoPlugin {
    /// No path was given.
    #[error("name the shared object of the plugin, as plugin:./libmine.so")]
    NoPath,
    /// It cannot be looked at: mostly, it does not exist.
    #[error("cannot be opened: {0}")]
    Unreadable(String),
    /// It is a folder, or a device.
    #[error("is not a file; name the shared object of the plugin")]
    NotAFile,
    /// The system's loader refuses it.
    #[error("is not a shared object that this system loads: {0}")]
    NotLoadable(String),
    /// It has not the one function that makes it a plugin.
    #[error(
        "has no function physseg_backend_v1: it must be exported as physseg_backend.h shows \
         (in C++ as extern \"C\")"
    )]
    NoEntry,
    /// The function returned a null pointer.
    #[error("physseg_backend_v1() returned NULL instead of a backend")]
    Null,
    /// The function returned a pointer to what cannot be a backend.
    #[error("physseg_backend_v1() returned {0:#x}, which no struct can lie at")]
    Misaligned(usize),
    /// It speaks another version of the interface.
    #[error(
        "has version {found} of the interface, this program needs {expected}: build it anew with the \
         header of this program (plugin/include/physseg_backend.h)"
    )]
    OtherVersion {
        /// Its `abi_version`.
        found: u32,
        /// The one that this program speaks.
        expected: u32,
    },
    /// Its struct is smaller than the interface's.
    #[error(
        "struct_size is {found}, the interface has {expected} bytes: set it to \
         sizeof(struct physseg_backend), and build with the header of this program"
    )]
    TooSmall {
        /// Its `struct_size`.
        found: u32,
        /// Bytes of the struct.
        expected: usize,
    },
    /// `flags` or `reserved` holds something that this version does not have.
    #[error("{field} is {found:#x}, which version 1 of the interface does not have")]
    UnknownBits {
        /// Which field.
        field: &'static str,
        /// What it holds.
        found: u32,
    },
    /// Functions that must be there are not.
    #[error("{0} missing (NULL), which every backend must have")]
    Missing(String),
    /// There is no function to find anything with.
    #[error("neither find nor find_batch is there: one of them must be")]
    NothingFinds,
    /// Its name or version is not what the header demands.
    #[error("{field} is {found}; it must be {demanded}")]
    BadText {
        /// `name` or `version`.
        field: &'static str,
        /// What was found, quoted.
        found: String,
        /// What the header demands.
        demanded: &'static str,
    },
    /// It is asked for in a way that it does not have.
    #[error("has no find, which @single measures; leave @single out")]
    NoSingle,
}
