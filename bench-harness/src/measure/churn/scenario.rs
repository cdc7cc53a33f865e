//! The scenarios by name.

use std::fmt;
use std::str::FromStr;

use crate::names::UnknownName;

/// A way of changing a table.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scenario {
    /// The table is made: the segments that a layout comes to are loaded, and boot ends.
    Build,
    /// 1 to 7 of every 8 frames go, from the lowest to the highest, as the paper fragments.
    Fragment,
    /// A balloon: blocks of 8 frames go in random order until half of them are gone.
    Inflate,
    /// The same blocks come back, in another random order. Segments that touch stay apart.
    Deflate,
    /// Whole segments of the layout go in random order, half of them, and come back in another.
    Replug,
}

impl Scenario {
    /// All of them, in the order in which they are measured.
    pub const ALL: [Self; 5] =
        [Self::Build, Self::Fragment, Self::Inflate, Self::Deflate, Self::Replug];

    /// Whether segments come in it after boot, on any layout.
    pub(super) fn plugs(self) -> bool {
        matches!(self, Self::Deflate | Self::Replug)
    }

    /// Whether segments lose frames from their middle in it, on any layout that is large enough.
    pub(super) fn splits(self) -> bool {
        matches!(self, Self::Fragment | Self::Inflate | Self::Deflate)
    }

    /// As command line and records name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Build => "build",
            Self::Fragment => "fragment",
            Self::Inflate => "inflate",
            Self::Deflate => "deflate",
            Self::Replug => "replug",
        }
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Scenario {
    type Err = UnknownName;

    fn from_str(name: &str) -> Result<Self, UnknownName> {
        Self::ALL
            .into_iter()
            .find(|scenario| scenario.as_str() == name)
            .ok_or_else(|| UnknownName::new("scenario", name, &Self::ALL.map(Self::as_str)))
    }
}
