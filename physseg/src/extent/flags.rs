//! What a caller allows or asks for: the flags of extent(9), and what is left of them here.

use core::fmt;
use core::ops::BitOr;

/// Flags of an extent's calls. They combine with `|`, and have the values of extent(9).
///
/// The original may put a caller to sleep until another one frees something. Here a call borrows
/// the extent alone, so nobody could ever wake it. The flags that allow sleep are kept, because
/// they say *why* a request is not refused for good: where the original would sleep, the answer is
/// [`WouldBlock`](super::ExtentError::WouldBlock).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Flags(u16);

impl Flags {
    /// No sleep: what cannot be had now is refused. The default.
    pub const NOWAIT: Self = Self(0);
    /// May sleep until there is a region descriptor: where none can be had, the answer is
    /// `WouldBlock` instead of `NoDescriptor` or `NoMemory`.
    pub const WAITOK: Self = Self(1);
    /// Take the first place that fits (lowest address). Without it: the best, which is the
    /// shortest free run that fits and, among equally short ones, the lowest.
    pub const FAST: Self = Self(1 << 1);
    /// A signal may interrupt the sleep. Nobody sleeps, so this has no effect.
    pub const CATCH: Self = Self(1 << 2);
    /// On creation: adjacent regions stay apart, and can only be freed as a whole.
    pub const NOCOALESCE: Self = Self(1 << 3);
    /// An extent with fixed storage may take a further descriptor from the heap when its own are
    /// used up. Descriptors from the heap are the first to go back when regions go.
    pub const MALLOCOK: Self = Self(1 << 4);
    /// May sleep until there is space: where it is taken now but a request could be met some day,
    /// the answer is `WouldBlock` instead of `NoSpace`.
    pub const WAITSPACE: Self = Self(1 << 5);
    /// Boundary lines are multiples of the boundary. Without it they are counted from the extent's
    /// start.
    pub const BOUNDZERO: Self = Self(1 << 6);
    /// On creation: everything is allocated, as one region (from OpenBSD's extent(9)).
    pub const FILLED: Self = Self(1 << 8);

    /// Names for printing.
    const NAMES: [(Self, &'static str); 8] = [
        (Self::WAITOK, "WAITOK"),
        (Self::FAST, "FAST"),
        (Self::CATCH, "CATCH"),
        (Self::NOCOALESCE, "NOCOALESCE"),
        (Self::MALLOCOK, "MALLOCOK"),
        (Self::WAITSPACE, "WAITSPACE"),
        (Self::BOUNDZERO, "BOUNDZERO"),
        (Self::FILLED, "FILLED"),
    ];

    /// Whether all flags of `others` are set.
    pub const fn contains(self, others: Self) -> bool {
        self.0 & others.0 == others.0
    }
}

impl BitOr for Flags {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Debug for Flags {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Flags(")?;
        let mut set = Self::NAMES.iter().filter(|(flag, _)| self.contains(*flag));
        f.write_str(set.next().map_or("NOWAIT", |(_, name)| name))?;
        for (_, name) in set {
            write!(f, " | {name}")?;
        }
        f.write_str(")")
    }
}

#[cfg(test)]
mod tests {
    use super::Flags;
    use alloc::format;

    #[test]
    fn flags_combine_and_print_by_name() {
        let both = Flags::FAST | Flags::BOUNDZERO;
        assert!(both.contains(Flags::FAST) && !both.contains(Flags::WAITOK));
        assert!(both.contains(Flags::NOWAIT), "not sleeping is no bit");
        assert_eq!(format!("{both:?}"), "Flags(FAST | BOUNDZERO)");
        assert_eq!(format!("{:?}", Flags::default()), "Flags(NOWAIT)");
    }
}
