## Curves, profiles, histograms

action-view-plots = Curve, profile and histogram
action-curve-export = Export curves…
dialog-save-curve = Export the time–activity curves
plots-curve = Curve
plots-profile = Profile
plots-histogram = Histogram
plots-close = Close the plots
plots-export = CSV…
plots-select-region = Select a region to see its plots

curve-name = Time–activity curve of { $name }
curve-ratio-name = Ratio of { $name } to its twin over time
curve-hint = Click a point to show its frame; drag over the curve to add up frames
curve-seconds = Seconds since the first frame
curve-frames = Frame
curve-rate = Counts per second
curve-total = Counts
curve-mean = Mean, { $unit }
curve-ratio = Region / twin
curve-per-second = /s
curve-frame-time = Frame { $number }, { $from }–{ $to } s: { $value }
curve-frame = Frame { $number }: { $value }
curve-frames-time = Frames { $first }–{ $last }, { $from }–{ $to } s: { $value }
curve-frames-added = Frames { $first }–{ $last }: { $value }
curve-twin-value = twin { $value }
curve-ratio-value = ratio { $value }
curve-none-frame = The image of this region is not in the study
curve-none-one = The region’s view has only one frame: a curve needs a dynamic series

profile-along = Profile along
profile-rows = Left and right, rows of the region
profile-ruler = Ruler { $number }
profile-arrow = Arrow { $number }
profile-width = Width
profile-pixels = {" "}px
profile-select = Select a region for left against right, or draw a ruler
profile-line-name = Profile along the line
profile-line-hint = Values along the line, averaged over its width
profile-mirrored-name = Left and right of the midline at { $name }
profile-mirrored-hint = Mean of rows { $first } to { $last } at equal distances left and right of the midline; the shaded band is the region
profile-mm = Distance along the line, mm
profile-in-pixels = Distance along the line, pixels
profile-from-midline-mm = Distance from the midline, mm
profile-from-midline-pixels = Distance from the midline, pixels
profile-at-mm = { $distance } mm
profile-at-pixels = { $distance } pixels
profile-value = Value, { $unit }
profile-side = Patient’s { $side }
profile-smaller-columns = Smaller columns (side not known)
profile-larger-columns = Larger columns (side not known)
profile-none-length = The line has no length
profile-none-outside = The line lies outside the image
profile-none-midline = The view has no midline, so left and right cannot be compared

histogram-name = Histogram of { $name }
histogram-pixels = Pixels
histogram-hint = Pixel values of the region and its twin in bins of { $width } { $unit }
histogram-bin = { $range } { $unit }: { $region } pixels, twin { $twin }
histogram-empty = No pixel centre lies inside the region

## Conjugate views

action-roi-copy_conjugate = Copy to the opposite view
action-roi-copy_to_phases = Copy to flow, pool and delayed
action-view-crosshair = Crosshair in both views
readout-conjugate = { $view } { $value } { $unit }
readout-geometric-mean = geometric mean { $value }
pair-with = With { $name }, { $view }
pair-mean = Geometric mean
pair-mean-about = Square root of the product of the two sums, and its 95 % interval: it hardly depends on how deep the lesion lies
pair-rate-about = The geometric mean over the two frames’ durations
pair-twin-ratio = Ratio, both views
pair-twin-ratio-about = Geometric mean of the two views’ ratios to their twins: it hardly depends on depth
pair-ratio = Anterior / posterior
pair-ratio-about = Mean in front over mean behind: the larger, the nearer to the front the lesion lies
