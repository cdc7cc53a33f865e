//! Whether a workload can do what it says on a layout with a generator.

use super::atf::to_bytes;
use super::{Generator, Random3, RngKind, WorkloadKind, Xoshiro};
use crate::layout::Layout;

/// Why a workload and a layout do not fit together.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkloadError {
    /// Some frames could never be drawn.
    #[error(
        "workload uniform: the lookup range of layout {layout} has {frames} frames, and rng {rng} \
         only {} different values; use --rng xoshiro256++",
        1_u64 << bits
    )]
    TooFewBits {
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
}

/// Whether `workload` reaches all it should of `layout`'s lookup range with draws from `rng`.
///
/// # Errors
///
/// What is out of reach, and which other choice would do.
pub fn check(workload: WorkloadKind, rng: RngKind, layout: &Layout) -> Result<(), WorkloadError> {
    let range = layout.lookups.range;
    match workload {
        WorkloadKind::Uniform => {
            let bits = match rng {
                RngKind::Xoshiro256pp => Xoshiro::BITS,
                RngKind::Random3 => Random3::BITS,
            };
            if u128::from(range.frames()) > 1 << bits {
                return Err(WorkloadError::TooFewBits {
                    layout: layout.name.clone(),
                    frames: range.frames(),
                    rng: rng.as_str(),
                    bits,
                });
            }
        }
        WorkloadKind::Atf => {
            let end = to_bytes(range.end(), layout.page_size);
            if end > 1 << 31 {
                return Err(WorkloadError::BeyondRandom { layout: layout.name.clone(), end });
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::open;
    use physseg::{FrameRange, Pfn};

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
}
