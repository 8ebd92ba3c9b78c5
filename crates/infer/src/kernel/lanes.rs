//! Four numbers that are computed at once: a vector register in the browser, an array elsewhere, so
//! that the same loops are tested natively.

pub(super) use of_target::Lanes;

impl Lanes {
    /// The four one by one.
    #[inline(always)]
    pub fn numbers(self) -> [f32; 4] {
        let mut numbers = [0.0; 4];
        self.put(&mut numbers);
        numbers
    }

    /// `x Φ(x)`, the Gaussian error linear unit, within 1e-6 of the larger of `x` and 1.
    ///
    /// The error function is a rational minimax approximation on ±4, beyond which it is ±1 to single
    /// precision (the one of Eigen's `generic_fast_erf_float`).
    #[inline(always)]
    pub fn gelu(self) -> Self {
        const NUMERATOR: [f32; 7] = [
            -2.726_142_3e-10,
            2.770_681_3e-8,
            -2.101_024e-6,
            -5.692_506_5e-5,
            -7.349_906_3e-4,
            -2.954_6e-3,
            -1.609_603_3e-2,
        ];
        const DENOMINATOR: [f32; 5] = [
            -1.456_607_2e-5,
            -2.133_740_6e-4,
            -1.682_827e-3,
            -7.373_329e-3,
            -1.426_473_9e-2,
        ];
        let scaled = self.mul(Self::splat(std::f32::consts::FRAC_1_SQRT_2));
        let t = scaled.max(Self::splat(-4.0)).min(Self::splat(4.0));
        let square = t.mul(t);
        let erf = t
            .mul(square.polynomial(NUMERATOR))
            .div(square.polynomial(DENOMINATOR));
        let half = self.mul(Self::splat(0.5));
        half.mul_add(erf, half)
    }

    /// The exponential of what is not positive, within a few units in the last place; of less than -87
    /// next to nothing.
    #[inline(always)]
    pub fn exp(self) -> Self {
        const COEFFICIENTS: [f32; 6] = [
            8.297_654e-3,
            4.191_538e-2,
            1.666_757_5e-1,
            4.999_889_5e-1,
            9.999_997e-1,
            1.000_000_1,
        ];
        // So large that only whole numbers are left, the lowest of whose bits are the exponent's.
        const WHOLE: f32 = 12_582_912.0 + 127.0;
        let x = self.max(Self::splat(-87.0));
        let shifted = x.mul_add(Self::splat(std::f32::consts::LOG2_E), Self::splat(WHOLE));
        let power = shifted.sub(Self::splat(WHOLE));
        let rest = power.mul_add(Self::splat(-0.693_145_75), x);
        let rest = power.mul_add(Self::splat(-1.428_606_8e-6), rest);
        rest.polynomial(COEFFICIENTS).mul(shifted.into_exponent())
    }

    /// By Horner's rule, the highest coefficient first.
    #[inline(always)]
    fn polynomial<const N: usize>(self, coefficients: [f32; N]) -> Self {
        let first = Self::splat(coefficients[0]);
        let others = &coefficients[1..];
        others
            .iter()
            .fold(first, |sum, next| sum.mul_add(self, Self::splat(*next)))
    }
}

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
        pub fn of(numbers: &[f32; 4]) -> Self {
            // SAFETY: there are four.
            unsafe { Self::load(numbers.as_ptr()) }
        }

        #[inline(always)]
        pub fn put(self, numbers: &mut [f32; 4]) {
            // SAFETY: there are four.
            unsafe { self.store(numbers.as_mut_ptr()) }
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
        pub fn div(self, other: Self) -> Self {
            Self(simd::f32x4_div(self.0, other.0))
        }

        /// The lowest bits of each as those of an exponent.
        #[inline(always)]
        pub fn into_exponent(self) -> Self {
            Self(simd::i32x4_shl(self.0, 23))
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

        pub fn of(numbers: &[f32; 4]) -> Self {
            Self(*numbers)
        }

        pub fn put(self, numbers: &mut [f32; 4]) {
            *numbers = self.0;
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

        pub fn div(self, other: Self) -> Self {
            self.with(other, |a, b| a / b)
        }

        pub fn into_exponent(self) -> Self {
            Self(self.0.map(|a| f32::from_bits(a.to_bits() << 23)))
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
