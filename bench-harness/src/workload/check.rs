//! Whether a workload can do what it says on a layout with a generator.

use super::atf::to_bytes;
use super::{Generator, Present, Random3, RngKind, WorkloadKind, Xoshiro};
use crate::layout::Layout;

/// Why a workload and a layout do not fit together.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkloadError {
    /// Some frames could never be drawn.
    #[error(
        "workload {workload}: the lookup range of layout {layout} has {frames} frames, and rng {rng} \
         only {} different values; use --rng xoshiro256++",
        1_u64 << bits
    )]
    TooFewBits {
        /// The workload.
        workload: WorkloadKind,
        /// The layout.
        layout: String,
        /// Frames in its lookup range.
        frames: u64,
        /// The generator.
        rng: &'static str,
        /// Its bits.
        bits: u32,
    },
    /// The original's 31-bit addresses do not reach the end.
    #[error(
        "workload atf: the lookup range of layout {layout} ends at byte {end}, and its addresses \
         have 31 bits (2147483648 bytes at most), as random() in the original; use --workload \
         uniform"
    )]
    BeyondRandom {
        /// The layout.
        layout: String,
        /// Address of the first byte after its lookup range.
        end: u64,
    },
    /// There is nothing that could be hit.
    #[error(
        "workload hits: no frame of the lookup range of layout {layout} is present, so no lookup can \
         hit; use --workload uniform, or another layout"
    )]
    NoFrames {
        /// The layout.
        layout: String,
    },
    /// None of the addresses lie in the layout.
    #[error(
        "workload {workload}: none of its {addresses} addresses lie in a segment of layout {layout}, so no lookup \
         can hit; use --layout {workload} for the layout that they were recorded on, if it is in the file, or \
         another layout"
    )]
    Elsewhere {
        /// The workload.
        workload: WorkloadKind,
        /// How many addresses it has.
        addresses: usize,
        /// The layout.
        layout: String,
    },
    /// Frames of another size.
    #[error(
        "workload {workload}: its frames have {recorded} bytes, and those of layout {layout} {bytes}; use a \
         layout of the machine that it was recorded on"
    )]
    OtherPages {
        /// The workload.
        workload: WorkloadKind,
        /// The layout.
        layout: String,
        /// Bytes of the recorded pages.
        recorded: u64,
        /// Bytes of the layout's.
        bytes: u64,
    },
    /// There is nothing that could be missed.
    #[error(
        "workload misses: the lookup range of layout {layout} has no holes, so no lookup can miss; \
         use --workload hits, or a layout with holes"
    )]
    NoHoles {
        /// The layout.
        layout: String,
    },
}

/// Whether `workload` reaches all it should of `layout`'s lookup range, of which `present` knows what
/// is there, with draws from `rng`.
///
/// # Errors
///
/// What is out of reach, and which other choice would do.
pub fn check(
    workload: WorkloadKind,
    rng: RngKind,
    layout: &Layout,
    present: &Present,
) -> Result<(), WorkloadError> {
    let range = layout.lookups.range;
    let name = || layout.name.clone();
    match workload {
        WorkloadKind::Uniform | WorkloadKind::Repeat(_) | WorkloadKind::Sequential => {
            enough_bits(workload, rng, layout, range.frames())
        }
        WorkloadKind::Hits if present.frames() == 0 => {
            Err(WorkloadError::NoFrames { layout: name() })
        }
        WorkloadKind::Hits => enough_bits(workload, rng, layout, present.frames()),
        WorkloadKind::Misses if present.holes() == 0 => {
            Err(WorkloadError::NoHoles { layout: name() })
        }
        WorkloadKind::Misses => enough_bits(workload, rng, layout, present.holes()),
        WorkloadKind::Zipf(_) => Ok(()), // takes as many draws as it needs
        WorkloadKind::Recorded(what) => {
            let recording = what.recording();
            let (recorded, bytes) = (recording.head.page_size.bytes(), layout.page_size.bytes());
            if recorded != bytes {
                return Err(WorkloadError::OtherPages {
                    workload,
                    layout: name(),
                    recorded,
                    bytes,
                });
            }
            if !recording.meets(present.segments()) {
                let addresses = recording.pfns.len();
                return Err(WorkloadError::Elsewhere { workload, addresses, layout: name() });
            }
            Ok(())
        }
        WorkloadKind::Atf => {
            let end = to_bytes(range.end(), layout.page_size);
            if end > 1 << 31 {
                return Err(WorkloadError::BeyondRandom { layout: name(), end });
            }
            Ok(())
        }
    }
}

/// Whether each of `values` can come out of one draw.
fn enough_bits(
    workload: WorkloadKind,
    rng: RngKind,
    layout: &Layout,
    values: u64,
) -> Result<(), WorkloadError> {
    let bits = match rng {
        RngKind::Xoshiro256pp => Xoshiro::BITS,
        RngKind::Random3 => Random3::BITS,
    };
    if u128::from(values) <= 1 << bits {
        return Ok(());
    }
    Err(WorkloadError::TooFewBits {
        workload,
        layout: layout.name.clone(),
        frames: layout.lookups.range.frames(),
        rng: rng.as_str(),
        bits,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::layout::open;
    use physseg::{FrameRange, Pfn};

    fn check(workload: WorkloadKind, rng: RngKind, layout: &Layout) -> Result<(), WorkloadError> {
        let segments = Arc::new(layout.final_segments().unwrap());
        super::check(workload, rng, layout, &Present::new(segments, layout.lookups.range))
    }

    fn ending_at(frames: u64) -> Layout {
        let mut layout = open("frag-1mb").unwrap();
        layout.lookups.range = FrameRange::new(Pfn::ZERO, Pfn::new(frames)).unwrap();
        layout
    }

    #[test]
    fn random3_reaches_31_bits_of_frames_and_xoshiro_all() {
        let (fits, too_large) = (ending_at(1 << 31), ending_at((1 << 31) + 1));
        for rng in RngKind::ALL {
            assert_eq!(check(WorkloadKind::Uniform, rng, &fits), Ok(()));
        }
        let uniform = WorkloadKind::Uniform;
        assert_eq!(check(uniform, RngKind::Xoshiro256pp, &too_large), Ok(()));
        let message = check(uniform, RngKind::Random3, &too_large).unwrap_err().to_string();
        assert!(message.contains("2147483649 frames"), "{message}");
        assert!(message.contains("--rng xoshiro256++"), "{message}");
    }

    #[test]
    fn atf_reaches_31_bits_of_bytes_with_any_generator() {
        for rng in RngKind::ALL {
            assert_eq!(check(WorkloadKind::Atf, rng, &ending_at(1 << 19)), Ok(()));
            let error = check(WorkloadKind::Atf, rng, &ending_at((1 << 19) + 1)).unwrap_err();
            assert!(error.to_string().contains("--workload uniform"), "{error}");
        }
    }

    #[test]
    fn hits_need_frames_and_misses_holes() {
        let xoshiro = RngKind::Xoshiro256pp;
        let full = open("paper-32x8").unwrap();
        assert_eq!(check(WorkloadKind::Hits, xoshiro, &full), Ok(()));
        let message = check(WorkloadKind::Misses, xoshiro, &full).unwrap_err().to_string();
        assert!(message.contains("layout paper-32x8 has no holes"), "{message}");
        let holes = open("frag-1mb").unwrap();
        assert_eq!(check(WorkloadKind::Misses, xoshiro, &holes), Ok(()));
        let mut beyond = holes;
        beyond.lookups.range = FrameRange::new(Pfn::new(1 << 30), Pfn::new(1 << 31)).unwrap();
        assert_eq!(check(WorkloadKind::Misses, xoshiro, &beyond), Ok(()));
        let message = check(WorkloadKind::Hits, xoshiro, &beyond).unwrap_err().to_string();
        assert!(message.contains("layout frag-1mb is present"), "{message}");
    }
}
