// One frame as a picture. The same steps, in the same arithmetic, as `picture::paint`: whole
// numbers to find the place, exact products to sample, comparisons to find the colour.

struct Layer {
    // `Placement::words`: a, b, c and their fine parts.
    column: vec4<i32>,
    column_fine: vec4<i32>,
    row: vec4<i32>,
    row_fine: vec4<i32>,
    // First column and row to paint, and their ends.
    bounds: vec4<i32>,
    // Columns, rows, 0 nearest 1 bilinear 2 bicubic 3 Lanczos, row of the colour table.
    frame: vec4<i32>,
    // Sign of the steps, stored value of a raw 0, 1 where the target encodes sRGB itself.
    value: vec4<f32>,
    // `Steps::values`; the last of 256 is unused.
    steps: array<vec4<f32>, 64>,
}

@group(0) @binding(0) var<uniform> layer: Layer;
@group(0) @binding(1) var frame: texture_2d<u32>;
@group(0) @binding(2) var tables: texture_2d<f32>;
// `picture::lanczos`: for each 256th of a pixel the four inner weights, then the two outer ones.
@group(0) @binding(3) var<uniform> lanczos: array<vec4<i32>, 512>;

@vertex
fn corner(@builtin(vertex_index) index: u32) -> @builtin(position) vec4<f32> {
    // One triangle that covers the viewport.
    let x = f32((index << 1u) & 2u);
    let y = f32(index & 2u);
    return vec4<f32>(2.0 * x - 1.0, 1.0 - 2.0 * y, 0.0, 1.0);
}

fn along(coarse: vec4<i32>, fine: vec4<i32>, at: vec2<i32>) -> i32 {
    return coarse.x * at.x + coarse.y * at.y + coarse.z
        + ((fine.x * at.x + fine.y * at.y + fine.z) >> 14u);
}

fn stored(column: i32, row: i32) -> f32 {
    return f32(textureLoad(frame, vec2<i32>(column, row), 0).r) + layer.value.y;
}

fn rounded(twice: u32) -> i32 {
    return i32((twice + 524288u) >> 20u);
}

// The four pixels around a place, and the two beyond them that only Lanczos asks.
struct Taps {
    inner: vec4<f32>,
    outer: vec2<f32>,
}

fn taps(fraction: i32) -> Taps {
    var taps: Taps;
    taps.outer = vec2<f32>(0.0);
    if (layer.frame.z == 3) {
        let phase = 2 * (fraction >> 4u);
        taps.inner = vec4<f32>(lanczos[phase]);
        taps.outer = vec2<f32>(lanczos[phase + 1].xy);
    } else if (layer.frame.z == 2) {
        taps.inner = cubic(fraction);
    } else {
        let second = (fraction + 1) >> 1u;
        taps.inner = vec4<f32>(vec4<i32>(0, 2048 - second, second, 0));
    }
    return taps;
}

fn cubic(fraction: i32) -> vec4<f32> {
    let t = u32(fraction) >> 2u;
    let s = 1024u - t;
    let first = -rounded(t * s * s);
    let last = -rounded(t * t * s);
    let third = rounded(t * (1048576u + 4096u * t - 3u * t * t));
    return vec4<f32>(vec4<i32>(first, 2048 - first - third - last, third, last));
}

fn sum(v: vec4<f32>, w: vec4<f32>) -> f32 {
    return (v.x * w.x + v.y * w.y) + (v.z * w.z + v.w * w.w);
}

fn upper_bits(v: vec4<f32>) -> vec4<f32> {
    return bitcast<vec4<f32>>(bitcast<vec4<u32>>(v) & vec4<u32>(0xfffff000u));
}

fn weighted(v: vec4<f32>, w: vec4<f32>) -> f32 {
    let high = upper_bits(v);
    let low = v - high;
    return (sum(high, w) + sum(low, w)) * (1.0 / 2048.0);
}

fn wide_sum(v: vec4<f32>, o: vec2<f32>, t: Taps) -> f32 {
    return sum(v, t.inner) + (o.x * t.outer.x + o.y * t.outer.y);
}

fn weighted_wide(v: vec4<f32>, o: vec2<f32>, t: Taps) -> f32 {
    let high = upper_bits(v);
    let low = v - high;
    let outer_high = upper_bits(vec4<f32>(o, 0.0, 0.0)).xy;
    let outer_low = o - outer_high;
    return (wide_sum(high, outer_high, t) + wide_sum(low, outer_low, t)) * (1.0 / 2048.0);
}

fn within(column: i32) -> i32 {
    return clamp(column, 0, layer.frame.x - 1);
}

fn line(column: i32, row: i32, t: Taps) -> f32 {
    let r = clamp(row, 0, layer.frame.y - 1);
    let v = vec4<f32>(
        stored(within(column - 1), r), stored(within(column), r),
        stored(within(column + 1), r), stored(within(column + 2), r));
    if (layer.frame.z != 3) {
        return weighted(v, t.inner);
    }
    let o = vec2<f32>(stored(within(column - 2), r), stored(within(column + 3), r));
    return weighted_wide(v, o, t);
}

fn between(place: vec2<i32>) -> f32 {
    let base = place >> vec2<u32>(12u);
    let across = taps(place.x & 4095);
    let down = taps(place.y & 4095);
    let v = vec4<f32>(
        line(base.x, base.y - 1, across),
        line(base.x, base.y, across),
        line(base.x, base.y + 1, across),
        line(base.x, base.y + 2, across));
    if (layer.frame.z != 3) {
        return weighted(v, down.inner);
    }
    let o = vec2<f32>(line(base.x, base.y - 2, across), line(base.x, base.y + 3, across));
    return weighted_wide(v, o, down);
}

// How many of the 255 steps the value has reached.
fn index_of(value: f32) -> i32 {
    let u = layer.value.x * value;
    var reached = 0u;
    for (var half = 128u; half > 0u; half = half >> 1u) {
        let step = reached + half - 1u;
        if (layer.steps[step >> 2u][step & 3u] <= u) {
            reached = reached + half;
        }
    }
    return i32(reached);
}

fn linear(c: vec3<f32>) -> vec3<f32> {
    let dark = c / 12.92;
    let light = pow((c + vec3<f32>(0.055)) / 1.055, vec3<f32>(2.4));
    return select(light, dark, c <= vec3<f32>(0.04045));
}

@fragment
fn color(@builtin(position) position: vec4<f32>) -> @location(0) vec4<f32> {
    let at = vec2<i32>(position.xy);
    if (any(at < layer.bounds.xy) || any(at >= layer.bounds.zw)) {
        discard;
    }
    let place = vec2<i32>(
        along(layer.column, layer.column_fine, at), along(layer.row, layer.row_fine, at));
    let nearest = (place + vec2<i32>(2048)) >> vec2<u32>(12u);
    if (any(nearest < vec2<i32>(0)) || any(nearest >= layer.frame.xy)) {
        discard;
    }
    var value: f32;
    if (layer.frame.z == 0) {
        value = stored(nearest.x, nearest.y);
    } else {
        value = between(place);
    }
    let shown = textureLoad(tables, vec2<i32>(index_of(value), layer.frame.w), 0).rgb;
    return vec4<f32>(select(shown, linear(shown), layer.value.z == 1.0), 1.0);
}
