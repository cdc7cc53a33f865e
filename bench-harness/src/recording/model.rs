//! What a recording is: frames in their order, and where they come from.

use std::fmt;

use physseg::{FrameRange, PageSize, Pfn};

/// The longest name, in characters.
const NAME_CHARS_MAX: usize = 80;

/// Addresses that were recorded, in memory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recording {
    /// What it says about itself.
    pub head: Head,
    /// The frames, first to last.
    pub pfns: Pfns,
    /// CRC-32 of the file that it was read from: what tells two recordings of one name apart.
    pub checksum: u32,
}

/// What a recording says about itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// Its name; no control characters, 1 to 80 characters.
    pub name: String,
    /// What was recorded and how, for people.
    pub description: String,
    /// In which form the addresses came.
    pub source: Source,
    /// The unit of its frames.
    pub page_size: PageSize,
    /// Where it was recorded, if that is known.
    pub map: Option<Map>,
}

/// The memory that a recording was made on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Map {
    /// What the layout was called.
    pub name: String,
    /// Its segments, ascending and disjoint.
    pub segments: Vec<FrameRange>,
}

/// In which form addresses came.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Source {
    /// Events of the kernel's own tracer, as tracefs or trace-cmd print them.
    Ftrace,
    /// The same events, as `perf script` prints them.
    PerfScript,
    /// What /proc/PID/pagemap says.
    Pagemap,
    /// Plain numbers.
    Text,
}

/// Frames, in half the space where they fit: a machine of 16 TiB has 2^32 frames of 4 KiB.
#[derive(Clone, PartialEq, Eq)]
pub enum Pfns {
    /// All below 2^32.
    Narrow(Vec<u32>),
    /// Some are not.
    Wide(Vec<u64>),
}

impl Source {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Ftrace, Self::PerfScript, Self::Pagemap, Self::Text];

    /// Its name on the command line and in files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ftrace => "ftrace",
            Self::PerfScript => "perf-script",
            Self::Pagemap => "pagemap",
            Self::Text => "text",
        }
    }

    /// The source of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.name() == name)
    }

    /// What it looks like.
    pub const fn example(self) -> &'static str {
        match self {
            Self::Ftrace => {
                "cc1-812 [001] ..... 64.5: mm_page_alloc: page=... pfn=0x1a2b order=0 ..."
            }
            Self::PerfScript => {
                "cc1 812 [001] 64.5: kmem:mm_page_alloc: page=... pfn=0x1a2b order=0 ..."
            }
            Self::Pagemap => "8180000000001a2b",
            Self::Text => "0x1a2b",
        }
    }

    /// What makes such a file.
    pub const fn made_by(self) -> &'static str {
        match self {
            Self::Ftrace => "/sys/kernel/tracing/trace, trace_pipe or `trace-cmd report`",
            Self::PerfScript => {
                "`perf record -e kmem:mm_page_alloc,kmem:mm_page_free -a`, then `perf script`"
            }
            Self::Pagemap => "/proc/PID/pagemap read as root, or `page-types -p PID -L`",
            Self::Text => "anything that prints page frames, or byte addresses with --unit address",
        }
    }
}

impl Pfns {
    /// Nothing yet.
    pub const EMPTY: Self = Self::Narrow(Vec::new());

    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Self::Narrow(pfns) => pfns.len(),
            Self::Wide(pfns) => pfns.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The one at `index`, which is below [`len`](Self::len); the last one beyond it, frame 0 of none.
    #[inline]
    pub fn get(&self, index: usize) -> Pfn {
        let number = match self {
            Self::Narrow(pfns) => pfns.get(index).or(pfns.last()).map(|&pfn| u64::from(pfn)),
            Self::Wide(pfns) => pfns.get(index).or(pfns.last()).copied(),
        };
        Pfn::new(number.unwrap_or(0))
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Pfn> + Clone + '_ {
        (0..self.len()).map(|index| self.get(index))
    }

    /// Appends one; `false` where there is no memory for it.
    pub(super) fn push(&mut self, pfn: u64) -> bool {
        if let (Self::Narrow(narrow), Err(_)) = (&*self, u32::try_from(pfn)) {
            let mut wide = Vec::new();
            if wide.try_reserve(narrow.len() + 1).is_err() {
                return false;
            }
            wide.extend(narrow.iter().map(|&pfn| u64::from(pfn)));
            *self = Self::Wide(wide);
        }
        match self {
            Self::Narrow(pfns) => {
                let fits = pfns.try_reserve(1).is_ok();
                if let (true, Ok(pfn)) = (fits, u32::try_from(pfn)) {
                    pfns.push(pfn);
                }
                fits
            }
            Self::Wide(pfns) => {
                let fits = pfns.try_reserve(1).is_ok();
                if fits {
                    pfns.push(pfn);
                }
                fits
            }
        }
    }
}

impl FromIterator<Pfn> for Pfns {
    fn from_iter<I: IntoIterator<Item = Pfn>>(pfns: I) -> Self {
        let mut all = Self::EMPTY;
        for pfn in pfns {
            if !all.push(pfn.get()) {
                break;
            }
        }
        all
    }
}

impl fmt::Debug for Pfns {
    /// Their number: millions of them help nobody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} frames", self.len())
    }
}

impl Recording {
    /// From the lowest frame to the highest; `None` of no frames.
    pub fn span(&self) -> Option<FrameRange> {
        let lowest = self.pfns.iter().min()?;
        let highest = self.pfns.iter().max()?;
        FrameRange::new(lowest, highest.checked_add(1)?)
    }

    /// How many of its addresses lie in one of `segments`, which ascend and are disjoint.
    pub fn found_in(&self, segments: &[FrameRange]) -> u64 {
        let mut last = None;
        self.pfns.iter().filter(|&pfn| is_in(segments, &mut last, pfn)).count() as u64
    }

    /// Whether any of its addresses lies in one of `segments`.
    pub fn meets(&self, segments: &[FrameRange]) -> bool {
        let mut last = None;
        self.pfns.iter().any(|pfn| is_in(segments, &mut last, pfn))
    }
}

/// Whether a segment has `pfn`, beginning with the one found last.
fn is_in(segments: &[FrameRange], last: &mut Option<FrameRange>, pfn: Pfn) -> bool {
    if last.is_some_and(|segment| segment.contains(pfn)) {
        return true;
    }
    let above = segments.partition_point(|segment| segment.start() <= pfn);
    let below = above.checked_sub(1).and_then(|index| segments.get(index));
    let found = below.copied().filter(|segment| segment.contains(pfn));
    *last = found.or(*last);
    found.is_some()
}

/// The segment of each pair, if they ascend and are disjoint.
pub fn segments_of(pairs: &[(u64, u64)], page_size: PageSize) -> Option<Vec<FrameRange>> {
    let limit = page_size.frame_limit();
    let ranges = pairs.iter().map(|&(start, end)| FrameRange::new(Pfn::new(start), Pfn::new(end)));
    let ranges = ranges.collect::<Option<Vec<_>>>()?;
    let apart = ranges.windows(2).all(|pair| pair[0].end() <= pair[1].start());
    (apart && ranges.last().is_none_or(|last| last.end() <= limit)).then_some(ranges)
}

/// Whether a recording can be called that: it is printed, and stands in file names.
pub fn check_name(name: &str) -> bool {
    let length = name.chars().count();
    !name.trim().is_empty() && length <= NAME_CHARS_MAX && !name.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording(pfns: &[u64]) -> Recording {
        let head = Head {
            name: "r".to_owned(),
            description: String::new(),
            source: Source::Text,
            page_size: PageSize::FOUR_KIB,
            map: None,
        };
        Recording { head, pfns: pfns.iter().copied().map(Pfn::new).collect(), checksum: 0 }
    }

    #[test]
    fn frames_widen_when_they_have_to_and_stay_what_they_are() {
        let numbers = [7, u64::from(u32::MAX), 3, 1 << 32, 5];
        let narrow = recording(&numbers[..3]).pfns;
        assert!(matches!(narrow, Pfns::Narrow(_)));
        let wide = recording(&numbers).pfns;
        assert!(matches!(wide, Pfns::Wide(_)));
        assert_eq!(wide.iter().map(Pfn::get).collect::<Vec<_>>(), numbers);
        assert_eq!(wide.get(99).get(), 5);
        assert_eq!((Pfns::EMPTY.get(0), Pfns::EMPTY.len()), (Pfn::ZERO, 0));
    }

    #[test]
    fn addresses_are_found_where_segments_are() {
        let segments = segments_of(&[(8, 16), (24, 32)], PageSize::FOUR_KIB).expect("apart");
        let all = recording(&[7, 8, 15, 16, 20, 24, 31, 32, 1 << 39, 9]);
        assert_eq!(all.found_in(&segments), 5);
        assert!(all.meets(&segments) && !recording(&[0, 16, 32]).meets(&segments));
        assert_eq!(recording(&[]).span(), None);
        let span = recording(&[9, 4, 6]).span().expect("three");
        assert_eq!((span.start().get(), span.end().get()), (4, 10));
    }

    #[test]
    fn segments_ascend_and_end_below_the_last_address() {
        for pairs in
            [&[(8, 8)][..], &[(8, 16), (15, 20)], &[(8, 16), (0, 4)], &[(0, (1 << 40) + 1)]]
        {
            assert_eq!(segments_of(pairs, PageSize::FOUR_KIB), None, "{pairs:?}");
        }
        assert!(segments_of(&[(0, 8), (8, 1 << 40)], PageSize::FOUR_KIB).is_some());
    }
}
