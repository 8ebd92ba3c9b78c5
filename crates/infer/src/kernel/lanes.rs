//! Four numbers that are computed at once: a vector register in the browser, an array elsewhere, so
//! that the same loops are tested natively.

pub(super) use of_target::Lanes;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod of_target {
    use core::arch::wasm32 as simd;

    #[derive(Clone, Copy)]
    #[repr(transparent)]
    pub struct Lanes(simd::v128);

    impl Lanes {
        #[inline(always)]
        pub fn splat(value: f32) -> Self {
            Self(simd::f32x4_splat(value))
        }

        /// # Safety
        /// Four numbers can be read there.
        #[inline(always)]
        pub unsafe fn load(from: *const f32) -> Self {
            // SAFETY: the caller's; the instruction asks for no alignment.
            Self(unsafe { simd::v128_load(from.cast()) })
        }

        /// # Safety
        /// Four numbers can be written there.
        #[inline(always)]
        pub unsafe fn store(self, to: *mut f32) {
            // SAFETY: the caller's; the instruction asks for no alignment.
            unsafe { simd::v128_store(to.cast(), self.0) }
        }

        #[inline(always)]
        pub fn add(self, other: Self) -> Self {
            Self(simd::f32x4_add(self.0, other.0))
        }

        #[inline(always)]
        pub fn sub(self, other: Self) -> Self {
            Self(simd::f32x4_sub(self.0, other.0))
        }

        #[inline(always)]
        pub fn mul(self, other: Self) -> Self {
            Self(simd::f32x4_mul(self.0, other.0))
        }

        #[inline(always)]
        pub fn min(self, other: Self) -> Self {
            Self(simd::f32x4_min(self.0, other.0))
        }

        #[inline(always)]
        pub fn max(self, other: Self) -> Self {
            Self(simd::f32x4_max(self.0, other.0))
        }

        /// `self * factor + sum`, rounded once where the build may.
        #[inline(always)]
        pub fn mul_add(self, factor: Self, sum: Self) -> Self {
            #[cfg(target_feature = "relaxed-simd")]
            return Self(simd::f32x4_relaxed_madd(self.0, factor.0, sum.0));
            #[cfg(not(target_feature = "relaxed-simd"))]
            self.mul(factor).add(sum)
        }

        /// `self` where it is positive, `other` elsewhere.
        #[inline(always)]
        pub fn or_where_not_positive(self, other: Self) -> Self {
            let positive = simd::f32x4_gt(self.0, simd::f32x4_splat(0.0));
            Self(simd::v128_bitselect(self.0, other.0, positive))
        }

        /// Four rows as four columns.
        #[inline(always)]
        pub fn transposed([a, b, c, d]: [Self; 4]) -> [Self; 4] {
            use simd::i32x4_shuffle as shuffle;
            let low = shuffle::<0, 4, 1, 5>(a.0, b.0);
            let high = shuffle::<2, 6, 3, 7>(a.0, b.0);
            let next_low = shuffle::<0, 4, 1, 5>(c.0, d.0);
            let next_high = shuffle::<2, 6, 3, 7>(c.0, d.0);
            [
                Self(shuffle::<0, 1, 4, 5>(low, next_low)),
                Self(shuffle::<2, 3, 6, 7>(low, next_low)),
                Self(shuffle::<0, 1, 4, 5>(high, next_high)),
                Self(shuffle::<2, 3, 6, 7>(high, next_high)),
            ]
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod of_target {
    use std::array::from_fn;

    #[derive(Clone, Copy)]
    #[repr(transparent)]
    pub struct Lanes([f32; 4]);

    impl Lanes {
        pub fn splat(value: f32) -> Self {
            Self([value; 4])
        }

        /// # Safety
        /// Four numbers can be read there.
        pub unsafe fn load(from: *const f32) -> Self {
            // SAFETY: the caller's.
            Self(unsafe { from.cast::<[f32; 4]>().read_unaligned() })
        }

        /// # Safety
        /// Four numbers can be written there.
        pub unsafe fn store(self, to: *mut f32) {
            // SAFETY: the caller's.
            unsafe { to.cast::<[f32; 4]>().write_unaligned(self.0) }
        }

        pub fn add(self, other: Self) -> Self {
            self.with(other, |a, b| a + b)
        }

        pub fn sub(self, other: Self) -> Self {
            self.with(other, |a, b| a - b)
        }

        pub fn mul(self, other: Self) -> Self {
            self.with(other, |a, b| a * b)
        }

        pub fn min(self, other: Self) -> Self {
            self.with(other, f32::min)
        }

        pub fn max(self, other: Self) -> Self {
            self.with(other, f32::max)
        }

        pub fn mul_add(self, factor: Self, sum: Self) -> Self {
            self.mul(factor).add(sum)
        }

        pub fn or_where_not_positive(self, other: Self) -> Self {
            self.with(other, |a, b| if a > 0.0 { a } else { b })
        }

        pub fn transposed(rows: [Self; 4]) -> [Self; 4] {
            from_fn(|column| Self(from_fn(|row| rows[row].0[column])))
        }

        fn with(self, other: Self, how: impl Fn(f32, f32) -> f32) -> Self {
            Self(from_fn(|lane| how(self.0[lane], other.0[lane])))
        }
    }
}
