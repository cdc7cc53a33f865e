//! Which vector instructions this processor has, and the system saves.
//!
//! `std::is_x86_feature_detected!` says it, but this crate is `no_std`; the few bits that matter are
//! asked for here as the manuals say (Intel SDM volume 1, 13.2 and 14.3; AMD APM volume 3, appendix
//! E). `cpuid` is slow in a virtual machine, which leaves it to the host, so that the answer is kept.
#![allow(unsafe_code)]

/// What there is of x86-64's vector instructions. Both count only with `popcnt`, which every
/// processor with AVX2 has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Vectors {
    pub(super) avx2: bool,
    pub(super) avx512f: bool,
}

/// Asks once, and answers what it was told then.
pub(super) fn vectors() -> Vectors {
    use core::sync::atomic::{AtomicU8, Ordering};

    const ASKED: u8 = 1;
    static ANSWER: AtomicU8 = AtomicU8::new(0);
    // Two threads that ask at a time get the same answer.
    let mut answer = ANSWER.load(Ordering::Relaxed);
    if answer == 0 {
        let Vectors { avx2, avx512f } = ask();
        answer = ASKED | u8::from(avx2) << 1 | u8::from(avx512f) << 2;
        ANSWER.store(answer, Ordering::Relaxed);
    }
    Vectors { avx2: answer & 2 != 0, avx512f: answer & 4 != 0 }
}

fn ask() -> Vectors {
    use core::arch::x86_64::{__cpuid, __cpuid_count, _xgetbv};

    const POPCNT: u32 = 1 << 23; // leaf 1, ecx
    const XSAVE_IN_USE: u32 = 1 << 27;
    const AVX: u32 = 1 << 28;
    const AVX2: u32 = 1 << 5; // leaf 7, ebx
    const AVX512F: u32 = 1 << 16;
    const YMM_SAVED: u64 = 0b110; // XCR0: the lower and the upper halves of 256 bits
    const ZMM_SAVED: u64 = 0b1110_0110; // those, the mask registers, and the rest of 512 bits

    #[target_feature(enable = "xsave")]
    fn saved() -> u64 {
        // SAFETY: the function has the feature that the instruction needs, and register 0 exists.
        #[allow(unused_unsafe)]
        unsafe {
            _xgetbv(0)
        }
    }

    // SAFETY: every x86-64 processor has cpuid, and leaf 0 says which leaves there are. (With newer
    // compilers the functions are safe.)
    #[allow(unused_unsafe)]
    let (highest, features, more) =
        unsafe { (__cpuid(0).eax, __cpuid(1).ecx, __cpuid_count(7, 0).ebx) };
    let needed = POPCNT | XSAVE_IN_USE | AVX;
    if highest < 7 || features & needed != needed {
        return Vectors { avx2: false, avx512f: false };
    }
    // SAFETY: XSAVE_IN_USE says that the processor has the instruction and the system allows it.
    let saved = unsafe { saved() };
    Vectors {
        avx2: more & AVX2 != 0 && saved & YMM_SAVED == YMM_SAVED,
        avx512f: more & AVX512F != 0 && saved & ZMM_SAVED == ZMM_SAVED,
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use super::*;

    #[test]
    fn the_standard_library_says_the_same() {
        let expected = Vectors {
            avx2: std::is_x86_feature_detected!("avx2"),
            avx512f: std::is_x86_feature_detected!("avx512f"),
        };
        assert_eq!((ask(), vectors(), vectors()), (expected, expected, expected));
    }
}
