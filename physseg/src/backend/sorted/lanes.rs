//! The comparisons themselves, for keys of 32 and of 64 bits.
#![allow(unsafe_code)]
#![allow(clippy::inline_always)] // a function with vector instructions must be part of one that has them
#![allow(clippy::cast_possible_wrap)] // the same bits, as the instructions want them
#![allow(clippy::cast_possible_truncation)] // a count is 16 at most

#[cfg(target_arch = "aarch64")]
use core::arch::aarch64::{
    vaddq_u32, vaddq_u64, vaddvq_u32, vaddvq_u64, vcleq_u32, vcleq_u64, vdupq_n_u32, vdupq_n_u64,
    vld1q_u32, vld1q_u64,
};
#[cfg(target_arch = "x86_64")]
use core::arch::x86_64::{
    __m256i, __m512i, _mm256_castsi256_pd, _mm256_cmpeq_epi32, _mm256_cmpgt_epi64,
    _mm256_loadu_si256, _mm256_max_epu32, _mm256_movemask_epi8, _mm256_movemask_pd,
    _mm256_packs_epi32, _mm256_set1_epi32, _mm256_set1_epi64x, _mm256_xor_si256,
    _mm512_cmple_epu32_mask, _mm512_cmple_epu64_mask, _mm512_loadu_si512, _mm512_set1_epi32,
    _mm512_set1_epi64,
};

use super::kernel::Lanes;
use super::key::Node;

impl Lanes for u32 {
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    unsafe fn count_avx2(node: &Node<Self>, key: Self) -> usize {
        let keys: *const __m256i = node.0.as_ptr().cast();
        // SAFETY: the caller has the features; both halves of the node are loaded, no more.
        unsafe {
            let key = _mm256_set1_epi32(key as i32);
            // There is no unsigned comparison: a key is not above another that is their maximum.
            let half = |at| {
                _mm256_cmpeq_epi32(_mm256_max_epu32(_mm256_loadu_si256(keys.add(at)), key), key)
            };
            let both = _mm256_packs_epi32(half(0), half(1));
            (_mm256_movemask_epi8(both).count_ones() / 2) as usize
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    unsafe fn count_avx512(node: &Node<Self>, key: Self) -> usize {
        let keys: *const __m512i = node.0.as_ptr().cast();
        // SAFETY: the caller has the features; the node is what is loaded.
        unsafe {
            let mask =
                _mm512_cmple_epu32_mask(_mm512_loadu_si512(keys), _mm512_set1_epi32(key as i32));
            mask.count_ones() as usize
        }
    }

    #[cfg(target_arch = "aarch64")]
    #[inline(always)]
    unsafe fn count_neon(node: &Node<Self>, key: Self) -> usize {
        // SAFETY: the caller has the feature; four quarters of the node are loaded, no more.
        unsafe {
            let key = vdupq_n_u32(key);
            let quarter = |at: usize| vcleq_u32(vld1q_u32(node.0.as_ptr().add(4 * at)), key);
            let all =
                vaddq_u32(vaddq_u32(quarter(0), quarter(1)), vaddq_u32(quarter(2), quarter(3)));
            // Every hit is a -1.
            vaddvq_u32(all).wrapping_neg() as usize
        }
    }
}

impl Lanes for u64 {
    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    unsafe fn count_avx2(node: &Node<Self>, key: Self) -> usize {
        let keys: *const __m256i = node.0.as_ptr().cast();
        // SAFETY: the caller has the features; four quarters of the node are loaded, no more.
        unsafe {
            // There is neither an unsigned comparison nor a maximum: with the highest bit the other
            // way round the order is that of signed numbers.
            let flip = _mm256_set1_epi64x(i64::MIN);
            let key = _mm256_xor_si256(_mm256_set1_epi64x(key as i64), flip);
            let above = |at| {
                let quarter = _mm256_xor_si256(_mm256_loadu_si256(keys.add(at)), flip);
                _mm256_cmpgt_epi64(quarter, key)
            };
            let mask = |at| _mm256_movemask_pd(_mm256_castsi256_pd(above(at)));
            let masks = mask(0) | mask(1) << 4 | mask(2) << 8 | mask(3) << 12;
            16 - masks.count_ones() as usize
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    unsafe fn count_avx512(node: &Node<Self>, key: Self) -> usize {
        let keys: *const __m512i = node.0.as_ptr().cast();
        // SAFETY: the caller has the features; both halves of the node are loaded, no more.
        unsafe {
            let key = _mm512_set1_epi64(key as i64);
            let mask =
                |at| u32::from(_mm512_cmple_epu64_mask(_mm512_loadu_si512(keys.add(at)), key));
            (mask(0) | mask(1) << 8).count_ones() as usize
        }
    }

    #[cfg(target_arch = "aarch64")]
    #[inline(always)]
    unsafe fn count_neon(node: &Node<Self>, key: Self) -> usize {
        // SAFETY: the caller has the feature; eight pairs of keys are loaded, no more.
        unsafe {
            let key = vdupq_n_u64(key);
            let pair = |at: usize| vcleq_u64(vld1q_u64(node.0.as_ptr().add(2 * at)), key);
            let four = |at| {
                vaddq_u64(vaddq_u64(pair(at), pair(at + 1)), vaddq_u64(pair(at + 2), pair(at + 3)))
            };
            // Every hit is a -1.
            vaddvq_u64(vaddq_u64(four(0), four(4))).wrapping_neg() as usize
        }
    }
}
