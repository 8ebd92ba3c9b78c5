// The error function to 1.2e-7: erfcc of Numerical Recipes in C, second edition, 6.2.
fn error_function(x: f32) -> f32 {
    let z = abs(x);
    let t = 1.0 / (1.0 + 0.5 * z);
    let inner = 0.37409196 + t * (0.09678418 + t * (-0.18628806 + t * (0.27886807 + t * (-1.13520398
        + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))));
    let rest = t * exp(-z * z - 1.26551223 + t * (1.00002368 + t * inner));
    return sign(x) * (1.0 - rest);
}

fn gelu(x: f32) -> f32 {
    return 0.5 * x * (1.0 + error_function(x * 0.70710678));
}

fn sigmoid(x: f32) -> f32 {
    return 1.0 / (1.0 + exp(-x));
}

fn silu(x: f32) -> f32 {
    return x * sigmoid(x);
}

fn hard_swish(x: f32) -> f32 {
    return x * clamp(x / 6.0 + 0.5, 0.0, 1.0);
}

// Of large numbers some drivers make no number.
fn hyperbolic_tangent(x: f32) -> f32 {
    return tanh(clamp(x, -15.0, 15.0));
}

fn square(x: f32) -> f32 {
    return x * x;
}

// WGSL's own is undefined below zero, where even and odd whole powers still are something.
fn power(x: f32, exponent: f32) -> f32 {
    let size = pow(abs(x), exponent);
    let is_odd = exponent % 2.0 == 1.0 || exponent % 2.0 == -1.0;
    return select(size, -size, x < 0.0 && is_odd);
}

// Which workgroup of the dispatch this is, counted along rows of the grid.
fn group_number(group: vec3u) -> u32 {
    return group.y * GROUPS_ACROSS + group.x;
}
