//! Backends of this program, driven through the plugins' interface: what the interface costs.
//!
//! A plugin differs from a built-in backend in two ways: what its code does, and how it is called. These two
//! controls have the second without the first. `abi:null` answers without a search, so that its time is
//! that of the calls and of handing over the answers; `abi:array` is the built-in array, searched by the same code
//! as `array` but behind function pointers. They need no compiler and no file: their tables of functions are
//! filled in here, with `extern "C"` functions as a library would export them, and everything behind
//! [`Library`](super::Library) is what plugins go through.

mod array;
mod null;

use super::abi;
use super::library::Functions;

/// A control.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Own {
    /// Answers without a search.
    Null,
    /// The built-in array, loaded at boot.
    Array,
}

impl Own {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Null, Self::Array];

    /// What the command line calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "abi:null",
            Self::Array => "abi:array",
        }
    }

    /// What it is, in one line.
    pub fn description(self) -> &'static str {
        match self {
            Self::Null => "control: what a plugin's calls cost, without any search behind them",
            Self::Array => "control: the built-in array, called as a plugin is",
        }
    }

    pub(super) fn flags(self) -> u32 {
        match self {
            Self::Null => abi::FLAG_NULL,
            Self::Array => abi::FLAG_LINEAR_UPDATES,
        }
    }

    pub(super) fn functions(self) -> Functions {
        match self {
            Self::Null => null::FUNCTIONS,
            Self::Array => array::FUNCTIONS,
        }
    }
}
