//! Workload `recorded:NAME|FILE`: the addresses that a running system touched, in the order in which it did.
//!
//! A batch begins at an address of the recording that its seed decides, and goes on from the first where the
//! last one ends, so that rounds are about different stretches and still the same from run to run. What
//! lies in no segment of the layout is a miss, as any other address would be.

use std::fmt;
use std::hash::{Hash, Hasher};

use physseg::Pfn;

use super::{Addresses, Generator};
use crate::recording::{self, Recording, RecordingError};

/// A recording, by what was typed to name it. Small, so that it is copied into every batch; what it refers to
/// stays as long as the program runs.
#[derive(Clone, Copy)]
pub struct Replayed {
    typed: &'static str,
    recording: &'static Recording,
}

impl Replayed {
    /// The recording that `typed` names: one that comes with the program, or a file. It is read here, once.
    ///
    /// # Errors
    /// Neither a name nor a file, or what is wrong in the file.
    pub fn named(typed: &str) -> Result<Self, RecordingError> {
        let (typed, recording) = recording::open(typed)?;
        Ok(Self { typed, recording })
    }

    /// One that is at hand.
    #[cfg(test)]
    pub(crate) fn of(typed: &'static str, recording: &'static Recording) -> Self {
        Self { typed, recording }
    }

    /// What was recorded.
    pub fn recording(self) -> &'static Recording {
        self.recording
    }

    /// What was typed to name it, behind `recorded:`.
    pub fn typed(self) -> &'static str {
        self.typed
    }
}

impl PartialEq for Replayed {
    fn eq(&self, other: &Self) -> bool {
        self.typed == other.typed && self.recording.checksum == other.recording.checksum
    }
}

impl Eq for Replayed {}

impl Hash for Replayed {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.typed.hash(state);
    }
}

impl fmt::Debug for Replayed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({:08x})", self.typed, self.recording.checksum)
    }
}

impl fmt::Display for Replayed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", recording::PREFIX, self.typed)
    }
}

/// A recording from somewhere on, over and over.
#[derive(Clone, Debug)]
pub struct Recorded {
    recording: &'static Recording,
    next: usize,
}

impl Recorded {
    /// Begins at an address that `seed` decides. No recording that was read is empty.
    pub fn from_seed<G: Generator>(replayed: Replayed, seed: u64) -> Self {
        let recording = replayed.recording;
        // At most 2^26, by the reader.
        let next = usize::try_from(G::seeded(seed).below(recording.pfns.len() as u64)).unwrap_or(0);
        Self { recording, next }
    }
}

impl Addresses for Recorded {
    #[inline]
    fn next_pfn(&mut self) -> Pfn {
        let pfn = self.recording.pfns.get(self.next);
        self.next += 1;
        if self.next >= self.recording.pfns.len() {
            self.next = 0;
        }
        pfn
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, LazyLock};

    use physseg::{FrameRange, PageSize};

    use super::*;
    use crate::layout::open;
    use crate::recording::{Head, Source};
    use crate::workload::{Present, RngKind, WorkloadError, WorkloadKind, Xoshiro, check};

    static RECORDING: LazyLock<Recording> = LazyLock::new(|| Recording {
        head: Head {
            name: "some".to_owned(),
            description: String::new(),
            source: Source::Text,
            page_size: PageSize::FOUR_KIB,
            map: None,
        },
        pfns: [300, 301, 5, 1 << 39, 302, 300].map(Pfn::new).into_iter().collect(),
        checksum: 7,
    });

    fn replayed() -> Replayed {
        Replayed::of("some.pfns", &RECORDING)
    }

    #[test]
    fn addresses_come_in_their_order_and_begin_again() {
        let all: Vec<Pfn> = RECORDING.pfns.iter().collect();
        let mut begins = std::collections::BTreeSet::new();
        for seed in 0..100 {
            let mut recorded = Recorded::from_seed::<Xoshiro>(replayed(), seed);
            begins.insert(recorded.next);
            let begin = recorded.next;
            for (_, &expected) in (0..20).zip(all.iter().cycle().skip(begin)) {
                assert_eq!(recorded.next_pfn(), expected, "seed {seed}");
            }
        }
        assert_eq!(begins.len(), all.len(), "every address is a beginning");
    }

    #[test]
    fn a_layout_fits_if_its_pages_are_of_that_size_and_it_has_any_of_the_addresses() {
        let workload = WorkloadKind::Recorded(replayed());
        assert_eq!(workload.to_string(), "recorded:some.pfns");
        let fits = |name: &str, page_bytes| {
            let mut layout = open(name).expect("shipped");
            layout.page_size = PageSize::new(page_bytes).expect("a size");
            let segments = Arc::new(layout.final_segments().expect("valid"));
            let present = Present::new(segments, layout.lookups.range);
            check(workload, RngKind::Random3, &layout, &present)
        };
        assert_eq!(fits("paper-32x8", 4096), Ok(()), "frame 5 is in it");
        let error = fits("paper-32x8", 65_536).expect_err("other pages");
        assert!(matches!(error, WorkloadError::OtherPages { recorded: 4096, bytes: 65_536, .. }));
        let layout = open("paper-32x8").expect("shipped");
        let beyond = FrameRange::new(Pfn::new(6), Pfn::new(300)).expect("frames");
        let present = Present::new(Arc::new(vec![beyond]), beyond);
        let error = check(workload, RngKind::Random3, &layout, &present).expect_err("elsewhere");
        let message = error.to_string();
        assert!(message.contains("none of its 6 addresses"), "{message}");
        assert!(message.contains("--layout recorded:some.pfns"), "{message}");
    }

    #[test]
    fn names_of_recordings_that_cannot_be_had_are_refused_with_the_reason() {
        let error =
            "recorded:no/such.pfns".parse::<WorkloadKind>().expect_err("refused").to_string();
        assert!(
            error.contains("recorded:no/such.pfns") && error.contains("cannot be read"),
            "{error}"
        );
        let error = "recorded".parse::<WorkloadKind>().expect_err("refused").to_string();
        assert!(error.contains("recorded:FILE"), "{error}");
    }
}
